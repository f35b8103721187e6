import { PreflightError } from "../../values/preflight-error.ts";
import { shortList } from "../../values/text/counted.ts";
import { escapeForMessage, quoted } from "../../values/text/quoted.ts";
import type { ByteSource } from "../spreadsheet/byte-source.ts";
import { text } from "./cells.ts";
import { csvRows, csvText, firstRows, MOST_TITLE_ROWS } from "../spreadsheet/csv.ts";
import { isRvtoolsHeader, tabBySignature } from "../content/signatures.ts";
import { type Tab, type Table, tabNamed } from "../content/tables.ts";
import type { Workbook } from "../spreadsheet/workbook.ts";

/** A sheet or file that is not read, and the reason. */
export interface LeftOut {
  readonly name: string;
  /** In a few words; null for one of RVTools' own tabs without data for an inventory. */
  readonly reason: string | null;
}

/** A possible tab in a sheet or file. */
interface Candidate {
  readonly name: string;
  readonly tab: Tab | "unread" | null;
  readonly isExact: boolean;
  readonly titles: readonly string[];
}

/**
 * The tabs of a workbook: sheets named after one, including variants (`vInfo (2)`), and sheets with the columns of one.
 * If a sheet has the exact name of a tab, others of that tab are copies.
 */
export async function tablesOfWorkbook(
  workbook: Workbook,
  path: string,
): Promise<{ readonly tables: readonly Table[]; readonly leftOut: readonly LeftOut[] }> {
  const candidates: Candidate[] = [];
  for (const name of workbook.sheetNames) {
    const named = tabNamed(name);
    if (named !== null) candidates.push({ name, ...named, titles: [] });
    else {
      const { tab, titles } = await tabInSheet(workbook, name);
      candidates.push({ name, tab, isExact: false, titles });
    }
  }
  const exact = new Map(candidates.flatMap(({ tab, isExact, name }) => (isExact ? [[tab, name] as const] : [])));
  const tables: Table[] = [];
  const leftOut: LeftOut[] = [];
  for (const { name, tab, isExact, titles } of candidates) {
    const own = exact.get(tab);
    if (tab === null) leftOut.push({ name, reason: columnsFound(titles) });
    else if (tab === "unread") leftOut.push({ name, reason: null });
    else if (!isExact && own !== undefined)
      leftOut.push({ name, reason: `${escapeForMessage(own)} is read as ${tab}` });
    else tables.push({ tab, path, sheet: name, rows: () => workbook.rows(name) });
  }
  if (tables.length === 0) throw noTabs(path, candidates);
  return { tables, leftOut };
}

/** The tab whose columns a sheet has. */
async function tabInSheet(
  workbook: Workbook,
  name: string,
): Promise<{ readonly tab: Tab | null; readonly titles: readonly string[] }> {
  let titles: readonly string[] = [];
  for await (const rows of workbook.rows(name)) {
    for (const { cells } of rows.slice(0, MOST_TITLE_ROWS)) {
      const row = Array.from(cells, (cell) => text(cell) ?? "");
      if (row.filter((title) => title !== "").length > titles.filter((title) => title !== "").length) titles = row;
      const tab = isRvtoolsHeader(row) ? tabBySignature(row) : null;
      if (tab !== null) return { tab, titles: row };
    }
    break;
  }
  return { tab: null, titles };
}

function columnsFound(titles: readonly string[]): string {
  const filled = titles.filter((title) => title !== "").slice(0, 5);
  return filled.length === 0 ? "it is empty" : `its columns are ${filled.map((title) => quoted(title)).join(", ")}`;
}

/** The sheets of Live Optics workbooks, written by Dell's other tool. */
const LIVE_OPTICS = /^(?:esx hosts|esx performance|vm performance|host devices|esx licenses|vms|details)$/i;

function noTabs(path: string, candidates: readonly Candidate[]): PreflightError {
  const names = candidates.map(({ name }) => name);
  if (names.filter((name) => LIVE_OPTICS.test(name.trim())).length > 1) {
    return new PreflightError(
      "not-rvtools",
      `${path} is a workbook of Live Optics, which does not contain EVC modes, NTP settings or teaming policies.`,
      null,
      "export all tabs from RVTools to one xlsx file, or use preflight inventory pull",
    );
  }
  const found = shortList(names.map((name) => quoted(name)));
  return new PreflightError(
    "not-rvtools",
    `${path} is a workbook without RVTools tabs: ${found}.`,
    null,
    "sheets are recognized by RVTools' names (vInfo, vHost, …) or columns (VM, Powerstate, HW version, …); export all tabs to one xlsx file",
  );
}

/** The tab in a CSV file, or why there is none. */
export async function tableOfCsv(source: ByteSource, path: string): Promise<Table | LeftOut> {
  const content = csvText(await source.read(0, source.size));
  const rows = firstRows(content);
  const signed = rows.map(tabBySignature).find((tab) => tab !== null);
  const named = tabNamed(path)?.tab;
  const tab = signed ?? named ?? null;
  if (tab === "unread") return { name: path, reason: null };
  if (tab === null) return { name: path, reason: columnsFound(longest(rows)) };
  return { tab, path, sheet: null, rows: () => asAsync(csvRows(content, path)) };
}

function longest(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.reduce<readonly string[]>((most, row) => (row.length > most.length ? row : most), []);
}

async function* asAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
