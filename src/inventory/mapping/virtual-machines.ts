import type { Disk, Nic, VirtualMachine } from "../../schema/inventory.generated.ts";
import type { ClusterRules } from "./clusters.ts";
import { whyUnreadable as whyNoName } from "./inventory-paths.ts";
import { type ListContext, ObjectReader } from "./object-reader.ts";
import { type ManagedObject, property } from "./managed-objects.ts";
import { bool, int, isObject, known, list, oneOf, reference, str, type Tree } from "./tree.ts";

/** The extra setting that rules read, in lower case; all others are omitted. */
export const NUMA_AFFINITY = "numa.nodeaffinity";

export interface MachineContext extends ListContext {
  /** The settings for the machine in its cluster; undefined if its cluster is unknown. */
  readonly clusterRules: (machine: ManagedObject, host: ManagedObject | undefined) => ClusterRules | undefined;
  /** The name of a distributed port group by its key. */
  readonly portGroupByKey: (key: string) => string | undefined;
  /** The name of an NSX segment by its id. */
  readonly segmentById: (id: string) => string | undefined;
  /** Why the network of an adapter is unknown. */
  readonly whyNoNetwork: (nic: Tree) => string;
}

export function virtualMachineOf(object: ManagedObject, name: string, context: MachineContext): VirtualMachine {
  const { source, coverage, inventoryPaths } = context;
  const reader = new ObjectReader(source, coverage, "virtual_machines", object, name);
  const host = source.objects.get(reference(property(object, "runtime.host")));
  const hostName = inventoryPaths.nameOf(host?.id);
  const base = {
    name,
    host: hostName,
    cluster: inventoryPaths.clusterOf(host),
    datacenter: reader.orMissing(
      "datacenter",
      inventoryPaths.datacenterOf(host) ?? inventoryPaths.datacenterOf(object),
      () => inventoryPaths.whyNoDatacenter(object, source),
    ),
  };
  const power = oneOf(["poweredOn", "poweredOff", "suspended"] as const, property(object, "runtime.powerState"));
  if (property(object, "config") === undefined) {
    const state = str(property(object, "runtime.connectionState"));
    coverage.object("virtual_machines", name, whyUnreadable(reader, state, power !== undefined));
    return known({ ...base, power_state: power });
  }
  if (power === undefined) reader.noteMissing("power_state", reader.reason("runtime.powerState"));
  if (hostName === undefined) reader.noteMissing("host", whyNoHost(reader));
  const whyNoCluster = () => (host === undefined ? whyNoHost(reader) : inventoryPaths.whyNoCluster(host, source));
  if (base.cluster === undefined) reader.noteMissing("cluster", whyNoCluster());
  const rules = context.clusterRules(object, host);
  const unreadable = rules === undefined ? whyNoCluster() : rules.unreadable;
  if (base.cluster !== null && rules?.haRestartPriority === undefined) {
    const reason = unreadable ?? "vSphere does not report a restart priority of the VM or its cluster";
    reader.noteMissing("ha_restart_priority", reason);
  }
  if (base.cluster !== null && unreadable !== null) reader.noteMissing("drs_behavior", unreadable);
  return known({
    ...base,
    uuid: reader.take("uuid", "config.uuid", str),
    power_state: power,
    template: reader.take("template", "config.template", bool),
    hardware_version: reader.take("hardware_version", "config.version", hardwareVersion),
    cpus: reader.take("cpus", "config.hardware.numCPU", positive),
    cores_per_socket: reader.take("cores_per_socket", "config.hardware.numCoresPerSocket", positive),
    memory_mb: reader.take("memory_mb", "config.hardware.memoryMB", natural),
    cpu_reservation_mhz: reader.take("cpu_reservation_mhz", "config.cpuAllocation.reservation", natural),
    cpu_limit_mhz: reader.take("cpu_limit_mhz", "config.cpuAllocation.limit", limit),
    memory_reservation_mb: reader.take("memory_reservation_mb", "config.memoryAllocation.reservation", natural),
    memory_limit_mb: reader.take("memory_limit_mb", "config.memoryAllocation.limit", limit),
    memory_reservation_locked: reader.take("memory_reservation_locked", "config.memoryReservationLockedToMax", bool),
    min_required_evc_mode: requiredMode(reader, power, host),
    numa_node_affinity: reader.take("numa_node_affinity", "config.extraConfig", (settings) => {
      const found = list(settings).find((setting) => str(setting, "key")?.toLowerCase() === NUMA_AFFINITY);
      return { value: str(found, "value") ?? null };
    })?.value,
    ha_restart_priority: base.cluster === null ? undefined : rules?.haRestartPriority,
    drs_behavior: base.cluster === null ? undefined : rules?.drsBehavior,
    tools_time_sync: reader.take("tools_time_sync", "config.tools.syncTimeWithHost", bool),
    // VirtualMachine.snapshot: set only if there are snapshots.
    snapshots: reader.takeOr("snapshots", "snapshot", (tree) => countSnapshots(list(tree, "rootSnapshotList")), 0),
    ip_addresses: addressesOf(reader),
    ...devicesOf(reader, context),
  });
}

function whyUnreadable(reader: ObjectReader, state: string | undefined, hasPower: boolean): string {
  if (state === "disconnected") return "host disconnected";
  if (state !== undefined && state !== "connected") return `the virtual machine is ${state}`;
  const fault = [...reader.object.faults].find(([path]) => path.startsWith("config."))?.[1];
  if (fault !== undefined) return fault;
  const reason = reader.reason("config");
  if (!reader.isUnset("config.uuid") && !reader.isUnset("config")) return reason;
  return hasPower
    ? "vSphere does not report its configuration"
    : "the account has no permission to read the virtual machine";
}

/**
 * VirtualMachineRuntimeInfo.minRequiredEVCModeKey is unset if the machine is off or not in a cluster with EVC: of one that
 * runs in such a cluster, it is missing.
 */
function requiredMode(
  reader: ObjectReader,
  power: VirtualMachine["power_state"],
  host: ManagedObject | undefined,
): string | null | undefined {
  const mode = reader.takeOr("min_required_evc_mode", "runtime.minRequiredEVCModeKey", str, null);
  const cluster = reader.source.objects.get(reference(host && property(host, "parent")));
  const hasEvc = [cluster, host].some((each) => each && property(each, "summary.currentEVCModeKey") !== undefined);
  if (mode !== null || power === "poweredOff" || !hasEvc) return mode;
  reader.noteMissing("min_required_evc_mode", "the VM has no required EVC mode, but EVC is in force on its host");
  return undefined;
}

function whyNoHost(reader: ObjectReader): string {
  const host = reader.get("runtime.host");
  return host === undefined ? reader.reason("runtime.host") : whyNoName(host, reader.source, "its host");
}

/** `vmx-14` */
function hardwareVersion(value: Tree): number | undefined {
  const number = Number(/^vmx-(\d{2})$/.exec(str(value)?.trim() ?? "")?.[1]);
  return number >= 3 ? number : undefined;
}

function positive(value: Tree): number | undefined {
  const number = int(value);
  return number === undefined || number < 1 ? undefined : number;
}

function natural(value: Tree): number | undefined {
  const number = int(value);
  return number === undefined || number < 0 || number > 2_147_483_647 ? undefined : number;
}

/** ResourceAllocationInfo.limit is -1 if there is none. Wrapped, as null is a value here. */
function limit(value: Tree): number | null | undefined {
  return int(value) === -1 ? null : natural(value);
}

function countSnapshots(tree: readonly Tree[]): number {
  let count = 0;
  const open = [...tree];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    count += 1;
    for (const child of list(next, "childSnapshotList")) open.push(child);
  }
  return count;
}

/** The addresses reported by VMware Tools. */
function addressesOf(reader: ObjectReader): string[] | undefined {
  const nics = list(reader.get("guest.net"));
  const addresses = nics.flatMap((nic) => list(nic, "ipAddress").flatMap((address) => str(address) ?? []));
  const main = str(reader.get("guest.ipAddress"));
  const all = [...new Set([...(main === undefined ? [] : [main]), ...addresses])];
  // The main address alone may not be all of them.
  const fault = reader.get("guest.net") === undefined ? reader.object.faults.get("guest.net") : undefined;
  if (all.length > 0 && fault !== undefined) reader.noteMissing("ip_addresses", fault);
  if (all.length > 0) return all;
  const isSilent = reader.get("guest.net") !== undefined || reader.isUnset("guest.net");
  reader.noteMissing("ip_addresses", isSilent ? "VMware Tools does not report one" : reader.reason("guest.net"));
  return undefined;
}

function devicesOf(
  reader: ObjectReader,
  context: MachineContext,
): { readonly disks?: Disk[] | undefined; readonly nics?: Nic[] | undefined } {
  const devices = reader.take("disks", "config.hardware.device", (value) => list(value));
  if (devices === undefined) {
    reader.noteMissing("nics", reader.reason("config.hardware.device"));
    return {};
  }
  return {
    disks: devices.filter(isDisk).map((disk) => diskOf(disk, reader, context)),
    nics: devices.filter(isNic).map((nic) => nicOf(nic, reader, context)),
  };
}

/** JSON of older versions does not contain the types of devices; their fields distinguish them. */
export function isDisk(device: Tree): boolean {
  const type = str(device, "_typeName");
  return type === undefined ? int(device, "capacityInKB") !== undefined : type === "VirtualDisk";
}

export function isNic(device: Tree): boolean {
  return str(device, "macAddress") !== undefined || (isObject(device) && "addressType" in device);
}

function diskOf(disk: Tree, reader: ObjectReader, { inventoryPaths }: MachineContext): Disk {
  const kilobytes = int(disk, "capacityInKB");
  const isEager = bool(disk, "backing.eagerlyScrub") === true;
  // Space-efficient sparse disks are always thin; an eagerly zeroed disk is thick.
  const isSparse = str(disk, "backing._typeName") === "VirtualDiskSeSparseBackingInfo";
  const thin = isSparse ? true : (bool(disk, "backing.thinProvisioned") ?? (isEager ? false : undefined));
  if (thin === undefined) reader.noteMissing("disks.thin", "vSphere does not report whether the disk is thin");
  const datastore =
    inventoryPaths.nameOf(reference(disk, "backing.datastore")) ?? datastoreIn(str(disk, "backing.fileName"));
  return known({
    label: str(disk, "deviceInfo.label"),
    thin,
    datastore,
    capacity_mb: kilobytes === undefined ? undefined : Math.floor(kilobytes / 1024),
  });
}

/** `[ssd-01] pexip-conf01/pexip-conf01.vmdk` */
function datastoreIn(fileName: string | undefined): string | undefined {
  return /^\[([^\]]+)\]/.exec(fileName ?? "")?.[1];
}

/** The adapters by their names in the API. */
const ADAPTERS: Readonly<Record<string, string>> = {
  VirtualVmxnet3: "vmxnet3",
  VirtualVmxnet3Vrdma: "vmxnet3vrdma",
  VirtualVmxnet2: "vmxnet2",
  VirtualVmxnet: "vmxnet",
  VirtualE1000: "e1000",
  VirtualE1000e: "e1000e",
  VirtualPCNet32: "pcnet32",
  VirtualSriovEthernetCard: "sriov",
};

function nicOf(nic: Tree, reader: ObjectReader, context: MachineContext): Nic {
  const type = str(nic, "_typeName");
  if (type === undefined) {
    reader.noteMissing("nics.adapter", "govc's JSON does not contain device types; use govc collect -xml");
  }
  const network = networkOf(nic, context);
  if (network === undefined) reader.noteMissing("nics.network", context.whyNoNetwork(nic));
  return known({
    label: str(nic, "deviceInfo.label"),
    adapter: type === undefined ? undefined : (ADAPTERS[type] ?? type),
    network,
    mac_address: str(nic, "macAddress"),
    mac_address_type: oneOf(["manual", "generated", "assigned"] as const, nic, "addressType"),
  });
}

function networkOf(nic: Tree, { inventoryPaths, portGroupByKey, segmentById }: MachineContext): string | undefined {
  const segment = str(nic, "backing.opaqueNetworkId");
  if (segment !== undefined) return segmentById(segment);
  const key = str(nic, "backing.port.portgroupKey");
  if (key !== undefined) return portGroupByKey(key);
  return inventoryPaths.nameOf(reference(nic, "backing.network")) ?? str(nic, "backing.deviceName");
}
