import type { Tab } from "./tables.ts";
import type { CellValue } from "../spreadsheet/sheet-xml.ts";

/** The header of a tab: the positions of RVTools' columns. */
export interface Columns {
  /** The index of a column by its RVTools name; -1 if the tab does not have it. */
  indexOf(name: string): number;
  /** Columns that RVTools does not have: custom attributes, and manually added ones. */
  readonly unknown: readonly string[];
  /** All column titles, as written. */
  readonly titles: readonly string[];
  /** Whether the export uses the column names of the database. */
  readonly isDatabaseDialect: boolean;
}

/**
 * In the tabs about VMs, custom attributes come before these columns and may have the same names: the last one counts.
 * In other tabs RVTools' own columns come first.
 */
const BEHIND_CUSTOM = new Set(
  ["Datacenter", "Cluster", "Host", "Folder", "VM ID", "SMBIOS UUID", "VM UUID"].map((name) => name.toLowerCase()),
);
const LAST_OF_ALL = new Set(["vi sdk server", "vi sdk uuid"]);

/** Names of `-DBColumnNames` that differ from the displayed ones by more than blanks and signs. */
const DATABASE_NAMES: Readonly<Record<string, string>> = {
  vmname: "vm",
  version: "hwversion",
  smbiosuuid: "smbiosuuid",
  cpumhz: "speed",
  numcpu: "#cpu",
  numcpucores: "#cores",
  fullname: "esxversion",
  ntpservers: "ntpserver(s)",
};

/** Its unit is ambiguous: MiB in some exports, bytes in others. */
const NOT_TRUSTED = new Set(["memorysize"]);

/** Names that people give to a renamed column, by its RVTools name. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  vm: ["vm name", "vmname", "virtual machine", "virtual machine name"],
  host: ["host name", "hostname", "esxi host", "esx host", "vmhost", "esxi hostname"],
  cluster: ["cluster name"],
  datacenter: ["data center", "datacenter name"],
  "port group": ["portgroup", "port group name", "portgroup name"],
  switch: ["switch name", "vswitch", "dvswitch", "distributed switch"],
  "network device": ["device", "nic", "vmnic", "adapter name"],
  "resource pool name": ["resource pool"],
  "vm id": ["vmref", "vm object id", "vm moref"],
  "smbios uuid": ["bios uuid"],
  "# memory": ["memory mb", "memory"],
};

/** Names of the column that names the rows of a tab, if RVTools' own name is missing. */
const KEY_SYNONYMS: Readonly<Partial<Record<Tab, readonly string[]>>> = {
  vInfo: ["name"],
  vHost: ["name"],
  vCluster: ["cluster", "cluster name"],
  vDatastore: ["datastore", "datastore name"],
  dvSwitch: ["name"],
  dvPort: ["port group", "portgroup", "port group name", "name"],
  vRP: ["name"],
};

/** The column that names the rows of a tab, by its title in the tab: RVTools' own, or a synonym. */
export function keyOf(tab: Tab, key: string, columns: Columns): string | null {
  if (columns.indexOf(key) !== -1) return key;
  return KEY_SYNONYMS[tab]?.find((name) => columns.indexOf(name) !== -1) ?? null;
}

/**
 * Reads the header of a tab. Names are compared without case and surrounding blanks; older versions write MB for MiB.
 */
export function columnsOf(tab: Tab, header: readonly CellValue[], isKnown: (title: string) => boolean): Columns {
  const titles = Array.from(header, (cell) => (cell === undefined ? "" : String(cell).trim()));
  const isDatabaseDialect = titles.some((title) => new RegExp(`^${tab}[A-Z]`, "i").test(title));
  const key = isDatabaseDialect ? (title: string) => databaseKey(tab, title) : shownKey;
  const positions = new Map<string, number[]>();
  titles.forEach((title, index) => {
    if (title === "") return;
    const name = key(title);
    const found = positions.get(name);
    if (found === undefined) positions.set(name, [index]);
    else found.push(index);
  });
  const isAboutVms = ["vm", ...(SYNONYMS["vm"] ?? [])].some((name) => positions.has(name));
  const find = (name: string): number => {
    const shown = shownKey(name);
    const found = positions.get(isDatabaseDialect ? squeezed(shown) : shown) ?? [];
    const takesLast = LAST_OF_ALL.has(shown) || (isAboutVms && BEHIND_CUSTOM.has(shown));
    const other = () => (SYNONYMS[shown] ?? []).flatMap((name) => positions.get(name) ?? [])[0];
    return (takesLast ? found.at(-1) : found[0]) ?? other() ?? -1;
  };
  const memo = new Map<string, number>();
  return {
    indexOf(name) {
      let index = memo.get(name);
      if (index === undefined) memo.set(name, (index = find(name)));
      return index;
    },
    unknown: isDatabaseDialect
      ? []
      : [...new Set(titles)].filter((title) => title !== "" && !isKnown(title) && !ALL_SYNONYMS.has(shownKey(title))),
    titles,
    isDatabaseDialect,
  };
}

const ALL_SYNONYMS: ReadonlySet<string> = new Set(Object.values(SYNONYMS).flat());

/** The canonical form of a column name, for comparison. */
export function shownKey(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\bmib\b/g, "mb");
}

function databaseKey(tab: Tab, title: string): string {
  const rest = title.toLowerCase().startsWith(tab.toLowerCase()) ? title.slice(tab.length) : title;
  const name = squeezed(rest.toLowerCase());
  if (NOT_TRUSTED.has(name)) return "";
  return Object.hasOwn(DATABASE_NAMES, name) ? (DATABASE_NAMES[name] ?? name) : name;
}

function squeezed(name: string): string {
  return name.replaceAll(/[\s_]/g, "");
}
