import { createHash } from "node:crypto";
import type { Budget } from "../../input/source/budget.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { shortList } from "../../values/text/counted.ts";
import { escapeForMessage, quoted } from "../../values/text/quoted.ts";
import { digest, type GivenFile } from "../files/given-files.ts";
import type { ImportedExport, ImportNote, ReadFile } from "../files/imported.ts";
import { type LeftOut, tableOfCsv, tablesOfWorkbook } from "./find-tables.ts";
import { importRvtools, type RvtoolsImport } from "./import-rvtools.ts";
import type { TabSummary } from "./tab-reader.ts";
import type { Table } from "../content/tables.ts";
import { openWorkbook } from "../spreadsheet/workbook.ts";
import { ZipProblem } from "../spreadsheet/zip-archive.ts";

/** An inventory for each server in an RVTools workbook. Throws PreflightError. */
export async function readWorkbook({ displayPath: path, source }: GivenFile, budget: Budget): Promise<ImportedExport> {
  const sha256 = await digest(source);
  try {
    const workbook = await openWorkbook(source);
    const { tables, leftOut } = await tablesOfWorkbook(workbook, path);
    const found = await importRvtools(tables, workbook.createdAt, budget);
    return result(path, [{ path, sha256 }], found, leftOut);
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    const message = `${path} cannot be read as an Excel workbook: ${error.message}.`;
    throw new PreflightError("unreadable-workbook", message, null, "export it again from RVTools");
  }
}

/** The same for the CSV files of one export. `path` is the source of the inventory in messages. */
export async function readCsvFiles(files: readonly GivenFile[], path: string, budget: Budget): Promise<ImportedExport> {
  const tables: Table[] = [];
  const leftOut: LeftOut[] = [];
  const read: ReadFile[] = [];
  for (const { displayPath: name, source } of files) {
    const table = await tableOfCsv(source, name);
    if (!("tab" in table)) leftOut.push(table);
    else {
      tables.push(table);
      read.push({ path: name, sha256: await digest(source) });
    }
  }
  if (tables.length === 0) {
    const found = leftOut.map(({ name, reason }) => `${name}${reason === null ? "" : ` (${reason})`}`);
    const message = `${path} contains no RVTools tab for an inventory: ${shortList(found)}.`;
    throw new PreflightError("not-rvtools", message, null, "give the folder with all RVTools_tab*.csv files");
  }
  return result(path, read, await importRvtools(tables, null, budget), leftOut);
}

function result(
  path: string,
  files: readonly ReadFile[],
  found: RvtoolsImport,
  leftOut: readonly LeftOut[],
): ImportedExport {
  const sha256 = files.length === 1 ? (files[0]?.sha256 ?? "") : digestOfAll(files);
  return {
    files,
    inventories: found.inventories.map(({ inventory, origins }) => ({
      path,
      sha256,
      value: inventory,
      locate: (at) => origins.locate(inventory, at),
    })),
    notes: [note(path, found, leftOut)],
  };
}

function digestOfAll(files: readonly ReadFile[]): string {
  const hash = createHash("sha256");
  for (const { sha256 } of files) hash.update(sha256);
  return hash.digest("hex");
}

function note(
  path: string,
  { inventories, tabs, missingTabs, withoutServer }: RvtoolsImport,
  leftOut: readonly LeftOut[],
): ImportNote {
  const otherTabs = leftOut.flatMap(({ name, reason }) =>
    reason === null ? [] : [`${escapeForMessage(name)} (${reason})`],
  );
  const servers = inventories.flatMap(({ inventory }) => inventory.vcenter?.address ?? []);
  return {
    title: `RVTools export ${path}`,
    lines: [
      ...(servers.length > 0 ? [`server: ${servers.map(escapeForMessage).join(", ")}`] : []),
      ...tabs.map(tabLine),
      ...tabs.flatMap(unreadableLines),
      ...inventories.flatMap(({ inventory }) =>
        Object.entries(inventory.incomplete ?? {}).map(
          ([list, reason]) => `incomplete: ${escapeForMessage(list)}: ${escapeForMessage(reason)}`,
        ),
      ),
      ...unknownColumns(tabs),
      ...(tabs.some(({ isDatabaseDialect }) => isDatabaseDialect)
        ? ["the columns have the names of -DBColumnNames, not all of which are known; export again without that switch"]
        : []),
      ...(missingTabs.length > 0 ? [`missing tabs, whose values remain unknown: ${missingTabs.join(", ")}`] : []),
      ...(otherTabs.length > 0 ? [`not read because RVTools has no such tab: ${otherTabs.join("; ")}`] : []),
      ...(withoutServer > 0 ? [`${rows(withoutServer)} skipped that do not contain their vCenter`] : []),
    ],
  };
}

/** `vInfo: 1,204 rows, 1 without a name skipped` */
function tabLine({ tab, rows: count, skipped, unnamed, problem, titles }: TabSummary): string {
  if (problem !== null) {
    const found = titles.filter((title) => title !== "").map((title) => quoted(title));
    return `${tab}: not read, as ${problem}${found.length === 0 ? "" : `; its columns are ${shortList(found)}`}`;
  }
  const totals = skipped === 0 ? "" : `, ${skipped} without a name skipped`;
  return `${tab}: ${rows(count)}${totals}${unnamed === 0 ? "" : `, ${unnamed} that cannot be identified`}`;
}

/** `vHost: HT Active "WAHR" (vHost!K2): neither True nor False (2 cells)` */
function unreadableLines({ tab, unreadable }: TabSummary): readonly string[] {
  return unreadable.map(
    ({ column, sample, cell, why, count }) =>
      `${tab}: ${escapeForMessage(column)} "${sample}" (${cell}): ${why} (${count === 1 ? "1 cell" : `${count} cells`})`,
  );
}

const MOST_COLUMNS = 10;

/** Custom attributes are in every tab about VMs, and are listed once. */
function unknownColumns(tabs: readonly TabSummary[]): readonly string[] {
  const columns = new Map<string, string[]>();
  for (const { tab, unknownColumns: names } of tabs) {
    for (const name of names) columns.set(name, [...(columns.get(name) ?? []), tab]);
  }
  const named = [...columns]
    .slice(0, MOST_COLUMNS)
    .map(([name, where]) => `${escapeForMessage(name)} (${where.join(", ")})`);
  const more = columns.size - named.length;
  if (columns.size === 0) return [];
  return [`unknown columns, not read: ${named.join("; ")}${more > 0 ? ` and ${more} more` : ""}`];
}

function rows(count: number): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? "row" : "rows"}`;
}
