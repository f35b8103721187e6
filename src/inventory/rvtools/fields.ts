import { decodeName } from "../../values/network/host-name.ts";
import { flag, integer, limit, name, names, oneOf, positive, text } from "./cells.ts";
import type { CellValue } from "../spreadsheet/sheet-xml.ts";
import { blankable, field, type FieldColumns } from "./tab-reader.ts";

/*
 * The mapping of RVTools columns to inventory fields. Fields that depend on several columns are handled where the tab
 * is read.
 */

const teaming = oneOf([
  "loadbalance_srcid",
  "loadbalance_srcmac",
  "loadbalance_ip",
  "failover_explicit",
  "loadbalance_loadbased",
]);
const drsBehavior = oneOf(["manual", "partiallyAutomated", "fullyAutomated"]);

/** `enabled` and `disabled`, vSphere's states of a service. */
function serviceState(cell: CellValue): boolean | undefined {
  const word = text(cell)?.toLowerCase();
  return word === "enabled" ? true : word === "disabled" ? false : flag(cell);
}

/** A number, as in 4.x versions, or `vmx-19`. */
function hardwareVersion(cell: CellValue): number | undefined {
  const digits = /^(?:vmx-)?0?(\d{1,2})$/i.exec(text(cell) ?? "")?.[1];
  const version = digits === undefined ? undefined : Number(digits);
  return version !== undefined && version >= 3 ? version : undefined;
}

/** One id, or the ranges of a trunk as `0-4094` or `10-20, 30`. */
function vlan(cell: CellValue): number | string | undefined {
  const id = integer(cell);
  if (id !== undefined) return id <= 4095 ? id : undefined;
  const ranges = text(cell)?.replaceAll(/\s/g, "");
  return ranges !== undefined && /^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*$/.test(ranges) ? ranges : undefined;
}

function vendor(cell: CellValue): "intel" | "amd" | undefined {
  const model = text(cell) ?? "";
  if (/\bintel\b|\bxeon\b/i.test(model)) return "intel";
  return /\bamd\b|\bepyc\b|\bopteron\b/i.test(model) ? "amd" : undefined;
}

/** `VMware ESXi 8.0.3 build-24674464` */
const version = (cell: CellValue) => /\b(\d+\.\d+\.\d+)\b/.exec(text(cell) ?? "")?.[1];
const build = (cell: CellValue) => /\bbuild-(\d+)\b/.exec(text(cell) ?? "")?.[1];

const lowerCase = (cell: CellValue) => text(cell)?.toLowerCase();

/** `[ssd-01] vm/vm.vmdk` */
export function datastoreOfPath(cell: CellValue): string | undefined {
  const found = /^\[([^\]]+)\]/.exec(text(cell) ?? "")?.[1];
  return found === undefined ? undefined : decodeName(found);
}

export const HOST: FieldColumns = {
  datacenter: field(name, "Datacenter"),
  // Blank for a standalone host, unless another row has a value.
  cluster: blankable(name, "Cluster", { means: null, beside: "ESX Version" }),
  version: field(version, "ESX Version"),
  build: field(build, "ESX Version"),
  in_maintenance_mode: field(flag, "in Maintenance Mode"),
  memory_mb: field(positive, "# Memory"),
};

export const CPU: FieldColumns = {
  vendor: field(vendor, "CPU Model"),
  model: field(text, "CPU Model"),
  sockets: field(positive, "# CPU"),
  cores: field(positive, "# Cores"),
  hyperthreading_active: field(flag, "HT Active"),
  mhz: field(positive, "Speed"),
  // A connected host always has one, so a blank is meaningless.
  max_evc_mode: field(text, "Max EVC"),
  evc_mode: blankable(text, "Current EVC", { means: null, beside: "Max EVC" }),
};

export const NTP: FieldColumns = {
  servers: blankable(names, "NTP Server(s)", {
    means: [],
    beside: "NTPD running",
    when: (running) => flag(running) === false,
  }),
  running: field(flag, "NTPD running"),
};

export const CLUSTER: FieldColumns = {
  host_count: field(integer, "NumHosts"),
  ha_enabled: field(flag, "HA enabled"),
  ha_host_monitoring: field(serviceState, "Host monitoring"),
  drs_enabled: field(flag, "DRS enabled"),
  drs_behavior: field(drsBehavior, "DRS default VM behavior"),
};

/** The columns about VMs that every tab has. */
export const VM_PLACE: FieldColumns = {
  host: field(name, "Host"),
  cluster: field(name, "Cluster"),
  datacenter: field(name, "Datacenter"),
  power_state: field(oneOf(["poweredOn", "poweredOff", "suspended"]), "Powerstate"),
  template: field(flag, "Template"),
};

export const VM: FieldColumns = {
  uuid: field(text, "SMBIOS UUID"),
  ...VM_PLACE,
  hardware_version: field(hardwareVersion, "HW version"),
  cpus: field(positive, "CPUs"),
  memory_mb: field(integer, "Memory"),
  min_required_evc_mode: blankable(text, "min Required EVC Mode Key", {
    means: null,
    beside: "Powerstate",
    when: (state) => text(state)?.toLowerCase() !== "poweredon",
  }),
  ha_restart_priority: field(text, "HA Restart Priority"),
};

export const VM_CPU: FieldColumns = {
  cpus: field(positive, "CPUs"),
  cores_per_socket: field(positive, "Cores p/s"),
  cpu_reservation_mhz: field(integer, "Reservation"),
  cpu_limit_mhz: field(limit, "Limit"),
};

export const VM_MEMORY: FieldColumns = {
  memory_mb: field(integer, "Size MiB"),
  memory_reservation_mb: field(integer, "Reservation"),
  memory_limit_mb: field(limit, "Limit"),
  memory_reservation_locked: field(flag, "Memory Reservation Locked To Max"),
};

export const VM_TOOLS: FieldColumns = {
  hardware_version: field(hardwareVersion, "VM Version"),
  tools_time_sync: field(flag, "Sync time"),
};

export const DISK: FieldColumns = {
  label: field(text, "Disk"),
  thin: field(flag, "Thin"),
  datastore: field(datastoreOfPath, "Path", "Disk Path"),
  capacity_mb: field(integer, "Capacity MiB"),
};

export const NIC: FieldColumns = {
  label: field(text, "NIC label"),
  adapter: field(lowerCase, "Adapter"),
  network: field(name, "Network"),
  mac_address: field(text, "Mac Address"),
  mac_address_type: field(oneOf(["manual", "generated", "assigned"]), "Type"),
};

export const PHYSICAL_NIC: FieldColumns = { speed_mbps: field(integer, "Speed") };

export const VIRTUAL_SWITCH: FieldColumns = {
  mtu: field(positive, "MTU"),
  teaming_policy: field(teaming, "Policy"),
  shaping_enabled: field(flag, "Traffic Shaping"),
};

export const PORT_GROUP: FieldColumns = {
  virtual_switch: field(name, "Switch"),
  vlan: field(vlan, "VLAN"),
  // A port group without a policy of its own inherits its switch's, including all settings of the policy.
  teaming_policy: blankable(teaming, "Policy", {
    means: null,
    beside: "Switch",
    contradictedBy: ["Reverse Policy", "Notify Switch", "Rolling Order"],
  }),
  shaping_enabled: blankable(flag, "Traffic Shaping", {
    means: null,
    beside: "Switch",
    contradictedBy: ["Width", "Peak", "Burst"],
  }),
};

export const DISTRIBUTED_SWITCH: FieldColumns = {
  datacenter: field(name, "Datacenter"),
  mtu: field(positive, "Max MTU"),
};

export const DISTRIBUTED_PORT_GROUP: FieldColumns = {
  distributed_switch: field(name, "Switch"),
  vlan: field(vlan, "VLAN"),
  teaming_policy: field(teaming, "Policy"),
  ingress_shaping_enabled: field(flag, "In Traffic Shaping"),
  egress_shaping_enabled: field(flag, "Out Traffic Shaping"),
  port_teaming_override_allowed: field(flag, "Teaming Override"),
  active_uplinks: field(names, "Active Uplink"),
  standby_uplinks: field(names, "Standby Uplink"),
};

export const DATASTORE: FieldColumns = {
  type: field(text, "Type"),
  datastore_cluster: blankable(name, "Cluster name", {
    means: null,
    beside: "Type",
    contradictedBy: ["Cluster capacity MB", "Cluster free space MB"],
  }),
};

export const RESOURCE_POOL: FieldColumns = { path: field(text, "Resource Pool path") };
