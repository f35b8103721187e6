import type { Inventory } from "../../schema/inventory.generated.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { READINGS } from "./read-tabs.ts";
import type { ClusterDraft, HostDraft, Record_, ServerEstate, VmDraft } from "./server-estate.ts";
import type { TabSummary } from "./tab-reader.ts";
import type { Tab } from "./tables.ts";
import { NOT_EXPORTED_BY_RVTOOLS } from "../../site/estate/inventory-gaps.ts";

/** Fields of the inventory that RVTools has no column for. */
const NEVER_EXPORTED: readonly string[] = [
  "hosts.api_version",
  "hosts.lockdown_mode",
  "hosts.connection_state",
  "hosts.clock_offset_ms",
  "hosts.cpu.features",
  "hosts.cpu.features_unmasked",
  "hosts.ntp.startup_policy",
  "hosts.ntp.firewall_open",
  "hosts.autostart",
  "hosts.options",
  "hosts.port_groups.uplinks",
  "datastores.ssd",
  "datastores.local",
  "resource_pools.cluster",
  "virtual_machines.numa_node_affinity",
  "virtual_machines.drs_behavior",
  "permissions",
];

/** What is said of an export as a whole. */
export interface ExportFacts {
  readonly toolVersion: string | undefined;
  readonly collectedAt: string | undefined;
}

/** Which tabs an export has, and what each of them gave. */
export type Summaries = ReadonlyMap<Tab, TabSummary>;

/** The inventory of one server, out of all that the tabs say of it. */
export function assemble(estate: ServerEstate, tabs: Summaries, facts: ExportFacts): Inventory {
  const { coverage } = estate;
  const record: Record_ = {
    ...(facts.collectedAt !== undefined && { collected_at: facts.collectedAt }),
    source: {
      kind: "rvtools",
      ...(estate.server !== undefined && { server: estate.server }),
      ...(facts.toolVersion !== undefined && { tool_version: facts.toolVersion }),
    },
    coverage: {},
    vcenter: { ...(estate.server !== undefined && { address: estate.server }), ...estate.vcenter },
  };
  const list = (key: string, tab: Tab, records: () => readonly unknown[]) => {
    if (tabs.has(tab)) record[key] = records();
    else coverage.whole(key, missingTab(tab));
  };
  list("licences", "vLicense", () => estate.licences);
  list("datacenters", "vHost", () => datacenters(estate));
  list("clusters", "vCluster", () => estate.clusters.map((cluster) => clusterRecord(cluster, estate, tabs)));
  list("hosts", "vHost", () => estate.hosts.map((host) => hostRecord(host, estate, tabs)));
  list("distributed_switches", "dvSwitch", () => distributedSwitches(estate, tabs));
  list("distributed_port_groups", "dvPort", () => estate.distributedPortGroups);
  list("datastores", "vDatastore", () => estate.datastores);
  list("resource_pools", "vRP", () => estate.resourcePools);
  list("virtual_machines", "vInfo", () => virtualMachines(estate, tabs));
  cover(estate, tabs, facts);
  record["coverage"] = coverage.toRecord() ?? {};
  return record;
}

function missingTab(tab: Tab): string {
  return `the RVTools export has no ${tab} tab`;
}

/** The reasons that hold for whole fields: never exported, no such tab, no such column. */
function cover({ coverage, vcenter }: ServerEstate, tabs: Summaries, facts: ExportFacts): void {
  for (const field of NEVER_EXPORTED) coverage.whole(field, NOT_EXPORTED_BY_RVTOOLS);
  coverage.whole("hosts.ntp.protocol", "RVTools tells it only of hosts older than 7.0, or whose ntpd runs");
  coverage.whole("hosts.cpu.cache_mb", "vSphere does not know the size of a CPU's cache");
  if (facts.collectedAt === undefined)
    coverage.whole("collected_at", "RVTools does not tell the time zone of its time");
  if (vcenter["version"] === undefined) coverage.whole("vcenter.version", missingTab("vSource"));
  for (const [tab, { gives }] of Object.entries(READINGS) as [
    keyof typeof READINGS,
    (typeof READINGS)[keyof typeof READINGS],
  ][]) {
    const summary = tabs.get(tab);
    for (const [path, fields] of gives) {
      for (const [field, { columns }] of Object.entries(fields)) {
        if (summary === undefined) coverage.whole(`${path}.${field}`, missingTab(tab));
        else if (!columns.some((column) => summary.has(column)))
          coverage.whole(`${path}.${field}`, missingColumn(summary, columns[0] ?? field));
      }
    }
  }
  const lists = [
    ["hosts.physical_nics", "vNIC"],
    ["hosts.virtual_switches", "vSwitch"],
    ["hosts.virtual_switches.uplinks", "vNIC"],
    ["hosts.port_groups", "vPort"],
    ["distributed_switches.hosts.uplinks", "vNIC"],
    ["virtual_machines.disks", "vDisk"],
    ["virtual_machines.nics", "vNetwork"],
    ["virtual_machines.snapshots", "vSnapshot"],
  ] as const;
  for (const [path, tab] of lists) if (!tabs.has(tab)) coverage.whole(path, missingTab(tab));
  const nics = tabs.get("vNIC");
  if (nics?.has("Switch") === false) {
    coverage.whole("hosts.virtual_switches.uplinks", missingColumn(nics, "Switch"));
    coverage.whole("distributed_switches.hosts.uplinks", missingColumn(nics, "Switch"));
  }
}

function missingColumn({ tab, isDatabaseDialect }: TabSummary, column: string): string {
  return isDatabaseDialect
    ? `the ${tab} tab was written with -DBColumnNames; export it again without that switch`
    : `the ${tab} tab has no column ${column}`;
}

function datacenters({ hosts, machines, distributedSwitches: switches }: ServerEstate): readonly Record_[] {
  const all = [...hosts, ...machines, ...switches].flatMap(({ record }) =>
    typeof record["datacenter"] === "string" ? [record["datacenter"]] : [],
  );
  return [...new Set(all)].map((name) => ({ name }));
}

/** With its datacenter and EVC mode, which RVTools tells of its hosts alone. */
function clusterRecord({ record, name }: ClusterDraft, { hosts, coverage }: ServerEstate, tabs: Summaries): Record_ {
  const members = hosts.filter(({ record: host }) => sameName(host["cluster"], name));
  const datacenter = agreed(members.map(({ record: host }) => host["datacenter"]));
  if (typeof datacenter === "string") record["datacenter"] = datacenter;
  const modes = members.map(({ record: host }) => (host["cpu"] as Record_ | undefined)?.["evc_mode"]);
  const mode = agreed(modes);
  if (mode !== undefined) record["evc_mode"] = mode;
  else coverage.field("clusters", name, "evc_mode", unknownMode(members, modes, tabs));
  return record;
}

function unknownMode(members: readonly HostDraft[], modes: readonly unknown[], tabs: Summaries): string {
  if (!tabs.has("vHost")) return missingTab("vHost");
  if (members.length === 0) return "RVTools tells EVC only of hosts, and the cluster has none";
  const withoutMode = members.find((_, index) => modes[index] === undefined);
  return withoutMode === undefined
    ? "RVTools tells EVC only of hosts, and the hosts of the cluster differ"
    : `RVTools tells EVC only of hosts, and not that of ${withoutMode.name}`;
}

/** The one value that all have; undefined when one is not known, or they differ. */
function agreed(values: readonly unknown[]): unknown {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

function hostRecord(host: HostDraft, { coverage, vcenter }: ServerEstate, tabs: Summaries): Record_ {
  const { record, name, isDescribed, nicCount, nics, switches, portGroups, uplinks } = host;
  if (vcenter["api_type"] === "VirtualCenter") record["managed_by_vcenter"] = true;
  else coverage.field("hosts", name, "managed_by_vcenter", "RVTools does not tell what manages the host that it asked");
  if (hasWholeNics(host, tabs)) record["physical_nics"] = nics;
  else if (tabs.has("vNIC")) {
    const reason = countReason("vHost", nicCount, "vNIC", nics.length);
    coverage.field("hosts", name, "physical_nics", reason);
    if (switches.length > 0) coverage.field("hosts", name, "virtual_switches.uplinks", reason);
  }
  if (exportsUplinks(host, tabs)) {
    for (const theSwitch of switches) theSwitch["uplinks"] = uplinks.get(String(theSwitch["name"])) ?? [];
  }
  if (tabs.has("vSwitch") && (isDescribed || switches.length > 0)) record["virtual_switches"] = switches;
  if (tabs.has("vPort") && (isDescribed || portGroups.length > 0)) record["port_groups"] = portGroups;
  return record;
}

/** Whether the vNIC tab shows every adapter of a host. */
function hasWholeNics({ nicCount, nics }: HostDraft, tabs: Summaries): boolean {
  return tabs.has("vNIC") && (nicCount === undefined ? nics.length > 0 : nics.length >= nicCount);
}

/** The adapters alone tell which of them a switch has: of half of them, it would seem to have one or none. */
function exportsUplinks(host: HostDraft, tabs: Summaries): boolean {
  return hasWholeNics(host, tabs) && tabs.get("vNIC")?.has("Switch") === true;
}

function distributedSwitches(estate: ServerEstate, tabs: Summaries): readonly Record_[] {
  return estate.distributedSwitches.map(({ record, name, members }) => {
    if (members.length === 0) {
      estate.coverage.field("distributed_switches", name, "hosts", "RVTools names no host of it");
      return record;
    }
    record["hosts"] = members.map((member) => {
      const host = estate.host(member);
      const isExported = host !== undefined && exportsUplinks(host, tabs);
      return { name: member, ...(isExported && { uplinks: host.uplinks.get(name) ?? [] }) };
    });
    return record;
  });
}

function virtualMachines(estate: ServerEstate, tabs: Summaries): readonly Record_[] {
  const priorities = new Map(
    estate.clusters.map(({ name, restartPriority }) => [canonicalName(name), restartPriority] as const),
  );
  return estate.machines.map((machine) => {
    const { record, disks, nics, diskCount, nicCount, addresses } = machine;
    if (tabs.has("vDisk")) wholeList("disks", disks, diskCount, "vDisk", machine, estate);
    if (tabs.has("vNetwork")) wholeList("nics", nics, nicCount, "vNetwork", machine, estate);
    if (addresses.size > 0) record["ip_addresses"] = [...addresses];
    if (estate.namesOfStraySnapshots.has(canonicalName(machine.name))) {
      const reason = "the vSnapshot tab does not say which machine of this name has its snapshots";
      estate.coverage.field("virtual_machines", machine.name, "snapshots", reason);
    } else if (tabs.has("vSnapshot")) record["snapshots"] = machine.snapshots;
    const priority = record["ha_restart_priority"];
    if (typeof priority === "string" && /^cluster/i.test(priority)) {
      const ofCluster = priorities.get(canonicalName(String(record["cluster"])));
      if (ofCluster === undefined) delete record["ha_restart_priority"];
      else record["ha_restart_priority"] = ofCluster;
    }
    return record;
  });
}

/** A list is whole when it has as many entries as vInfo counts; a shorter one says less than none. */
function wholeList(
  field: "disks" | "nics",
  records: readonly Record_[],
  count: number | undefined,
  tab: Tab,
  { record, name }: VmDraft,
  { coverage }: ServerEstate,
): void {
  if (count === undefined ? records.length > 0 : records.length >= count) record[field] = records;
  else coverage.field("virtual_machines", name, field, countReason("vInfo", count, tab, records.length));
}

function countReason(counter: Tab, count: number | undefined, tab: Tab, found: number): string {
  return count === undefined
    ? `the ${tab} tab shows none, and the ${counter} tab does not count them`
    : `the ${counter} tab counts ${count} of them, the ${tab} tab shows ${found}`;
}

function sameName(value: unknown, name: string): boolean {
  return typeof value === "string" && canonicalName(value) === canonicalName(name);
}
