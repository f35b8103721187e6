import type { SheetRow } from "./sheet-xml.ts";

/** The tabs of RVTools that hold something for an inventory, as RVTools 4 calls them. */
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

export type Tab = (typeof TABS)[number];

/** One tab of an export, wherever it was found: a sheet of a workbook, or a file. */
export interface Table {
  readonly tab: Tab;
  /** The file, as messages show it. */
  readonly path: string;
  /** The sheet's own name; null for a CSV file, whose places are not shown. */
  readonly sheet: string | null;
  /** Its rows that are not blank, the header first, some thousands at a time. */
  rows(): AsyncIterable<readonly SheetRow[]>;
}

/** Tabs that RVTools writes besides those that are read. */
const OTHER_TABS = ["vPartition", "vCD", "vUSB", "vFloppy", "vHBA", "vSC_VMK", "vMultiPath", "vFileInfo", "vHealth"];

/** `vinfo` → `vInfo`, for every tab of RVTools that is read. */
const BY_KEY = new Map(TABS.map((tab) => [tab.toLowerCase(), tab]));
const OTHERS = new Set(OTHER_TABS.map((tab) => tab.toLowerCase()));

/** What a sheet or file of that name holds; null when RVTools has no such tab. `unread` = one that nothing is read of. */
export function tabNamed(name: string): Tab | "unread" | null {
  const key = tabKey(name);
  return BY_KEY.get(key) ?? (OTHERS.has(key) ? "unread" : null);
}

/** `RVTools_tabvInfo.csv` and the sheets of merged workbooks are called after the tab with that prefix. */
function tabKey(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^.*[\\/]/, "")
    .replace(/\.csv$/, "")
    .replace(/^rvtools_?/, "")
    .replace(/^tab/, "");
}
