import { shownKey } from "./columns.ts";
import { isKnownColumn } from "./known-columns.ts";
import { type Tab, TABS } from "./tables.ts";

/**
 * Columns that only one tab has, which identify it if its name does not. The names that `-DBColumnNames` writes start
 * with the tab's own.
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

/** The tab with these columns; null if it is not one that is read. */
export function tabBySignature(titles: readonly string[]): Tab | null {
  const shown = new Set(titles.map(shownKey));
  const signed = SIGNATURES.find(([, columns]) => columns.every((column) => shown.has(shownKey(column))))?.[0];
  return signed ?? databaseTab(titles);
}

function databaseTab(titles: readonly string[]): Tab | null {
  const first = titles[0]?.trim() ?? "";
  return TABS.find((tab) => new RegExp(`^${tab}[A-Z]`).test(first)) ?? null;
}

/** Whether a line of a CSV file, already split into cells, is the header of an RVTools tab. */
export function isRvtoolsHeader(titles: readonly string[]): boolean {
  const filled = titles.filter((title) => title.trim() !== "");
  if (filled.some((title) => shownKey(title) === "vi sdk server" || /^v[A-Z][A-Za-z]+VI_?SDK_?Server$/i.test(title))) {
    return true;
  }
  if (databaseTab(titles) !== null && filled.length > 1) return true;
  const known = filled.filter(isKnownColumn).length;
  if (tabBySignature(titles) !== null && known > 1) return true;
  return known >= 3 && known * 2 >= filled.length;
}
