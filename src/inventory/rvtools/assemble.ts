import { precedesPtp } from "../../facts/esxi-version.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { groupBy } from "../../site/core/names.ts";
import { canonicalName, decodeName } from "../../values/network/host-name.ts";
import { Listing, ownList, topLevelList } from "../mapping/listing.ts";
import { READINGS } from "./read-tabs.ts";
import { type ClusterHosts, clustersWithHosts } from "./cluster-hosts.ts";
import {
  AgreedValue,
  type ClusterDraft,
  type DatastoreDraft,
  type HostDraft,
  type Record_,
  type ServerEstate,
  type VmDraft,
} from "./server-estate.ts";
import type { TabSummary } from "./tab-reader.ts";
import type { Tab } from "../content/tables.ts";
import { NOT_EXPORTED_BY_RVTOOLS } from "../../site/estate/inventory-gaps.ts";

/** Inventory fields without an RVTools column. */
const NEVER_EXPORTED: readonly string[] = [
  "hosts.api_version",
  "hosts.lockdown_mode",
  "hosts.clock_offset_ms",
  "clusters.vm_host_rules",
  "hosts.cpu.features",
  "hosts.cpu.features_unmasked",
  "hosts.ntp.startup_policy",
  "hosts.ntp.firewall_open",
  "hosts.ptp",
  "hosts.autostart",
  "hosts.options",
  "hosts.port_groups.uplinks",
  "distributed_switches.lacp_api_version",
  "distributed_port_groups.unused_uplinks",
  "datastores.ssd",
  "datastores.local",
  "virtual_machines.numa_node_affinity",
  "virtual_machines.drs_behavior",
  "permissions",
];

/** Properties of an export as a whole. */
export interface ExportFacts {
  readonly toolVersion: string | undefined;
  readonly collectedAt: string | undefined;
  /** Why the time of the collection is unknown, or how reliable it is. */
  readonly whyCollectedAt: string | undefined;
}

/** The tabs of an export, with a summary of what was read from each. */
export type Summaries = ReadonlyMap<Tab, TabSummary>;

/** The inventory of one server, from all tabs. */
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
  const list = <T>(key: string, tab: Tab, listing: Listing<T>, records: () => readonly unknown[]) => {
    const why = unusable(tabs, tab);
    if (why !== null) listing.gap(why);
    if (topLevelList(key, listing, coverage) !== undefined) record[key] = records();
  };
  estate.settleBlanks();
  for (const host of estate.hosts.items) settleHost(host, estate, tabs);
  settleEvcModes(estate);
  for (const each of estate.datastores.items) settleDatastoreHosts(each, estate);
  countMachines(estate, tabs);
  addUnlisted(estate, tabs);
  const clusters = clustersWithHosts(estate, unusable(tabs, "vCluster"));
  list("licences", "vLicense", estate.licences, () => estate.licences.items);
  list("datacenters", "vHost", datacentersOf(estate), () => datacentersOf(estate).items);
  if (topLevelList("clusters", estate.clusters, coverage) !== undefined) {
    record["clusters"] = clusters.map((cluster) => clusterRecord(cluster, estate, tabs));
  }
  list("hosts", "vHost", estate.hosts, () => estate.hosts.items.map((host) => hostRecord(host, estate, tabs)));
  list("distributed_switches", "dvSwitch", estate.distributedSwitches, () => distributedSwitches(estate, tabs));
  list("distributed_port_groups", "dvPort", estate.distributedPortGroups, () => estate.distributedPortGroups.items);
  list("datastores", "vDatastore", estate.datastores, () => estate.datastores.items.map((it) => it.record));
  list("resource_pools", "vRP", estate.resourcePools, () => resourcePools(estate));
  list("virtual_machines", "vInfo", estate.machines, () => virtualMachines(estate, tabs));
  cover(estate, tabs, facts);
  record["coverage"] = coverage.toRecord() ?? {};
  const incomplete = coverage.incompleteLists;
  if (incomplete !== undefined) record["incomplete"] = incomplete;
  return record;
}

function missingTab(tab: Tab): string {
  return `the RVTools export has no ${tab} tab`;
}

/** Why a tab is unusable; null if it can be read. */
function unusable(tabs: Summaries, tab: Tab): string | null {
  const summary = tabs.get(tab);
  return summary === undefined ? missingTab(tab) : summary.problem;
}

/** Reasons that apply to whole fields: never exported, no such tab, no such column. */
function cover({ coverage, vcenter }: ServerEstate, tabs: Summaries, facts: ExportFacts): void {
  for (const field of NEVER_EXPORTED) coverage.whole(field, NOT_EXPORTED_BY_RVTOOLS);
  coverage.whole("hosts.connection_state", "RVTools exports it only for hosts that have VMs");
  coverage.whole("hosts.ntp.protocol", "RVTools exports it only for hosts older than 7.0 or with a running ntpd");
  coverage.whole("hosts.cpu.cache_mb", "vSphere does not report the CPU cache size");
  if (facts.whyCollectedAt !== undefined) coverage.whole("collected_at", facts.whyCollectedAt);
  if (vcenter["version"] === undefined) coverage.whole("vcenter.version", missingTab("vSource"));
  for (const [tab, { gives }] of Object.entries(READINGS) as [
    keyof typeof READINGS,
    (typeof READINGS)[keyof typeof READINGS],
  ][]) {
    const summary = tabs.get(tab);
    const why = unusable(tabs, tab);
    for (const [path, fields] of gives) {
      for (const [field, { columns }] of Object.entries(fields)) {
        const key = `${path}.${field}`;
        if (FROM_ANOTHER_TAB.has(`${tab} ${field}`)) continue;
        if (why !== null) coverage.whole(key, why);
        else if (summary !== undefined && !columns.some((column) => summary.has(column)))
          coverage.whole(key, missingColumn(summary, columns[0] ?? field));
      }
    }
  }
  for (const [path, tab] of NESTED_LISTS) {
    const why = unusable(tabs, tab);
    if (why !== null) coverage.whole(path, why);
  }
  const switches = tabs.get("dvSwitch");
  if (switches?.problem === null && !switches.has("LACP Name"))
    coverage.whole("distributed_switches.lags", missingColumn(switches, "LACP Name"));
  const nics = tabs.get("vNIC");
  if (nics?.problem === null && !nics.has("Switch")) {
    coverage.whole("hosts.virtual_switches.uplinks", missingColumn(nics, "Switch"));
    coverage.whole("distributed_switches.hosts.uplinks", missingColumn(nics, "Switch"));
  }
}

const NESTED_LISTS = [
  ["hosts.physical_nics", "vNIC"],
  ["hosts.virtual_switches", "vSwitch"],
  ["hosts.virtual_switches.uplinks", "vNIC"],
  ["hosts.port_groups", "vPort"],
  ["distributed_switches.hosts.uplinks", "vNIC"],
  ["virtual_machines.disks", "vDisk"],
  ["virtual_machines.nics", "vNetwork"],
  ["virtual_machines.snapshots", "vSnapshot"],
] as const;

/** Fields that these tabs contain as well as vInfo, which takes precedence. */
const FROM_ANOTHER_TAB = new Set(["vCPU cpus", "vMemory memory_mb", "vTools hardware_version"]);

function missingColumn({ tab, isDatabaseDialect }: TabSummary, column: string): string {
  return isDatabaseDialect
    ? `the ${tab} tab was written with -DBColumnNames; export it again without that switch`
    : `the ${tab} tab has no column ${column}`;
}

/** Completes a host after all rows are read. */
function settleHost(host: HostDraft, estate: ServerEstate, tabs: Summaries): void {
  const { coverage } = estate;
  const { record, name, clusters, states, isDescribed } = host;
  if (isDescribed) settleDescribed(host, estate, tabs.get("vHost"));
  else if (host.shownBy.size === 0)
    coverage.object("hosts", name, "RVTools exported no data for it; it was disconnected or not readable");
  // The only thing known about them is that a cell cannot be read.
  for (const key of ["cpu", "ntp"])
    if (Object.keys(record[key] ?? {}).length === 0) Reflect.deleteProperty(record, key);
  const [other, ...more] = [...clusters].filter((cluster) => !sameName(record["cluster"], cluster));
  if (record["cluster"] == null && other !== undefined) {
    if (isDescribed || more.length > 0) {
      delete record["cluster"];
      const reason = `the vHost tab has no value, other tabs have ${other}`;
      coverage.field("hosts", name, "cluster", reason);
    } else record["cluster"] = other;
  }
  if (host.shownBy.size > 0) {
    coverage.object("hosts", name, `the vHost tab does not list it; the ${[...host.shownBy].join(", ")} tab does`);
  }
  if (states.has("connected")) record["connection_state"] = "connected";
  else if (states.size === 1 && states.has("disconnected")) record["connection_state"] = "disconnected";
}

/** Fields from several columns of vHost, which may be in different rows. */
function settleDescribed({ record, name }: HostDraft, estate: ServerEstate, tab: TabSummary | undefined): void {
  const { coverage } = estate;
  const [cpu, ntp] = [record["cpu"] as Record_ | undefined, record["ntp"] as Record_ | undefined];
  const isDisputed = cpu !== undefined && estate.isDisputed(cpu, "evc_mode");
  if (cpu?.["evc_mode"] === undefined && !isDisputed && tab?.has("Current EVC") === true) {
    coverage.field("hosts", name, "cpu.evc_mode", "Current EVC and Max EVC are blank, as in exports without EVC");
  }
  if (typeof cpu?.["cores"] === "number" && typeof cpu["hyperthreading_active"] === "boolean") {
    cpu["threads"] = cpu["cores"] * (cpu["hyperthreading_active"] ? 2 : 1);
  }
  // If ntpd is running, it sets the clock.
  const isOld = ntp?.["running"] !== undefined && precedesPtp(String(record["version"]));
  if (ntp !== undefined && (isOld || ntp["running"] === true)) ntp["protocol"] = "ntp";
  else if (ntp?.["running"] === false) {
    const reason = "ntpd is not running; the export does not show whether PTP is used";
    coverage.field("hosts", name, "ntp.protocol", reason);
  }
}

/** An incomplete list of hosts is worse than none. */
function settleDatastoreHosts({ record, name, hostCount }: DatastoreDraft, { coverage }: ServerEstate): void {
  const { value: count } = hostCount;
  const { hosts } = record;
  if (hosts === undefined && count === 0) record["hosts"] = [];
  if (!Array.isArray(hosts) || (count === undefined ? !hostCount.isDisputed : count === hosts.length)) return;
  delete record["hosts"];
  const counted = count === undefined ? "does not count them consistently" : `counts ${count}`;
  coverage.field("datastores", name, "hosts", `the vDatastore tab ${counted}, and lists ${hosts.length}`);
}

/** EVC is a setting of the cluster: a blank for one host does not mean "off" if another of its hosts has a mode. */
function settleEvcModes({ coverage, hosts }: ServerEstate): void {
  const modeOf = ({ record }: HostDraft) => (record["cpu"] as Record_ | undefined)?.["evc_mode"];
  const withMode = hosts.items.filter((host) => typeof modeOf(host) === "string");
  const byCluster = groupBy(withMode, ({ record }) => canonicalName(String(record["cluster"])));
  for (const host of hosts.items) {
    const { record, name } = host;
    if (modeOf(host) !== null || typeof record["cluster"] !== "string") continue;
    const inCluster = byCluster.get(canonicalName(record["cluster"])) ?? [];
    const other = inCluster.find((each) => sameDatacenter(each.record, record));
    if (other === undefined) continue;
    delete (record["cpu"] as Record_)["evc_mode"];
    coverage.field("hosts", name, "cpu.evc_mode", `Current EVC is blank, and set on ${other.name} of the same cluster`);
  }
}

function sameDatacenter(one: Record_, other: Record_): boolean {
  const [a, b] = [one["datacenter"], other["datacenter"]];
  return typeof a !== "string" || typeof b !== "string" || sameName(a, b);
}

/** Compares the listed VMs with the counts of hosts and datastores. */
function countMachines({ hosts, machines, datastores, coverage }: ServerEstate, tabs: Summaries): void {
  const byHost = new Map<string, VmDraft[]>();
  const onDatastore = new Map<string, number>();
  for (const machine of machines.items) {
    const key = canonicalName(String(machine.record["host"]));
    const group = byHost.get(key);
    if (group === undefined) byHost.set(key, [machine]);
    else group.push(machine);
    for (const name of machine.datastores) {
      const at = canonicalName(name);
      onDatastore.set(at, (onDatastore.get(at) ?? 0) + 1);
    }
  }
  for (const { name, record, counts } of hosts.items) {
    const own = (byHost.get(canonicalName(name)) ?? []).filter((machine) => sameDatacenter(machine.record, record));
    const running = own.filter(({ record: { power_state: power } }) => power !== "poweredOff");
    const cpus = running.map((machine) => machine.record["cpus"]);
    const all = cpus.reduce<number>((sum, count) => sum + (typeof count === "number" ? count : Infinity), 0);
    const reasons = [
      [counts.machines, own.length, "VMs"] as const,
      [counts.running, running.length, "running VMs"] as const,
      [counts.cpus, all, "vCPUs of running VMs"] as const,
    ].flatMap(([count, found, what]) => {
      if (count === undefined || count <= found) return [];
      return `the vHost tab counts ${count} ${what}, the export lists ${found}`;
    });
    const [reason] = reasons;
    if (reason !== undefined && unusable(tabs, "vInfo") === null)
      coverage.incomplete(`hosts[${name}].virtual_machines`, reason);
  }
  // Without the vCD tab, a VM may be visible only through a CD image on the datastore.
  const showsImages = tabs.has("vCD");
  for (const { name, machines: count } of datastores.items) {
    if (count === undefined) continue;
    const found = onDatastore.get(canonicalName(name)) ?? 0;
    const isLocated =
      showsImages && tabs.has("vDisk") && datastores.items.filter((it) => sameName(it.name, name)).length === 1;
    const listed = isLocated ? found : machines.named;
    if (count > listed) machines.gap(`the vDatastore tab counts ${count} VMs on ${name}, the export lists ${listed}`);
  }
}

/** Datastores and resource pools that only VMs refer to: what a tab lost is not absent. */
function addUnlisted(
  { machines, datastores, resourcePools: pools, poolPaths, coverage }: ServerEstate,
  tabs: Summaries,
): void {
  if (unusable(tabs, "vDatastore") === null) {
    const known = new Set(datastores.items.map(({ name }) => canonicalName(name)));
    for (const name of new Set(machines.items.flatMap((machine) => [...machine.datastores]))) {
      if (known.has(canonicalName(name))) continue;
      known.add(canonicalName(name));
      const draft: DatastoreDraft = { record: { name }, name, machines: undefined, hostCount: new AgreedValue() };
      datastores.add(draft);
      coverage.object("datastores", name, "the vDatastore tab does not list it, and VMs have files on it");
    }
  }
  if (unusable(tabs, "vRP") !== null) return;
  const known = new Set(pools.items.map(({ path }) => canonicalName(String(path))));
  const names = new Set(pools.items.map(({ name }) => canonicalName(String(name))));
  for (const path of poolPaths) {
    const name = decodeName(path.split("/").at(-1) ?? "");
    if (name === "" || known.has(canonicalName(path)) || names.has(canonicalName(name))) continue;
    pools.add({ name, path });
  }
}

function datacentersOf({ hosts, machines, distributedSwitches: switches }: ServerEstate): Listing<Record_> {
  const found = new Listing<Record_>();
  const all = [...hosts.items, ...machines.items, ...switches.items].flatMap(({ record }) =>
    typeof record["datacenter"] === "string" ? [record["datacenter"]] : [],
  );
  for (const name of new Set(all)) found.add({ name });
  if (hosts.reason !== null) found.gap(hosts.reason);
  return found;
}

/** With its EVC mode, which RVTools exports only for hosts. */
function clusterRecord(
  { cluster: { record, name }, hosts }: ClusterHosts,
  { coverage }: ServerEstate,
  tabs: Summaries,
): Record_ {
  if (hosts === null) {
    coverage.field("clusters", name, "datacenter", INDISTINCT);
    coverage.field("clusters", name, "evc_mode", INDISTINCT);
    return record;
  }
  const datacenter = agreed(hosts.map(({ record: host }) => host["datacenter"]));
  if (typeof datacenter === "string") record["datacenter"] = datacenter;
  const modes = hosts.map(({ record: host }) => (host["cpu"] as Record_ | undefined)?.["evc_mode"]);
  const mode = agreed(modes);
  if (mode !== undefined) record["evc_mode"] = mode;
  else coverage.field("clusters", name, "evc_mode", unknownMode(hosts, modes, tabs));
  return record;
}

const INDISTINCT = "RVTools does not distinguish clusters with the same name";

function unknownMode(members: readonly HostDraft[], modes: readonly unknown[], tabs: Summaries): string {
  const why = unusable(tabs, "vHost");
  if (why !== null) return why;
  if (members.length === 0) return "RVTools exports EVC only for hosts, and the cluster has none";
  const given = new Set(modes.filter((mode) => mode !== undefined));
  if (given.size > 1) return "RVTools exports EVC only for hosts, and the hosts of the cluster differ";
  const withoutMode = members.find((_, index) => modes[index] === undefined);
  return withoutMode === undefined
    ? "RVTools exports EVC only for hosts, and the hosts of the cluster differ"
    : `RVTools exports EVC only for hosts, but not for ${withoutMode.name}`;
}

/** The common value of all; undefined if one is unknown, or they differ. */
function agreed(values: readonly unknown[]): unknown {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

function hostRecord(host: HostDraft, estate: ServerEstate, tabs: Summaries): Record_ {
  const { coverage, vcenter } = estate;
  const { record, name, nics, switches, portGroups, uplinks } = host;
  if (vcenter["api_type"] === "VirtualCenter") record["managed_by_vcenter"] = true;
  else
    coverage.field(
      "hosts",
      name,
      "managed_by_vcenter",
      "RVTools does not export what manages the host that it was connected to",
    );
  if (isRead(tabs, "vNIC")) {
    if (nics.items.length === 0 && nics.reason === null) nics.gap("the vNIC tab shows none of them");
    const found = ownList(nics, coverage, ["hosts", name, "physical_nics"]);
    if (found !== undefined) record["physical_nics"] = found;
  }
  const why = whyNoUplinks(host, tabs);
  for (const theSwitch of switches.items) {
    if (why === null) theSwitch["uplinks"] = uplinks.get(decodeName(String(theSwitch["name"]))) ?? [];
  }
  if (why !== null && switches.items.length > 0 && why !== "") {
    coverage.field("hosts", name, "virtual_switches.uplinks", why);
  }
  takeParts(host, "virtual_switches", "vSwitch", switches, estate, tabs);
  takeParts(host, "port_groups", "vPort", portGroups, estate, tabs);
  return record;
}

function isRead(tabs: Summaries, tab: Tab): boolean {
  return unusable(tabs, tab) === null;
}

/** A missing entry in a tab is meaningful only for hosts that RVTools could read. */
function takeParts(
  { record, name, isDescribed }: HostDraft,
  field: string,
  tab: Tab,
  listing: Listing<Record_>,
  { coverage }: ServerEstate,
  tabs: Summaries,
): void {
  if (!isRead(tabs, tab) || (!isDescribed && listing.seen === 0)) return;
  const found = ownList(listing, coverage, ["hosts", name, field]);
  if (found !== undefined) record[field] = found;
}

/**
 * Why the uplinks of a host's switches are unknown; empty if the reason is recorded for all hosts. Only the adapters
 * show their switch: with half of them, the switch would seem to have one or none.
 */
function whyNoUplinks({ nics, unassignedNics }: HostDraft, tabs: Summaries): string | null {
  const summary = tabs.get("vNIC");
  if (summary?.problem !== null || !summary.has("Switch")) return "";
  if (nics.reason !== null) return nics.reason;
  const [first] = unassignedNics;
  return first === undefined ? null : `the vNIC tab does not show the switch of ${first}, which has a link`;
}

function distributedSwitches(estate: ServerEstate, tabs: Summaries): readonly Record_[] {
  return estate.distributedSwitches.items.map(({ record, name, members }) => {
    if (members.length === 0) {
      estate.coverage.field("distributed_switches", name, "hosts", "RVTools exports no host for it");
      return record;
    }
    record["hosts"] = members.map((member) => {
      const host = estate.host(member);
      const isExported = host !== undefined && whyNoUplinks(host, tabs) === null;
      return { name: member, ...(isExported && { uplinks: host.uplinks.get(name) ?? [] }) };
    });
    return record;
  });
}

/** A pool's path contains its cluster, or the host that it belongs to: `/dc1/host/vc-core/Resources/pexip`. */
function resourcePools({ resourcePools: pools, clusters, hosts, coverage }: ServerEstate): readonly Record_[] {
  return pools.items.map((record) => {
    const path = typeof record["path"] === "string" ? record["path"] : "";
    const steps = path.split("/").map(decodeName);
    const owner = steps[steps.indexOf("Resources") - 1];
    const cluster = clusters.items.find(({ name }) => owner !== undefined && sameName(owner, name));
    if (cluster !== undefined) record["cluster"] = cluster.name;
    else if (hosts.items.some(({ name }) => owner !== undefined && sameName(owner, name))) record["cluster"] = null;
    else {
      const reason = "its path contains no cluster or host of the export";
      coverage.field("resource_pools", String(record["name"]), "cluster", reason);
    }
    return record;
  });
}

function virtualMachines(estate: ServerEstate, tabs: Summaries): readonly Record_[] {
  const byName = groupBy(estate.clusters.items, ({ name }) => canonicalName(name));
  return estate.machines.items.map((machine) => {
    const { record, disks, nics, addresses, name } = machine;
    if (!machine.tabs.has("vInfo")) {
      const reason = `the vInfo tab does not list it; the ${[...machine.tabs].join(", ")} tab does`;
      estate.coverage.object("virtual_machines", name, reason);
    }
    settleMachine(machine, estate);
    if (isRead(tabs, "vDisk")) wholeList("disks", disks, "vDisk", machine, estate);
    if (isRead(tabs, "vNetwork")) wholeList("nics", nics, "vNetwork", machine, estate);
    if (addresses.size > 0) record["ip_addresses"] = [...addresses];
    countSnapshots(machine, estate, tabs);
    const priority = record["ha_restart_priority"];
    if (typeof priority === "string" && /^cluster/i.test(priority)) {
      const ofCluster = clusterPriority(record, byName.get(canonicalName(String(record["cluster"]))) ?? []);
      if (ofCluster !== undefined) record["ha_restart_priority"] = ofCluster;
      else {
        delete record["ha_restart_priority"];
        const reason = "it is that of the VM's cluster, which the vCluster tab does not show unambiguously";
        estate.coverage.field("virtual_machines", name, "ha_restart_priority", reason);
      }
    }
    return record;
  });
}

/**
 * The priority of a machine from its cluster; undefined if the cluster is unknown, or one of several with the name and
 * different priorities.
 */
function clusterPriority(machine: Record_, clusters: readonly ClusterDraft[]): string | undefined {
  const priorities = clusters
    .filter(({ name, record }) => sameName(machine["cluster"], name) && sameDatacenter(machine, record))
    .map(({ restartPriority }) => restartPriority.value);
  return agreed(priorities) as string | undefined;
}

/**
 * The meaning of a machine's blank cell depends on its host: whether it has a cluster, and whether EVC is off there.
 */
function settleMachine({ record, tabs }: VmDraft, estate: ServerEstate): void {
  const host = typeof record["host"] === "string" ? estate.host(record["host"]) : undefined;
  if (host === undefined) return;
  const { record: onHost } = host;
  if (record["cluster"] === undefined && onHost["cluster"] !== undefined) record["cluster"] = onHost["cluster"];
  const isOff = (onHost["cpu"] as Record_ | undefined)?.["evc_mode"] === null;
  if (isOff && tabs.has("vInfo")) record["min_required_evc_mode"] ??= null;
}

function countSnapshots(machine: VmDraft, estate: ServerEstate, tabs: Summaries): void {
  const { record, name, snapshots, hasDeltaDisk } = machine;
  if (!isRead(tabs, "vSnapshot")) return;
  const isStray = estate.namesOfStraySnapshots.has(canonicalName(name));
  const why = isStray
    ? "the vSnapshot tab does not distinguish VMs with this name"
    : hasDeltaDisk && snapshots === 0
      ? "the vDisk tab shows a snapshot disk, but the vSnapshot tab shows no snapshot"
      : estate.snapshotGap;
  if (why === null) record["snapshots"] = snapshots;
  else estate.coverage.field("virtual_machines", name, "snapshots", why);
}

/** A list is complete if it has as many entries as vInfo counts; a shorter one is worse than none. */
function wholeList(
  field: "disks" | "nics",
  listing: Listing<Record_>,
  tab: Tab,
  { record, name }: VmDraft,
  { coverage }: ServerEstate,
): void {
  if (listing.items.length === 0 && listing.witnesses.length === 0) {
    listing.gap(`the ${tab} tab shows none, and the vInfo tab does not count them`);
  }
  const found = ownList(listing, coverage, ["virtual_machines", name, field]);
  if (found !== undefined) record[field] = found;
}

function sameName(value: unknown, name: string): boolean {
  return typeof value === "string" && canonicalName(value) === canonicalName(name);
}
