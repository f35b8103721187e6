import type { Inventory } from "../../schema/inventory.generated.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { text } from "./cells.ts";
import { assemble, type Summaries } from "./assemble.ts";
import type { Origins } from "./origins.ts";
import { READINGS } from "./read-tabs.ts";
import { ServerEstate } from "./server-estate.ts";
import { readTab, type TabRow, type TabSummary } from "./tab-reader.ts";
import { type Tab, type Table, TABS } from "./tables.ts";

/** What was made of an export: an inventory for each server that it tells of. */
export interface RvtoolsImport {
  readonly inventories: readonly { readonly inventory: Inventory; readonly origins: Origins }[];
  /** In the order in which they were read. */
  readonly tabs: readonly TabSummary[];
  readonly missingTabs: readonly Tab[];
  /** Rows that do not say which of several servers they belong to. */
  readonly withoutServer: number;
}

/**
 * Makes inventories of the tabs of one RVTools export. Of two tabs of one name the rows of both are read. Throws what
 * the tables throw.
 *
 * @param collectedAt when the export was made, if anything but RVTools itself tells
 */
export async function importRvtools(tables: readonly Table[], collectedAt: string | null): Promise<RvtoolsImport> {
  const estates = new Map<string, ServerEstate>();
  const summaries: TabSummary[] = [];
  let withoutServer = 0;
  let toolVersion: string | undefined;

  const estateOf = (row: TabRow): ServerEstate | null => {
    const server = text(row.cell("VI SDK Server"));
    if (server === undefined) {
      const [only, ...others] = estates.values();
      if (others.length > 0) return null;
      if (only !== undefined) return only;
    }
    const key = server === undefined ? "" : canonicalName(server);
    const estate = estates.get(key) ?? new ServerEstate(server);
    estates.set(key, estate);
    return estate;
  };
  // The order of TABS, not of the export: hosts come before their adapters, machines before their disks.
  for (const tab of TABS) {
    for (const table of tables.filter((candidate) => candidate.tab === tab)) {
      const each = (read: (row: TabRow, estate: ServerEstate) => void) => (row: TabRow) => {
        const estate = estateOf(row);
        if (estate === null) withoutServer += 1;
        else read(row, estate);
      };
      switch (tab) {
        case "vMetaData":
          summaries.push(
            await readTab(table, "RVTools version", (row) => (toolVersion ??= text(row.cell("RVTools version")))),
          );
          break;
        case "vSource":
          summaries.push(await readTab(table, "Name", each(readSource)));
          break;
        default:
          summaries.push(
            await readTab(
              table,
              READINGS[tab].key,
              each((row, estate) => {
                if (tab === "vInfo" || tab === "vHost") readServerType(row, estate);
                READINGS[tab].read(row, estate);
              }),
            ),
          );
      }
    }
  }
  const tabs: Summaries = new Map(summaries.map((summary) => [summary.tab, summary]));
  const facts = { toolVersion, collectedAt: collectedAt ?? undefined };
  const all = estates.size === 0 ? [new ServerEstate(undefined)] : [...estates.values()];
  return {
    inventories: all.map((estate) => ({ inventory: assemble(estate, tabs, facts), origins: estate.origins })),
    tabs: summaries,
    missingTabs: TABS.filter((tab) => !tabs.has(tab)),
    withoutServer,
  };
}

/** The server that was asked. */
function readSource(row: TabRow, { vcenter }: ServerEstate): void {
  const type = text(row.cell("API type"));
  if (type === "VirtualCenter" || type === "HostAgent") vcenter["api_type"] = type;
  const version = text(row.cell("Version"));
  if (version !== undefined) vcenter["version"] = version;
}

/** `VMware vCenter Server 8.0.3 build-24322831`, which vInfo says of every VM. */
function readServerType(row: TabRow, { vcenter }: ServerEstate): void {
  const type = text(row.cell("VI SDK Server type"));
  if (type === undefined) return;
  if (/vcenter/i.test(type)) vcenter["api_type"] ??= "VirtualCenter";
  else if (/\besxi?\b/i.test(type)) vcenter["api_type"] ??= "HostAgent";
  const version = /\b(\d+\.\d+\.\d+)\b/.exec(type)?.[1];
  if (version !== undefined) vcenter["version"] ??= version;
}
