import { precedesPtp } from "../../facts/esxi-version.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { flag, integer, names, text } from "./cells.ts";
import {
  CLUSTER,
  CPU,
  DATASTORE,
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
  VM_TOOLS,
} from "./fields.ts";
import { licenceEdition } from "../mapping/licences.ts";
import type { Record_, ServerEstate } from "./server-estate.ts";
import type { Tab } from "./tables.ts";
import type { FieldColumns, TabRow } from "./tab-reader.ts";

/** How a tab is read: the column that names its rows, and what becomes of a row. */
export interface TabReading {
  readonly key: string;
  readonly read: (row: TabRow, estate: ServerEstate) => void;
  /** The fields that its columns give, by the path in the inventory below which they stand; for the coverage. */
  readonly gives: readonly (readonly [path: string, columns: FieldColumns])[];
}

/** A record called `name`, with the fields that the row gives; the inventory says where they stand. */
function recordOf(row: TabRow, { origins }: ServerEstate, key: string, columns: FieldColumns): Record_ {
  const record: Record_ = { name: text(row.cell(key)) ?? "", ...row.fields(columns) };
  origins.add(record, row.origin(key, columns));
  return record;
}

const host: TabReading = {
  key: "Host",
  gives: [
    ["hosts", HOST],
    ["hosts.cpu", CPU],
    ["hosts.ntp", NTP],
  ],
  read(row, estate) {
    const record = recordOf(row, estate, "Host", HOST);
    const name = String(record["name"]);
    const isDescribed = text(row.cell("CPU Model")) !== undefined || text(row.cell("ESX Version")) !== undefined;
    const cpu = row.fields(CPU);
    const ntp = row.fields(NTP);
    if (isDescribed) {
      // A blank cell says "none" only of a host that RVTools could look into.
      if (row.hasColumn("Cluster")) record["cluster"] ??= null;
      if (row.hasColumn("Max EVC")) cpu["max_evc_mode"] ??= null;
      if (row.hasColumn("Current EVC")) cpu["evc_mode"] ??= null;
      if (row.hasColumn("NTP Server(s)") && ntp["running"] !== undefined) ntp["servers"] ??= [];
      // Where ntpd runs, it sets the clock.
      const isOld = ntp["running"] !== undefined && precedesPtp(String(record["version"]));
      if (isOld || ntp["running"] === true) ntp["protocol"] = "ntp";
    } else {
      estate.coverage.object("hosts", name, "RVTools shows nothing of it; it was not connected, or may not be read");
    }
    if (typeof cpu["cores"] === "number" && typeof cpu["hyperthreading_active"] === "boolean") {
      cpu["threads"] = cpu["cores"] * (cpu["hyperthreading_active"] ? 2 : 1);
    }
    const licence = text(row.cell("Assigned License(s)"));
    // Some versions write the key there, which says nothing of the edition and is blanked.
    if (licence !== undefined && /[a-z]{4}/i.test(licence)) record["edition"] = licenceEdition(licence);
    attach(record, "cpu", cpu, row, CPU, estate);
    attach(record, "ntp", ntp, row, NTP, estate);
    const nicCount = integer(row.cell("# NICs"));
    estate.addHost({ record, name, isDescribed, nicCount, nics: [], switches: [], portGroups: [], uplinks: new Map() });
  },
};

/** Puts a nested record into its place, unless nothing is known of it. */
function attach(
  record: Record_,
  key: string,
  part: Record_,
  row: TabRow,
  columns: FieldColumns,
  { origins }: ServerEstate,
): void {
  if (Object.keys(part).length === 0) return;
  record[key] = part;
  origins.add(part, row.origin("Host", columns));
}

const cluster: TabReading = {
  key: "Name",
  gives: [["clusters", CLUSTER]],
  read(row, estate) {
    const record = recordOf(row, estate, "Name", CLUSTER);
    const restartPriority = text(row.cell("Restart Priority"));
    estate.clusters.push({ record, name: String(record["name"]), restartPriority });
  },
};

const info: TabReading = {
  key: "VM",
  gives: [["virtual_machines", VM]],
  read(row, estate) {
    const record = recordOf(row, estate, "VM", VM);
    const isDescribed = record["cpus"] !== undefined && record["hardware_version"] !== undefined;
    if (isDescribed) {
      if (row.hasColumn("Cluster") && record["host"] !== undefined) record["cluster"] ??= null;
      if (row.hasColumn("min Required EVC Mode Key")) record["min_required_evc_mode"] ??= null;
    }
    estate.addMachine(
      {
        record,
        name: String(record["name"]),
        isDescribed,
        nicCount: integer(row.cell("NICs")),
        diskCount: integer(row.cell("Disks")),
        nics: [],
        disks: [],
        addresses: new Set(names(row.cell("Primary IP Address")) ?? []),
        snapshots: 0,
      },
      machineKeys(row),
    );
  },
};

/** By its id where the tab has it, else by its name and place: names alone are not unique. */
function machineKeys(row: TabRow): readonly string[] {
  const id = text(row.cell("VM ID"));
  const place = ["VM", "Datacenter", "Cluster", "Host"].map((column) => text(row.cell(column))?.toLowerCase() ?? "");
  return [...(id === undefined ? [] : [`id ${id}`]), `at ${JSON.stringify(place)}`];
}

/** A tab that adds fields to machines of vInfo. */
function machineFields(columns: FieldColumns): TabReading {
  return {
    key: "VM",
    gives: [["virtual_machines", columns]],
    read(row, estate) {
      const machine = estate.machine(machineKeys(row));
      if (machine === undefined) return;
      Object.assign(machine.record, row.fields(columns));
      estate.origins.add(machine.record, row.origin("VM", columns));
    },
  };
}

const disk: TabReading = {
  key: "VM",
  gives: [["virtual_machines.disks", DISK]],
  read(row, estate) {
    const record = row.fields(DISK);
    estate.origins.add(record, row.origin("VM", DISK));
    estate.machine(machineKeys(row))?.disks.push(record);
  },
};

const network: TabReading = {
  key: "VM",
  gives: [["virtual_machines.nics", NIC]],
  read(row, estate) {
    const machine = estate.machine(machineKeys(row));
    if (machine === undefined) return;
    const record = row.fields(NIC);
    estate.origins.add(record, row.origin("VM", NIC));
    machine.nics.push(record);
    for (const column of ["IPv4 Address", "IPv6 Address", "IP Address"]) {
      for (const address of names(row.cell(column)) ?? []) machine.addresses.add(address);
    }
  },
};

const snapshot: TabReading = {
  key: "VM",
  gives: [],
  read(row, estate) {
    const machine = estate.machine(machineKeys(row));
    if (machine !== undefined) machine.snapshots += 1;
    else estate.namesOfStraySnapshots.add(canonicalName(text(row.cell("VM")) ?? ""));
  },
};

const nic: TabReading = {
  key: "Network Device",
  gives: [["hosts.physical_nics", PHYSICAL_NIC]],
  read(row, estate) {
    const found = estate.host(text(row.cell("Host")));
    if (found === undefined) return;
    const record = recordOf(row, estate, "Network Device", PHYSICAL_NIC);
    const duplex = text(row.cell("Duplex"))?.toLowerCase();
    if (duplex?.includes("down") === true || record["speed_mbps"] === 0) record["speed_mbps"] = null;
    else {
      const isFull = duplex === "full" || duplex === "half" ? duplex === "full" : flag(row.cell("Duplex"));
      if (isFull !== undefined) record["full_duplex"] = isFull;
    }
    found.nics.push(record);
    const onSwitch = text(row.cell("Switch"));
    if (onSwitch === undefined) return;
    const uplinks = found.uplinks.get(onSwitch) ?? [];
    found.uplinks.set(onSwitch, [...uplinks, String(record["name"])]);
  },
};

const virtualSwitch: TabReading = {
  key: "Switch",
  gives: [["hosts.virtual_switches", VIRTUAL_SWITCH]],
  read(row, estate) {
    estate.host(text(row.cell("Host")))?.switches.push(recordOf(row, estate, "Switch", VIRTUAL_SWITCH));
  },
};

const portGroup: TabReading = {
  key: "Port Group",
  gives: [["hosts.port_groups", PORT_GROUP]],
  read(row, estate) {
    const record = recordOf(row, estate, "Port Group", PORT_GROUP);
    // A port group without a policy of its own inherits its switch's.
    for (const [key, column] of [
      ["teaming_policy", "Policy"],
      ["shaping_enabled", "Traffic Shaping"],
    ] as const) {
      if (row.hasColumn(column) && text(row.cell(column)) === undefined) record[key] = null;
    }
    estate.host(text(row.cell("Host")))?.portGroups.push(record);
  },
};

const distributedSwitch: TabReading = {
  key: "Switch",
  gives: [["distributed_switches", DISTRIBUTED_SWITCH]],
  read(row, estate) {
    const record = recordOf(row, estate, "Switch", DISTRIBUTED_SWITCH);
    const members = names(row.cell("Host members")) ?? [];
    estate.distributedSwitches.push({ record, name: String(record["name"]), members });
  },
};

const distributedPortGroup: TabReading = {
  key: "Port",
  gives: [["distributed_port_groups", DISTRIBUTED_PORT_GROUP]],
  read(row, estate) {
    estate.distributedPortGroups.push(recordOf(row, estate, "Port", DISTRIBUTED_PORT_GROUP));
  },
};

const datastore: TabReading = {
  key: "Name",
  gives: [["datastores", DATASTORE]],
  read(row, estate) {
    const record = recordOf(row, estate, "Name", DATASTORE);
    if (row.hasColumn("Cluster name")) record["datastore_cluster"] ??= null;
    const hosts = names(row.cell("Hosts"));
    const count = integer(row.cell("# Hosts"));
    // A list that was cut off says less than none.
    if (hosts !== undefined && (count === undefined || count === hosts.length)) record["hosts"] = hosts;
    else if (count === 0) record["hosts"] = [];
    estate.datastores.push(record);
  },
};

const resourcePool: TabReading = {
  key: "Resource Pool name",
  gives: [["resource_pools", RESOURCE_POOL]],
  read(row, estate) {
    estate.resourcePools.push(recordOf(row, estate, "Resource Pool name", RESOURCE_POOL));
  },
};

/** The name of a licence; its key, which the tab has too, is never read. */
const licence: TabReading = {
  key: "Name",
  gives: [],
  read(row, estate) {
    const name = text(row.cell("Name")) ?? "";
    estate.licences.push({ name, edition: licenceEdition(name) });
  },
};

/** How each tab is read; those that say what the export is as a whole are read beforehand. */
export const READINGS: Readonly<Record<Exclude<Tab, "vMetaData" | "vSource">, TabReading>> = {
  vHost: host,
  vCluster: cluster,
  vInfo: info,
  vCPU: machineFields(VM_CPU),
  vMemory: machineFields(VM_MEMORY),
  vDisk: disk,
  vNetwork: network,
  vTools: machineFields(VM_TOOLS),
  vSnapshot: snapshot,
  vNIC: nic,
  vSwitch: virtualSwitch,
  vPort: portGroup,
  dvSwitch: distributedSwitch,
  dvPort: distributedPortGroup,
  vDatastore: datastore,
  vRP: resourcePool,
  vLicense: licence,
};
