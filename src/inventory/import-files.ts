import { fileInputs, merge, onlyErrors, type Read, type RunInputs } from "../input/source/run-inputs.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { closeAll, type GivenFile, openGiven } from "./files/given-files.ts";
import type { ImportContext, Imported, ImportedExport, ReadFile } from "./files/imported.ts";

/**
 * Makes inventories of exports of other programs, told by their content: RVTools workbooks, RVTools CSV files, output of
 * `govc`. Each workbook is an export of its own; so are the CSV files, and the govc files, of one folder, and those that
 * are given without one. What a user can cause comes back as errors.
 */
export async function importFiles(paths: readonly string[], context: ImportContext): Promise<Read<Imported>> {
  let files: readonly GivenFile[] = [];
  try {
    files = await openGiven(paths, context);
    const own = files.find(({ kind, folder }) => kind === "document" && folder === null);
    if (own !== undefined) throw notAnExport(own.displayPath, own.source.size === 0);
    const parts: ImportedExport[] = [];
    for (const group of exportsOf(files)) parts.push(await readExport(group));
    parts.push(leftOut(files));
    const inventories = parts.flatMap((part) => part.inventories);
    if (inventories.length === 0) throw nothingFound(paths, files);
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

/** Files that make one export. */
interface Export {
  readonly kind: "workbook" | "old-workbook" | "csv" | "govc";
  readonly files: readonly [GivenFile, ...GivenFile[]];
}

function exportsOf(files: readonly GivenFile[]): readonly Export[] {
  const groups = new Map<string, { readonly kind: Export["kind"]; readonly files: [GivenFile, ...GivenFile[]] }>();
  for (const file of files) {
    const kind = exportKind(file);
    if (kind === "document") continue;
    const isAlone = kind === "workbook" || kind === "old-workbook";
    const key = JSON.stringify([kind, isAlone ? file.displayPath : file.folder]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, files: [file] });
    else group.files.push(file);
  }
  return [...groups.values()];
}

function exportKind({ kind }: GivenFile): Export["kind"] | "document" {
  return kind === "govc-json" || kind === "govc-xml" || kind === "govc-dates" ? "govc" : kind;
}

async function readExport({ kind, files }: Export): Promise<ImportedExport> {
  const [first] = files;
  const path = first.folder ?? first.displayPath;
  switch (kind) {
    case "workbook":
      return (await import("./rvtools/read-exports.ts")).readWorkbook(first);
    case "csv":
      return (await import("./rvtools/read-exports.ts")).readCsvFiles(files, path);
    case "govc":
      return (await import("./govc/read-export.ts")).readGovcFiles(files, path);
    case "old-workbook": {
      const message = `${first.displayPath} is protected by a password, or a workbook in Excel's old format (.xls).`;
      throw new PreflightError("unreadable-workbook", message, null, "save it as .xlsx without a password");
    }
  }
}

/** Files of a folder that are none of ours. */
function leftOut(files: readonly GivenFile[]): ImportedExport {
  const others = files.filter(({ kind }) => kind === "document");
  const names = (isEmpty: boolean) =>
    others.filter(({ source }) => (source.size === 0) === isEmpty).map(({ displayPath }) => displayPath);
  const lines = [
    ["empty, perhaps because the command that was to fill it failed", names(true)] as const,
    ["not read, as neither RVTools nor govc wrote it", names(false)] as const,
  ].flatMap(([why, shown]) => (shown.length === 0 ? [] : [`${why}: ${shown.join(", ")}`]));
  return { files: [], inventories: [], notes: lines.length === 0 ? [] : [{ title: "Other files", lines }] };
}

function nothingFound(paths: readonly string[], files: readonly GivenFile[]): PreflightError {
  const [first] = files;
  return notAnExport(first?.folder ?? first?.displayPath ?? paths[0] ?? "", false);
}

function notAnExport(path: string, isEmpty: boolean): PreflightError {
  const message = isEmpty ? `${path} is empty.` : `${path} holds neither an RVTools export nor output of govc.`;
  const hint = "give an RVTools workbook, a folder of its CSV files, or what govc collect -json or -xml prints";
  return new PreflightError("not-an-export", message, null, hint);
}
