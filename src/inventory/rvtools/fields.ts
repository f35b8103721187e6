import { flag, integer, limit, names, oneOf, positive, text } from "./cells.ts";
import type { CellValue } from "./sheet-xml.ts";
import { field, type FieldColumns } from "./tab-reader.ts";

/*
 * Which column of RVTools gives which field of the inventory. What needs more than one column is worked out where the
 * tab is read.
 */

const teaming = oneOf([
  "loadbalance_srcid",
  "loadbalance_srcmac",
  "loadbalance_ip",
  "failover_explicit",
  "loadbalance_loadbased",
]);
const drsBehavior = oneOf(["manual", "partiallyAutomated", "fullyAutomated"]);

/** A number as the 4.x versions write it, or `vmx-19`. */
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
const datastoreOfPath = (cell: CellValue) => /^\[([^\]]+)\]/.exec(text(cell) ?? "")?.[1];

export const HOST: FieldColumns = {
  datacenter: field(text, "Datacenter"),
  cluster: field(text, "Cluster"),
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
  max_evc_mode: field(text, "Max EVC"),
  evc_mode: field(text, "Current EVC"),
};

export const NTP: FieldColumns = {
  servers: field(names, "NTP Server(s)"),
  running: field(flag, "NTPD running"),
};

export const CLUSTER: FieldColumns = {
  host_count: field(integer, "NumHosts"),
  ha_enabled: field(flag, "HA enabled"),
  drs_enabled: field(flag, "DRS enabled"),
  drs_behavior: field(drsBehavior, "DRS default VM behavior"),
};

export const VM: FieldColumns = {
  uuid: field(text, "SMBIOS UUID"),
  host: field(text, "Host"),
  cluster: field(text, "Cluster"),
  datacenter: field(text, "Datacenter"),
  power_state: field(oneOf(["poweredOn", "poweredOff", "suspended"]), "Powerstate"),
  template: field(flag, "Template"),
  hardware_version: field(hardwareVersion, "HW version"),
  cpus: field(positive, "CPUs"),
  memory_mb: field(integer, "Memory"),
  min_required_evc_mode: field(text, "min Required EVC Mode Key"),
  ha_restart_priority: field(text, "HA Restart Priority"),
};

export const VM_CPU: FieldColumns = {
  cores_per_socket: field(positive, "Cores p/s"),
  cpu_reservation_mhz: field(integer, "Reservation"),
  cpu_limit_mhz: field(limit, "Limit"),
};

export const VM_MEMORY: FieldColumns = {
  memory_reservation_mb: field(integer, "Reservation"),
  memory_limit_mb: field(limit, "Limit"),
  memory_reservation_locked: field(flag, "Memory Reservation Locked To Max"),
};

export const VM_TOOLS: FieldColumns = { tools_time_sync: field(flag, "Sync time") };

export const DISK: FieldColumns = {
  label: field(text, "Disk"),
  thin: field(flag, "Thin"),
  datastore: field(datastoreOfPath, "Path", "Disk Path"),
  capacity_mb: field(integer, "Capacity MiB"),
};

export const NIC: FieldColumns = {
  label: field(text, "NIC label"),
  adapter: field(lowerCase, "Adapter"),
  network: field(text, "Network"),
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
  virtual_switch: field(text, "Switch"),
  vlan: field(vlan, "VLAN"),
  teaming_policy: field(teaming, "Policy"),
  shaping_enabled: field(flag, "Traffic Shaping"),
};

export const DISTRIBUTED_SWITCH: FieldColumns = {
  datacenter: field(text, "Datacenter"),
  mtu: field(positive, "Max MTU"),
};

export const DISTRIBUTED_PORT_GROUP: FieldColumns = {
  distributed_switch: field(text, "Switch"),
  vlan: field(vlan, "VLAN"),
  teaming_policy: field(teaming, "Policy"),
  ingress_shaping_enabled: field(flag, "In Traffic Shaping"),
  egress_shaping_enabled: field(flag, "Out Traffic Shaping"),
  port_teaming_override_allowed: field(flag, "Teaming Override"),
};

export const DATASTORE: FieldColumns = {
  type: field(text, "Type"),
  datastore_cluster: field(text, "Cluster name"),
};

export const RESOURCE_POOL: FieldColumns = { path: field(text, "Resource Pool path") };
