import type { ByteSource } from "../files/byte-source.ts";
import { csvRows, csvText } from "./csv.ts";
import { shownKey } from "./columns.ts";
import type { Workbook } from "./workbook.ts";
import { type Tab, type Table, tabNamed, TABS } from "./tables.ts";

/** A sheet or file that nothing is read of, and why. */
export interface LeftOut {
  readonly name: string;
  /** Whether it is one of RVTools' own tabs, which just holds nothing for an inventory. */
  readonly isRvtools: boolean;
}

/** The tabs of a workbook, which are told by the names of its sheets. */
export function tablesOfWorkbook(
  workbook: Workbook,
  path: string,
): { readonly tables: readonly Table[]; readonly leftOut: readonly LeftOut[] } {
  const tables: Table[] = [];
  const leftOut: LeftOut[] = [];
  for (const sheet of workbook.sheetNames) {
    const tab = tabNamed(sheet);
    if (tab === null || tab === "unread") leftOut.push({ name: sheet, isRvtools: tab === "unread" });
    else tables.push({ tab, path, sheet, rows: () => workbook.rows(sheet) });
  }
  return { tables, leftOut };
}

/**
 * Columns that only one tab has, by which a CSV file is told: its name may be anything. The names that
 * `-DBColumnNames` writes begin with the tab's own.
 */
const SIGNATURES: readonly (readonly [Tab, readonly string[]])[] = [
  ["vMetaData", ["RVTools version"]],
  ["vSource", ["API type"]],
  ["vHost", ["ESX Version"]],
  ["vCluster", ["DRS enabled"]],
  ["vInfo", ["HW version"]],
  ["vCPU", ["Cores p/s"]],
  ["vMemory", ["VM", "Ballooned"]],
  ["vDisk", ["Disk Mode"]],
  ["vNetwork", ["NIC label"]],
  ["vTools", ["Sync time"]],
  ["vSnapshot", ["Quiesced"]],
  ["vNIC", ["Network Device"]],
  ["vPort", ["Port Group", "Promiscuous Mode"]],
  ["vSwitch", ["Host", "Switch", "MTU"]],
  ["dvSwitch", ["Host members"]],
  ["dvPort", ["Active Uplink"]],
  ["vDatastore", ["SIOC enabled"]],
  ["vRP", ["Resource Pool name"]],
  ["vLicense", ["Cost Unit"]],
];

/** The tab in a CSV file; null when it is none that is read. */
export async function tableOfCsv(source: ByteSource, path: string): Promise<Table | null> {
  const text = csvText(await source.read(0, source.size));
  const titles = headerOf(text, path);
  const shown = new Set(titles.map(shownKey));
  const signed = SIGNATURES.find(([, columns]) => columns.every((column) => shown.has(shownKey(column))))?.[0];
  const prefixed = TABS.find((tab) => titles[0] !== undefined && new RegExp(`^${tab}[A-Z]`).test(titles[0].trim()));
  const named = tabNamed(path);
  const tab = signed ?? prefixed ?? (named === "unread" ? null : named);
  return tab === null ? null : { tab, path, sheet: null, rows: () => asAsync(csvRows(text, path)) };
}

function headerOf(text: string, path: string): readonly string[] {
  for (const [header] of csvRows(/^[^\r\n]*/.exec(text)?.[0] ?? "", path)) {
    return Array.from(header?.cells ?? [], (cell) => (typeof cell === "string" ? cell : ""));
  }
  return [];
}

async function* asAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
