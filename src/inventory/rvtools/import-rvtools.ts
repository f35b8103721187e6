import { Budget } from "../../input/source/budget.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { text } from "./cells.ts";
import { assemble, type Summaries } from "./assemble.ts";
import type { Listing } from "../mapping/listing.ts";
import type { Origins } from "./origins.ts";
import { READINGS } from "./read-tabs.ts";
import { ServerEstate } from "./server-estate.ts";
import { readTab, type TabRow, type TabSummary } from "./tab-reader.ts";
import type { CellValue } from "../spreadsheet/sheet-xml.ts";
import { type Tab, type Table, TABS, WITNESS_TABS } from "../content/tables.ts";

/** The result of importing an export: an inventory for each server in it. */
export interface RvtoolsImport {
  readonly inventories: readonly { readonly inventory: Inventory; readonly origins: Origins }[];
  /** In the order in which they were read. */
  readonly tabs: readonly TabSummary[];
  readonly missingTabs: readonly Tab[];
  /** Number of rows that cannot be assigned to one of several servers. */
  readonly withoutServer: number;
}

/**
 * Creates inventories from the tabs of one RVTools export. If two tabs have one name, the rows of both are read. Throws
 * the errors of the tables.
 *
 * @param collectedAt time of the export, if known from a source other than RVTools itself
 */
export async function importRvtools(
  tables: readonly Table[],
  collectedAt: string | null,
  budget = new Budget(),
): Promise<RvtoolsImport> {
  const servers = await serversOf(tables);
  const estates = new Map<string, ServerEstate>();
  const summaries: TabSummary[] = [];
  const withoutServer = new Map<Tab, number>();
  let toolVersion: string | undefined;
  let writtenAt: CellValue;

  const estateOf = (row: TabRow): ServerEstate | null => {
    const named = text(row.cell("VI SDK Server"));
    // A row without a server belongs to the only one.
    if (named === undefined && servers.size > 1) return null;
    const server = named ?? [...servers.values()][0];
    const key = server === undefined ? "" : canonicalName(server);
    const estate = estates.get(key) ?? new ServerEstate(server);
    estates.set(key, estate);
    return estate;
  };
  // The order of the tabs here, not of the export: hosts before their adapters, machines before their disks.
  for (const tab of [...TABS, ...WITNESS_TABS]) {
    for (const whole of tables.filter((candidate) => candidate.tab === tab)) {
      const table = withinBudget(whole, budget);
      const each = (read: (row: TabRow, estate: ServerEstate) => void) => (row: TabRow) => {
        const estate = estateOf(row);
        if (estate === null) withoutServer.set(tab, (withoutServer.get(tab) ?? 0) + 1);
        else read(row, estate);
      };
      switch (tab) {
        case "vMetaData":
          summaries.push(
            await readTab(table, { key: "RVTools version", ids: ["RVTools major version"] }, (row) => {
              toolVersion ??= text(row.cell("RVTools version"));
              writtenAt ??= row.cell("xlsx creation datetime");
            }),
          );
          break;
        case "vSource":
          summaries.push(await readTab(table, { key: "Name" }, each(readSource)));
          break;
        default: {
          const reading = READINGS[tab];
          const read = each((row, estate) => {
            if (tab === "vInfo" || tab === "vHost") readServerType(row, estate);
            reading.read(row, estate);
          });
          summaries.push(await readTab(table, reading, read, each(reading.unnamed)));
        }
      }
    }
  }
  const tabs: Summaries = new Map(summaries.map((summary) => [summary.tab, summary]));
  const facts = { toolVersion, ...collectionTime(collectedAt, writtenAt) };
  const all = estates.size === 0 ? [new ServerEstate(undefined)] : [...estates.values()];
  for (const estate of all) {
    for (const [tab, count] of withoutServer) noteStrayRows(tab, count, estate);
  }
  return {
    inventories: all.map((estate) => ({ inventory: assemble(estate, tabs, facts), origins: estate.origins })),
    tabs: summaries.filter(({ tab }) => !(WITNESS_TABS as readonly Tab[]).includes(tab)),
    missingTabs: TABS.filter((tab) => !tabs.has(tab)),
    withoutServer: [...withoutServer.values()].reduce((sum, count) => sum + count, 0),
  };
}

/** The table, whose rows are charged to the budget before they become objects. */
function withinBudget(table: Table, budget: Budget): Table {
  return {
    ...table,
    async *rows() {
      for await (const rows of table.rows()) {
        budget.spendRows(rows.length, table.tab === "vInfo" ? "machine" : "entry", table.path);
        yield rows;
      }
    },
  };
}

/** The servers in the export. Small tabs name them all; others are searched only if those do not. */
async function serversOf(tables: readonly Table[]): Promise<ReadonlyMap<string, string>> {
  const servers = new Map<string, string>();
  for (const tab of ["vSource", "vHost", "vCluster", "vDatastore", "vInfo"] as const) {
    if (tab === "vInfo" && servers.size > 0) break;
    for (const table of tables.filter((candidate) => candidate.tab === tab)) {
      await readTab(table, { key: "VI SDK Server" }, (row) => {
        if (row.name !== undefined) servers.set(canonicalName(row.name), row.name);
      });
    }
  }
  return servers;
}

/** Rows that may belong to any server make the lists of all incomplete. */
function noteStrayRows(tab: Tab, count: number, estate: ServerEstate): void {
  const reason = `${count === 1 ? "a row" : `${count} rows`} of the ${tab} tab do not contain their vCenter`;
  if (tab === "vSnapshot") estate.snapshotGap = reason;
  else for (const list of listsOf(tab, estate)) list.gap(reason);
}

/** The lists to which the rows of a tab add entries. */
function listsOf(tab: Tab, estate: ServerEstate): readonly Pick<Listing<never>, "gap">[] {
  const hosts = estate.hosts.items;
  const machines = estate.machines.items;
  switch (tab) {
    case "vHost":
      return [estate.hosts];
    case "vCluster":
      return [estate.clusters];
    case "dvSwitch":
      return [estate.distributedSwitches];
    case "dvPort":
      return [estate.distributedPortGroups];
    case "vDatastore":
      return [estate.datastores];
    case "vRP":
      return [estate.resourcePools];
    case "vLicense":
      return [estate.licences];
    case "vNIC":
      return hosts.map(({ nics }) => nics);
    case "vSwitch":
      return hosts.map(({ switches }) => switches);
    case "vPort":
      return hosts.map(({ portGroups }) => portGroups);
    case "vDisk":
      return machines.map(({ disks }) => disks);
    case "vNetwork":
      return machines.map(({ nics }) => nics);
    default:
      return [estate.machines];
  }
}

/** RVTools writes the local time of the machine on which it runs, without a zone; the inventory keeps it like that. */
function collectionTime(
  collectedAt: string | null,
  writtenAt: CellValue,
): { readonly collectedAt: string | undefined; readonly whyCollectedAt: string | undefined } {
  const time = collectedAt ?? localTime(writtenAt) ?? undefined;
  return {
    collectedAt: time,
    whyCollectedAt: time === undefined ? "the export does not contain its collection time" : undefined,
  };
}

/** A date and time in a cell as `2026-11-20T08:00:00`; null if it is not one, or ambiguous. */
function localTime(cell: CellValue): string | null {
  const serial = typeof cell === "number" ? cell : Number(text(cell)?.replace(",", "."));
  // Excel counts days from the end of 1899; the years 1982 to 2119 have five digits.
  if (serial > 30_000 && serial < 80_000) {
    return new Date(Math.round((serial - 25_569) * 86_400) * 1000).toISOString().slice(0, 19);
  }
  const written = text(cell) ?? "";
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d\d)(?::(\d\d))?/.exec(written);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})[ T](\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(written);
  const [year, month, day, hour, minute, second = "00"] =
    iso !== null
      ? iso.slice(1)
      : dotted !== null
        ? [dotted[3], dotted[2], dotted[1], dotted[4], dotted[5], dotted[6]]
        : [];
  if (year === undefined) return null;
  const two = (part: string | undefined) => (part ?? "").padStart(2, "0");
  const found = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  return Number.isNaN(Date.parse(`${found}Z`)) ? null : found;
}

/** The server that was exported. */
function readSource(row: TabRow, { vcenter }: ServerEstate): void {
  const type = text(row.cell("API type"));
  if (type === "VirtualCenter" || type === "HostAgent") vcenter["api_type"] = type;
  const version = text(row.cell("Version"));
  if (version !== undefined) vcenter["version"] = version;
}

/** `VMware vCenter Server 8.0.3 build-24322831`, which vInfo has for every VM. */
function readServerType(row: TabRow, { vcenter }: ServerEstate): void {
  const type = text(row.cell("VI SDK Server type"));
  if (type === undefined) return;
  if (/vcenter/i.test(type)) vcenter["api_type"] ??= "VirtualCenter";
  else if (/\besxi?\b/i.test(type)) vcenter["api_type"] ??= "HostAgent";
  const version = /\b(\d+\.\d+\.\d+)\b/.exec(type)?.[1];
  if (version !== undefined) vcenter["version"] ??= version;
}
