import type { SheetRow } from "../spreadsheet/sheet-xml.ts";

/** The RVTools tabs with data for an inventory, by their names in RVTools 4. */
export const TABS = [
  "vMetaData",
  "vSource",
  "vHost",
  "vCluster",
  "vInfo",
  "vCPU",
  "vMemory",
  "vDisk",
  "vNetwork",
  "vTools",
  "vSnapshot",
  "vNIC",
  "vSwitch",
  "vPort",
  "dvSwitch",
  "dvPort",
  "vDatastore",
  "vRP",
  "vLicense",
] as const;

/**
 * Tabs from which only the names of VMs and hosts are read: objects missing from another tab are then not considered
 * absent.
 */
export const WITNESS_TABS = ["vPartition", "vCD", "vUSB", "vFloppy", "vHBA", "vSC_VMK"] as const;

type WitnessTab = (typeof WITNESS_TABS)[number];
export type Tab = (typeof TABS)[number] | WitnessTab;

/** One tab of an export: a sheet of a workbook, or a file. */
export interface Table {
  readonly tab: Tab;
  /** The file, as shown in messages. */
  readonly path: string;
  /** The sheet's own name; null for a CSV file. */
  readonly sheet: string | null;
  /** Its rows that are not blank, in batches of a few thousand. */
  rows(): AsyncIterable<readonly SheetRow[]>;
}

/** RVTools tabs that are not read. */
const OTHER_TABS = ["vMultiPath", "vFileInfo", "vHealth"];

/** `vinfo` → `vInfo`, for every tab of RVTools. */
const BY_KEY: ReadonlyMap<string, Tab | "unread"> = new Map<string, Tab | "unread">([
  ...[...TABS, ...WITNESS_TABS].map((tab) => [tab.toLowerCase(), tab] as const),
  ...OTHER_TABS.map((tab) => [tab.toLowerCase(), "unread"] as const),
]);

/** The name of a tab inside another name: `RVTools_tabvInfo_v2`, `vInfo (2)`, `2024 vInfo Oslo`. */
const INSIDE = new RegExp(
  `(?:^|[^a-z]|tab)(${[...BY_KEY.keys()].sort((a, b) => b.length - a.length).join("|")})(?![a-z])`,
);

/** The tab after which a sheet or file is named. `isExact` = with RVTools' own name. */
export interface TabName {
  readonly tab: Tab | "unread";
  readonly isExact: boolean;
}

/** The tab in a sheet or file with that name; null if it is not the name of an RVTools tab. */
export function tabNamed(name: string): TabName | null {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/^.*[\\/]/, "")
    .replace(/\.(?:csv|txt)$/, "");
  const exact = BY_KEY.get(key.replace(/^rvtools_?/, "").replace(/^tab/, ""));
  if (exact !== undefined) return { tab: exact, isExact: true };
  const inside = BY_KEY.get(INSIDE.exec(key)?.[1] ?? "");
  return inside === undefined ? null : { tab: inside, isExact: false };
}
