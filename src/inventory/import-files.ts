import { Budget } from "../input/source/budget.ts";
import { fileInputs, merge, onlyErrors, type Read, type RunInputs } from "../input/source/run-inputs.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { shortList } from "../values/text/counted.ts";
import { quoted } from "../values/text/quoted.ts";
import { HEAD_BYTES } from "./content/content-kind.ts";
import { closeAll, type GivenFile, openGiven } from "./files/given-files.ts";
import type { ImportContext, Imported, ImportedExport, ReadFile } from "./files/imported.ts";

/**
 * Creates inventories from exports of other programs, detected from their content: RVTools workbooks, RVTools CSV
 * files, output of `govc`. Each workbook is a separate export; the CSV files of one folder form one export, as do its
 * govc files, and those given without a folder. User errors are returned.
 */
export async function importFiles(paths: readonly string[], context: ImportContext): Promise<Read<Imported>> {
  let files: readonly GivenFile[] = [];
  try {
    files = await openGiven(paths, context);
    const own = files.find(({ kind, folder }) => isForeign(kind) && folder === null);
    if (own !== undefined) throw await notAnExport(own);
    const parts: ImportedExport[] = [];
    const refused: PreflightError[] = [];
    const budget = context.budget ?? new Budget();
    for (const group of exportsOf(files)) {
      const read = await readExport(group, budget).catch((error: unknown) => {
        // Among other files of a folder, one that is not an export is listed and skipped.
        if (!(error instanceof PreflightError) || !REFUSALS.has(error.code) || !isInFolder(group)) throw error;
        refused.push(error);
        return null;
      });
      if (read !== null) parts.push(read);
    }
    const inventories = parts.flatMap((part) => part.inventories);
    if (inventories.length === 0) throw refused[0] ?? (await nothingFound(paths, files));
    parts.push(await leftOut(files, refused));
    return {
      value: { inventories, notes: parts.flatMap((part) => part.notes) },
      inputs: merge(...parts.flatMap((part) => part.files).map((file) => readInputs(file, context.cwd))),
    };
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error;
    return { value: { inventories: [], notes: [] }, inputs: onlyErrors([error]) };
  } finally {
    await closeAll(files);
  }
}

function readInputs({ path, sha256 }: ReadFile, cwd: string): RunInputs {
  return fileInputs({ kind: "inventory", path, given: path, cwd, sha256, text: "", errors: [] });
}

/** Files that form one export. */
interface Export {
  readonly kind: "workbook" | "old-workbook" | "csv" | "govc";
  readonly files: readonly [GivenFile, ...GivenFile[]];
}

/** Codes of errors for a file that is not an export at all, rather than a broken one. */
const REFUSALS: ReadonlySet<string> = new Set(["not-rvtools", "not-govc", "old-workbook"]);

function isInFolder({ files: [first] }: Export): boolean {
  return first.folder !== null;
}

function isForeign(kind: GivenFile["kind"] | "govc"): kind is "document" | "other-csv" {
  return kind === "document" || kind === "other-csv";
}

function exportsOf(files: readonly GivenFile[]): readonly Export[] {
  const groups = new Map<string, { readonly kind: Export["kind"]; readonly files: [GivenFile, ...GivenFile[]] }>();
  for (const file of files) {
    const kind = exportKind(file);
    if (isForeign(kind)) continue;
    const isAlone = kind === "workbook" || kind === "old-workbook";
    const key = JSON.stringify([kind, isAlone ? file.displayPath : file.folder]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, files: [file] });
    else group.files.push(file);
  }
  return [...groups.values()];
}

/** Kinds read as managed objects: all such files of one folder belong to one server. */
const GOVC_KINDS: ReadonlySet<GivenFile["kind"]> = new Set(["govc-json", "govc-xml", "govc-dates", "powercli-csv"]);

function exportKind({ kind }: GivenFile): Export["kind"] | "document" | "other-csv" {
  return GOVC_KINDS.has(kind) ? "govc" : (kind as Exclude<Export["kind"], "govc"> | "document" | "other-csv");
}

async function readExport({ kind, files }: Export, budget: Budget): Promise<ImportedExport> {
  const [first] = files;
  const path = first.folder ?? first.displayPath;
  switch (kind) {
    case "workbook":
      return (await import("./rvtools/read-exports.ts")).readWorkbook(first, budget);
    case "csv":
      return (await import("./rvtools/read-exports.ts")).readCsvFiles(files, path, budget);
    case "govc":
      return (await import("./govc/read-export.ts")).readGovcFiles(files, path);
    case "old-workbook": {
      const message = `${first.displayPath} is an Excel 97–2003 workbook (.xls) or password-protected.`;
      throw new PreflightError("old-workbook", message, null, "save it as .xlsx without password");
    }
  }
}

/** Files of a folder that are not part of an export. */
async function leftOut(files: readonly GivenFile[], refused: readonly PreflightError[]): Promise<ImportedExport> {
  const empty = files.filter(({ kind, source }) => kind === "document" && source.size === 0);
  const others = files.filter(({ kind, source }) => isForeign(kind) && source.size > 0);
  const named: string[] = [];
  for (const file of others) {
    const columns = await columnsOf(file);
    named.push(columns === null ? file.displayPath : `${file.displayPath} (its columns are ${columns})`);
  }
  const lines = [
    ["empty; the command that creates it may have failed", empty.map(({ displayPath }) => displayPath)],
    ["not read: not an export of RVTools, govc, PowerCLI or vSphere", named],
  ] as const;
  const all = lines.flatMap(([why, shown]) => (shown.length === 0 ? [] : [`${why}: ${shown.join(", ")}`]));
  const notes = [...all, ...refused.map(({ message }) => `not read: ${message.replace(/\.$/, "")}`)];
  return { files: [], inventories: [], notes: notes.length === 0 ? [] : [{ title: "Other files", lines: notes }] };
}

/** The first columns of a table that no importer supports, for messages; null for other files. */
async function columnsOf({ kind, source }: GivenFile): Promise<string | null> {
  if (kind !== "other-csv") return null;
  const { csvText, firstRows } = await import("./spreadsheet/csv.ts");
  const [header = []] = firstRows(csvText(await source.read(0, HEAD_BYTES)));
  return shortList(header.filter((title) => title !== "").map(quoted));
}

async function nothingFound(paths: readonly string[], files: readonly GivenFile[]): Promise<PreflightError> {
  const [first] = files;
  const path = first?.folder ?? paths[0] ?? "";
  if (files.length === 0) return new PreflightError("not-an-export", `${path} has no files.`, null, ACCEPTED);
  const named: string[] = [];
  for (const file of files) {
    const columns = await columnsOf(file);
    named.push(columns === null ? file.displayPath : `${file.displayPath} (columns ${columns})`);
  }
  const message = `${path} contains no readable export: ${shortList(named)}.`;
  return new PreflightError("not-an-export", message, null, ACCEPTED);
}

const ACCEPTED =
  "give an RVTools workbook, a folder of its CSV files, output of govc collect -json or -xml, or output of PowerCLI";

async function notAnExport(file: GivenFile): Promise<PreflightError> {
  const { displayPath: path, source } = file;
  const columns = await columnsOf(file);
  if (columns !== null) {
    const message = `${path} is a CSV file, but not a tab of RVTools: its columns are ${columns}.`;
    const hint =
      "tabs are recognized by RVTools' columns, such as VM and Powerstate (vInfo) or Host and ESX Version (vHost)";
    return new PreflightError("not-an-export", message, null, hint);
  }
  const message =
    source.size === 0 ? `${path} is empty.` : `${path} contains neither an RVTools export nor output of govc.`;
  return new PreflightError("not-an-export", message, null, ACCEPTED);
}
