import { canonicalName, decodeName } from "../../values/network/host-name.ts";
import { flag, integer, name, names, text } from "./cells.ts";
import {
  CLUSTER,
  CPU,
  DATASTORE,
  datastoreOfPath,
  DISK,
  DISTRIBUTED_PORT_GROUP,
  DISTRIBUTED_SWITCH,
  HOST,
  NIC,
  NTP,
  PHYSICAL_NIC,
  PORT_GROUP,
  RESOURCE_POOL,
  VIRTUAL_SWITCH,
  VM,
  VM_CPU,
  VM_MEMORY,
  VM_PLACE,
  VM_TOOLS,
} from "./fields.ts";
import { licenceEdition } from "../mapping/licences.ts";
import type { ListName } from "../mapping/coverage.ts";
import type { Listing } from "../mapping/listing.ts";
import {
  AgreedValue,
  clusterDraft,
  greater,
  type HostDraft,
  hostDraft,
  type Record_,
  type ServerEstate,
  type VmDraft,
  vmDraft,
} from "./server-estate.ts";
import type { Tab } from "../content/tables.ts";
import type { FieldColumns, TabKey, TabRow } from "./tab-reader.ts";

/** How to read a tab: the column that names its rows, and the handling of a row. */
export interface TabReading extends TabKey {
  readonly read: (row: TabRow, estate: ServerEstate) => void;
  /** Records what a row without a name makes unknown. */
  readonly unnamed: (row: TabRow, estate: ServerEstate) => void;
  /** The fields from its columns, by their parent path in the inventory; for the coverage. */
  readonly gives: readonly (readonly [path: string, columns: FieldColumns])[];
}

/** A record with a name and the fields of a row, with its origin. */
function recordOf(
  row: TabRow,
  estate: ServerEstate,
  columns: FieldColumns,
  list: ListName,
  within?: readonly [object: string, field: string],
): Record_ {
  const own = decodeName(row.name ?? "");
  const [object, prefix] = within === undefined ? [own, ""] : [within[0], `${within[1]}.`];
  const record = fill({ name: own }, row, columns, estate, { list, object, prefix });
  estate.origins.add(record, row.origin(columns));
  return record;
}

/** Adds the fields of a row to a record; a cell that cannot be read makes its field unknown. */
function fill(
  record: Record_,
  row: TabRow,
  columns: FieldColumns,
  estate: ServerEstate,
  { list, object, prefix = "" }: { readonly list: ListName; readonly object: string; readonly prefix?: string },
): Record_ {
  const fields = row.fields(columns, {
    missing: (field, reason) => {
      estate.leaveUnknown(list, object, record, `${prefix}${field}`, reason);
    },
    implied: (field, beside) => {
      estate.imply(record, field, beside);
    },
  });
  return Object.assign(record, fields);
}

const host: TabReading = {
  key: "Host",
  gives: [
    ["hosts", HOST],
    ["hosts.cpu", CPU],
    ["hosts.ntp", NTP],
  ],
  unnamed: (_, { hosts }) => hosts.addUnnamed("the vHost tab"),
  read(row, estate) {
    const record = recordOf(row, estate, HOST, "hosts");
    const own = String(record["name"]);
    const isDescribed = text(row.cell("CPU Model")) !== undefined || text(row.cell("ESX Version")) !== undefined;
    const cpu = fill({}, row, CPU, estate, { list: "hosts", object: own, prefix: "cpu." });
    const ntp = fill({}, row, NTP, estate, { list: "hosts", object: own, prefix: "ntp." });
    const licence = text(row.cell("Assigned License(s)"));
    // Some versions write the key there, which does not contain the edition and is removed.
    if (licence !== undefined && /[a-z]{4}/i.test(licence)) record["edition"] = licenceEdition(licence);
    attach(record, "cpu", cpu, row, CPU, estate);
    attach(record, "ntp", ntp, row, NTP, estate);
    const [all, running] = [integer(row.cell("# VMs total")), integer(row.cell("# VMs"))];
    // Before there was a column for all of them, "# VMs" had that meaning.
    const counts = row.hasColumn("# VMs total")
      ? { machines: all, running, cpus: integer(row.cell("# vCPUs")) }
      : { machines: running, running: undefined, cpus: integer(row.cell("# vCPUs")) };
    const draft = hostDraft(record, counts, isDescribed);
    const first = estate.byId.hosts.firstOf({ object: row.object, name: own }, draft);
    const nicCount = integer(row.cell("# NICs"));
    if (nicCount !== undefined) first.nics.witness(nicCount, `the vHost tab counts ${nicCount} adapters`);
    if (first !== draft) {
      estate.unite("hosts", own, first.record, record);
      first.isDescribed ||= isDescribed;
      first.counts = {
        machines: greater(first.counts.machines, counts.machines),
        running: greater(first.counts.running, counts.running),
        cpus: greater(first.counts.cpus, counts.cpus),
      };
      return;
    }
    estate.addHost(draft);
  },
};

/** Attaches a nested record, unless it is empty and has no unreadable cells. */
function attach(
  record: Record_,
  key: string,
  part: Record_,
  row: TabRow,
  columns: FieldColumns,
  estate: ServerEstate,
): void {
  if (Object.keys(part).length === 0 && !estate.hasDisputed(part)) return;
  record[key] = part;
  estate.origins.add(part, row.origin(columns));
}

const cluster: TabReading = {
  key: "Name",
  gives: [["clusters", CLUSTER]],
  unnamed: (_, { clusters }) => clusters.addUnnamed("the vCluster tab"),
  read(row, estate) {
    const record = recordOf(row, estate, CLUSTER, "clusters");
    const draft = clusterDraft(record);
    draft.restartPriority.add(text(row.cell("Restart Priority")));
    draft.cores.add(integer(row.cell("NumCpuCores")), text(row.cell("NumCpuCores")) !== undefined);
    const first = estate.byId.clusters.firstOf({ object: row.object, name: draft.name }, draft);
    if (first === draft) {
      estate.clusters.add(draft);
      return;
    }
    estate.unite("clusters", draft.name, first.record, record);
    first.restartPriority.join(draft.restartPriority);
    first.cores.join(draft.cores);
  },
};

const info: TabReading = {
  key: "VM",
  gives: [["virtual_machines", VM]],
  unnamed: (_, { machines }) => machines.addUnnamed("the vInfo tab"),
  read(row, estate) {
    if (row.name === undefined) return;
    const record = recordOf(row, estate, VM, "virtual_machines");
    const machine = vmDraft(record, text(row.cell("VM ID")));
    for (const [list, column] of [
      [machine.nics, "NICs"],
      [machine.disks, "Disks"],
    ] as const) {
      const count = integer(row.cell(column));
      if (count !== undefined) list.witness(count, `the vInfo tab counts ${count} of them`);
    }
    for (const address of names(row.cell("Primary IP Address")) ?? []) machine.addresses.add(address);
    const first = estate.byId.machines.firstOf({ object: row.object, name: machine.name }, machine);
    if (first === machine) estate.addMachine(machine, machineKeys(row));
    else {
      estate.unite("virtual_machines", machine.name, first.record, record);
      for (const address of machine.addresses) first.addresses.add(address);
      for (const list of ["nics", "disks"] as const) {
        for (const { count, source } of machine[list].witnesses) first[list].witness(count, source);
      }
    }
    look(row, first, "vInfo", estate);
    notePool(row, estate);
  },
};

/** By its id if the tab has it, else by its name and placement: names alone are not unique. */
function machineKeys(row: TabRow): readonly string[] {
  const id = text(row.cell("VM ID"));
  const place = ["Datacenter", "Cluster", "Host"].map((column) => text(row.cell(column))?.toLowerCase() ?? "");
  const byPlace = row.name === undefined ? [] : [`at ${JSON.stringify([row.name.toLowerCase(), ...place])}`];
  return [...(id === undefined ? [] : [`id ${id}`]), ...byPlace];
}

/**
 * The machine of a row; null if it may be one of several. One that is missing from vInfo is still listed: what is not
 * in one tab is not absent.
 */
function machineOf(row: TabRow, tab: Tab, estate: ServerEstate): VmDraft | null {
  const keys = machineKeys(row);
  const id = text(row.cell("VM ID"));
  const found = estate.machine(keys);
  const isOther = found != null && id !== undefined && found.id !== undefined && found.id !== id;
  if (found === null) return null;
  if (found !== undefined && !isOther) {
    look(row, found, tab, estate);
    return found;
  }
  if (row.name === undefined) {
    estate.machines.addUnnamed(`the ${tab} tab`);
    return null;
  }
  const record: Record_ = { name: decodeName(row.name) };
  const machine = vmDraft(record, id);
  estate.origins.add(record, row.origin(VM_PLACE));
  estate.addMachine(machine, keys);
  look(row, machine, tab, estate);
  return machine;
}

/** Reads the columns that every tab has about a machine and its host. */
function look(row: TabRow, machine: VmDraft, tab: Tab, estate: ServerEstate): void {
  machine.tabs.add(tab);
  const place = row.fields(VM_PLACE);
  if (Object.keys(place).length > 0) {
    estate.origins.add(place, row.origin(VM_PLACE));
    estate.unite("virtual_machines", machine.name, machine.record, place);
    estate.origins.forget(place);
  }
  const path = datastoreOfPath(row.cell("Path"));
  if (path !== undefined) machine.datastores.add(path);
  const on = hostOf(row, tab, estate);
  const state = text(row.cell("Connection state"))?.toLowerCase();
  if (on != null && state !== undefined) on.states.add(state);
}

/** A tab that adds fields to machines. */
function machineFields(tab: Tab, columns: FieldColumns): TabReading {
  return {
    key: "VM",
    ids: ["VM ID"],
    gives: [["virtual_machines", columns]],
    unnamed: (_, { machines }) => machines.addUnnamed(`the ${tab} tab`),
    read(row, estate) {
      const machine = machineOf(row, tab, estate);
      if (machine === null) return;
      const fields = fill({}, row, columns, estate, { list: "virtual_machines", object: machine.name });
      estate.origins.add(fields, row.origin(columns));
      estate.unite("virtual_machines", machine.name, machine.record, fields);
      estate.origins.forget(fields);
      estate.origins.add(machine.record, row.origin(columns));
    },
  };
}

const disk: TabReading = {
  key: "VM",
  ids: ["VM ID"],
  gives: [["virtual_machines.disks", DISK]],
  unnamed: (_, { machines }) => machines.items.forEach(({ disks }) => disks.gap(STRAY("vDisk"))),
  read(row, estate) {
    const machine = machineOf(row, "vDisk", estate);
    if (machine === null) return;
    const record = fill({}, row, DISK, estate, { list: "virtual_machines", object: machine.name, prefix: "disks." });
    estate.origins.add(record, row.origin(DISK));
    machine.disks.add(record);
    for (const column of ["Path", "Disk Path"]) {
      const path = text(row.cell(column)) ?? "";
      if (/-\d{6}\.vmdk$/i.test(path)) machine.hasDeltaDisk = true;
      const on = datastoreOfPath(path);
      if (on !== undefined) machine.datastores.add(on);
    }
  },
};

/** Why a list of any machine may be incomplete. */
const STRAY = (tab: Tab) => `a row of the ${tab} tab has no VM name`;

const network: TabReading = {
  key: "VM",
  ids: ["VM ID"],
  gives: [["virtual_machines.nics", NIC]],
  unnamed: (_, { machines }) => machines.items.forEach(({ nics }) => nics.gap(STRAY("vNetwork"))),
  read(row, estate) {
    const machine = machineOf(row, "vNetwork", estate);
    if (machine === null) return;
    const record = fill({}, row, NIC, estate, { list: "virtual_machines", object: machine.name, prefix: "nics." });
    estate.origins.add(record, row.origin(NIC));
    machine.nics.add(record);
    for (const column of ["IPv4 Address", "IPv6 Address", "IP Address"]) {
      for (const address of names(row.cell(column)) ?? []) machine.addresses.add(address);
    }
  },
};

const snapshot: TabReading = {
  key: "VM",
  ids: ["VM ID"],
  gives: [],
  unnamed(_, estate) {
    estate.snapshotGap = STRAY("vSnapshot");
  },
  read(row, estate) {
    const keys = machineKeys(row);
    const known = estate.machine(keys);
    // A snapshot whose placement differs from that of every machine of its name may belong to any of them.
    const isStray =
      known === null ||
      (known === undefined &&
        estate.machines.items.some((each) => canonicalName(each.name) === canonicalName(row.name ?? "")));
    const machine = isStray ? null : machineOf(row, "vSnapshot", estate);
    if (machine !== null) machine.snapshots += 1;
    else if (row.name === undefined) estate.snapshotGap = STRAY("vSnapshot");
    else estate.namesOfStraySnapshots.add(canonicalName(row.name));
  },
};

/**
 * The host of a row; null if it may be one of several, undefined if the row names none. One that is missing from vHost
 * is still listed: what is not in one tab is not absent.
 */
function hostOf(row: TabRow, tab: Tab, estate: ServerEstate): HostDraft | null | undefined {
  const own = name(row.cell("Host"));
  if (own === undefined) return undefined;
  const [datacenter, clusterName] = [name(row.cell("Datacenter")), name(row.cell("Cluster"))];
  const found = estate.host(own) ?? estate.hostIn(own, datacenter, clusterName);
  if (found === undefined && estate.hasHost(own)) return null;
  const draft = found ?? unlistedHost(own, datacenter, row, tab, estate);
  if (clusterName !== undefined) draft.clusters.add(clusterName);
  return draft;
}

function unlistedHost(
  own: string,
  datacenter: string | undefined,
  row: TabRow,
  tab: Tab,
  estate: ServerEstate,
): HostDraft {
  const record: Record_ = { name: own, ...(datacenter !== undefined && { datacenter }) };
  estate.origins.add(record, row.origin({}));
  const draft = hostDraft(record);
  draft.shownBy.add(tab);
  estate.addHost(draft);
  return draft;
}

function mayBeIn(own: unknown, cluster: string): boolean {
  return typeof own !== "string" || canonicalName(own) === canonicalName(cluster);
}

/** A tab with a row for each part of a host. */
function hostParts(
  tab: Tab,
  key: string,
  path: string,
  columns: FieldColumns,
  listOf: (draft: HostDraft) => Listing<Record_>,
  take: (record: Record_, row: TabRow, draft: HostDraft) => void = () => undefined,
): TabReading {
  const stray = (row: TabRow, estate: ServerEstate, reason: string) => {
    const [own, clusterName] = [name(row.cell("Host")), name(row.cell("Cluster"))];
    for (const each of estate.hosts.items) {
      const isIt = own === undefined || canonicalName(own) === canonicalName(each.name);
      const isThere = own !== undefined || clusterName === undefined || mayBeIn(each.record["cluster"], clusterName);
      if (isIt && isThere) listOf(each).gap(reason);
    }
  };
  return {
    key,
    gives: [[`hosts.${path}`, columns]],
    unnamed(row, estate) {
      const draft = hostOf(row, tab, estate);
      if (draft != null) listOf(draft).addUnnamed(`the ${tab} tab`);
      else stray(row, estate, `an entry of the ${tab} tab has neither name nor host`);
    },
    read(row, estate) {
      const draft = hostOf(row, tab, estate);
      if (draft === undefined) stray(row, estate, `${row.name ?? ""} of the ${tab} tab has no host`);
      else if (draft === null) stray(row, estate, `the ${tab} tab does not distinguish several hosts of this name`);
      else {
        const record = recordOf(row, estate, columns, "hosts", [draft.name, path]);
        take(record, row, draft);
        listOf(draft).add(record);
      }
    },
  };
}

const nic = hostParts(
  "vNIC",
  "Network Device",
  "physical_nics",
  PHYSICAL_NIC,
  ({ nics }) => nics,
  (record, row, draft) => {
    const duplex = text(row.cell("Duplex"))?.toLowerCase();
    if (duplex?.includes("down") === true || record["speed_mbps"] === 0) record["speed_mbps"] = null;
    else {
      const isFull = duplex === "full" || duplex === "half" ? duplex === "full" : flag(row.cell("Duplex"));
      if (isFull !== undefined) record["full_duplex"] = isFull;
    }
    const onSwitch = name(row.cell("Switch"));
    if (onSwitch !== undefined) {
      draft.uplinks.set(onSwitch, [...(draft.uplinks.get(onSwitch) ?? []), String(record["name"])]);
    } else if (record["speed_mbps"] !== null) draft.unassignedNics.push(String(record["name"]));
  },
);

const virtualSwitch = hostParts("vSwitch", "Switch", "virtual_switches", VIRTUAL_SWITCH, ({ switches }) => switches);

const portGroup = hostParts("vPort", "Port Group", "port_groups", PORT_GROUP, ({ portGroups }) => portGroups);

const distributedSwitch: TabReading = {
  key: "Switch",
  gives: [["distributed_switches", DISTRIBUTED_SWITCH]],
  unnamed: (_, { distributedSwitches }) => distributedSwitches.addUnnamed("the dvSwitch tab"),
  read(row, estate) {
    const record = recordOf(row, estate, DISTRIBUTED_SWITCH, "distributed_switches");
    const members = names(row.cell("Host members")) ?? [];
    const lags = lagsOf(row);
    if (lags !== null) record["lags"] = lags;
    if (lags?.length === 0) estate.imply(record, "lags", []);
    const draft = { record, name: String(record["name"]), members };
    const first = estate.byId.distributedSwitches.firstOf({ object: row.object, name: draft.name }, draft);
    if (lags === null && row.hasColumn("LACP Name")) {
      const reason = "the cells LACP Name and LACP Load Balance Alg. contain several values in an undocumented order";
      estate.leaveUnknown("distributed_switches", draft.name, first.record, "lags", reason);
    }
    if (first === draft) {
      estate.distributedSwitches.add(draft);
      return;
    }
    estate.unite("distributed_switches", draft.name, first.record, record);
    first.members = [...new Set([...first.members, ...members])];
  },
};

/**
 * The LAG of a switch: one row has them all. The format of several in a cell is not documented, and no public export
 * shows it, so they are not read then: null, as if the tab had no such column.
 */
function lagsOf(row: TabRow): readonly Record_[] | null {
  if (!row.hasColumn("LACP Name")) return null;
  const lag = text(row.cell("LACP Name"));
  const algorithm = text(row.cell("LACP Load Balance Alg."));
  if (lag === undefined) return [];
  if ([lag, algorithm ?? ""].some((cell) => /[,;|\n]/.test(cell))) return null;
  return [{ name: decodeName(lag), ...(algorithm !== undefined && { load_balance: algorithm }) }];
}

const distributedPortGroup: TabReading = {
  key: "Port",
  gives: [["distributed_port_groups", DISTRIBUTED_PORT_GROUP]],
  unnamed: (_, { distributedPortGroups }) => distributedPortGroups.addUnnamed("the dvPort tab"),
  read(row, estate) {
    const record = recordOf(row, estate, DISTRIBUTED_PORT_GROUP, "distributed_port_groups");
    // A port group has uplinks: if one of the two cells has some, a blank in the other means none.
    for (const [field, other, column] of [
      ["active_uplinks", "standby_uplinks", "Active Uplink"],
      ["standby_uplinks", "active_uplinks", "Standby Uplink"],
    ] as const) {
      if (record[field] !== undefined || record[other] === undefined || !row.hasColumn(column)) continue;
      record[field] = [];
      estate.imply(record, field, [other]);
    }
    const own = String(record["name"]);
    const first = estate.byId.distributedPortGroups.firstOf({ object: row.object, name: own }, record);
    if (first === record) estate.distributedPortGroups.add(record);
    else estate.unite("distributed_port_groups", own, first, record);
  },
};

const datastore: TabReading = {
  key: "Name",
  gives: [["datastores", DATASTORE]],
  unnamed: (_, { datastores }) => datastores.addUnnamed("the vDatastore tab"),
  read(row, estate) {
    const record = recordOf(row, estate, DATASTORE, "datastores");
    const hosts = names(row.cell("Hosts"));
    if (hosts !== undefined) record["hosts"] = hosts;
    const hostCount = new AgreedValue<number>();
    hostCount.add(integer(row.cell("# Hosts")), text(row.cell("# Hosts")) !== undefined);
    const machines = integer(row.cell("# VMs total")) ?? integer(row.cell("# VMs"));
    const draft = { record, name: String(record["name"]), machines, hostCount };
    const first = estate.byId.datastores.firstOf({ object: row.object, name: draft.name }, draft);
    if (first === draft) {
      estate.datastores.add(draft);
      return;
    }
    estate.unite("datastores", draft.name, first.record, record);
    first.machines = greater(first.machines, machines);
    first.hostCount.join(hostCount);
  },
};

const resourcePool: TabReading = {
  key: "Resource Pool name",
  gives: [["resource_pools", RESOURCE_POOL]],
  unnamed: (_, { resourcePools }) => resourcePools.addUnnamed("the vRP tab"),
  read(row, estate) {
    const record = recordOf(row, estate, RESOURCE_POOL, "resource_pools");
    const own = String(record["name"]);
    const first = estate.byId.resourcePools.firstOf({ object: row.object, name: own }, record);
    if (first === record) estate.resourcePools.add(record);
    else estate.unite("resource_pools", own, first, record);
  },
};

/** The resource pool of a machine exists, whether or not the vRP tab lists it. */
function notePool(row: TabRow, { poolPaths }: ServerEstate): void {
  const path = text(row.cell("Resource pool"));
  if (path?.includes("/Resources/") === true) poolPaths.add(path);
}

/** The name of a licence; its key, which is also in the tab, is never read. */
const licence: TabReading = {
  key: "Name",
  gives: [],
  unnamed: (_, { licences }) => licences.addUnnamed("the vLicense tab"),
  read(row, estate) {
    const own = row.name ?? "";
    estate.licences.add({ name: own, edition: licenceEdition(own) });
  },
};

/** A tab from which only the names of machines and the datastores of their files are read. */
function machineWitness(tab: Tab): TabReading {
  return {
    key: "VM",
    ids: ["VM ID"],
    gives: [],
    unnamed: () => undefined,
    read(row, estate) {
      const machine = machineOf(row, tab, estate);
      const on = datastoreOfPath(/\[[^\]]+\]/.exec(text(row.cell("Device Type")) ?? "")?.[0]);
      if (machine !== null && on !== undefined) machine.datastores.add(on);
    },
  };
}

/** A tab from which only the names of hosts are read. */
function hostWitness(tab: Tab): TabReading {
  return {
    key: "Host",
    gives: [],
    unnamed: () => undefined,
    read: (row, estate) => {
      hostOf(row, tab, estate);
    },
  };
}

/** How to read each tab; those about the export as a whole are read before. */
export const READINGS: Readonly<Record<Exclude<Tab, "vMetaData" | "vSource">, TabReading>> = {
  vHost: host,
  vCluster: cluster,
  vInfo: info,
  vCPU: machineFields("vCPU", VM_CPU),
  vMemory: machineFields("vMemory", VM_MEMORY),
  vDisk: disk,
  vNetwork: network,
  vTools: machineFields("vTools", VM_TOOLS),
  vSnapshot: snapshot,
  vNIC: nic,
  vSwitch: virtualSwitch,
  vPort: portGroup,
  dvSwitch: distributedSwitch,
  dvPort: distributedPortGroup,
  vDatastore: datastore,
  vRP: resourcePool,
  vLicense: licence,
  vPartition: machineWitness("vPartition"),
  vCD: machineWitness("vCD"),
  vUSB: machineWitness("vUSB"),
  vFloppy: machineWitness("vFloppy"),
  vHBA: hostWitness("vHBA"),
  vSC_VMK: hostWitness("vSC_VMK"),
};
