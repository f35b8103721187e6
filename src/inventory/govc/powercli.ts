import { int, isObject, known, list, str, type Tree, type TreeObject } from "../mapping/tree.ts";
import type { Property } from "../mapping/managed-objects.ts";
import { bool } from "../mapping/tree.ts";

/*
 * Output of PowerCLI's cmdlets (Get-VMHost, Get-VM, …) as JSON or CSV: flat objects with names of their own. They are
 * converted to properties of managed objects. Enumerations are numbers in JSON of PowerShell 5, and words in CSV.
 */

/** A managed object as PowerCLI describes it. */
export interface DescribedObject {
  readonly type: string;
  readonly id: string;
  readonly properties: readonly Property[];
}

/** The text that ConvertTo-Json writes in place of an object below its depth limit. */
const FLATTENED = /^(?:VMware\.(?:Vim|VimAutomation)\.[\w.]+(?:\[\])?|System\.Object\[\]|@\{.*\})$/;

/** Whether an output of PowerCLI was cut off at ConvertTo-Json's default depth of 2. */
export function isFlattened(item: TreeObject): boolean {
  const data = item["extensionData"];
  if (typeof data === "string") return false;
  const values = isObject(data) ? Object.values(data) : [];
  return values.some((value) => isObject(value) && Object.values(value).some(isFlattenedValue));
}

function isFlattenedValue(value: Tree | undefined): boolean {
  return typeof value === "string" && FLATTENED.test(value);
}

/** Whether a value is an object of a PowerCLI cmdlet. Keys start with a lower-case letter. */
export function isPowerCliObject(item: Tree): boolean {
  if (!isObject(item)) return false;
  const uid = str(item, "uid");
  return (uid !== undefined && /^\/(?:VIServer|VMWare|Local)/i.test(uid)) || idOf(item) !== undefined;
}

const CONNECTION_STATES = ["connected", "disconnected", "notResponding", "connected"] as const;
const POWER_STATES = ["poweredOff", "poweredOn", "suspended"] as const;
const DRS_LEVELS: Readonly<Record<string, string>> = {
  fullyautomated: "fullyAutomated",
  partiallyautomated: "partiallyAutomated",
  manual: "manual",
};
const TEAMING: Readonly<Record<string, string>> = {
  loadbalancesrcid: "loadbalance_srcid",
  loadbalancesrcmac: "loadbalance_srcmac",
  loadbalanceip: "loadbalance_ip",
  explicitfailover: "failover_explicit",
  loadbalanceloadbased: "loadbalance_loadbased",
};

/** The objects in the items of one output. Parts of hosts (port groups, adapters) are merged. */
export function powerCliObjects(items: readonly TreeObject[]): readonly DescribedObject[] {
  const objects: DescribedObject[] = [];
  const parts = new Map<string, TreeObject[]>();
  for (const item of items) {
    const own = idOf(item);
    const host = hostIdOf(item);
    if (own !== undefined && READERS[own.type] !== undefined) {
      const properties = [...(READERS[own.type]?.(item) ?? []), ...extensionData(item)];
      objects.push({ ...own, properties });
    } else if (host !== undefined) parts.set(host, [...(parts.get(host) ?? []), item]);
  }
  for (const [id, all] of parts) objects.push({ type: "HostSystem", id, properties: partsOfHost(all) });
  return objects;
}

/** `HostSystem-host-21` */
function idOf(item: Tree): { readonly type: string; readonly id: string } | undefined {
  const [, type, id] =
    /^([A-Z][A-Za-z]+)-(.+)$/.exec(str(item, "id") ?? "") ??
    /=([A-Z][A-Za-z]+)-([^/]+)\/$/.exec(str(item, "uid") ?? "") ??
    [];
  return type === undefined || id === undefined ? undefined : { type, id };
}

function hostIdOf(item: Tree): string | undefined {
  const named = str(item, "vMHostId") ?? str(item, "vmHostId") ?? str(item, "vmhostId");
  return (
    /^HostSystem-(.+)$/.exec(named ?? "")?.[1] ?? /\/VMHost=HostSystem-([^/]+)\//.exec(str(item, "uid") ?? "")?.[1]
  );
}

/** The API's own object, if it was written with full depth. */
function extensionData(item: TreeObject): readonly Property[] {
  const data = item["extensionData"];
  if (!isObject(data)) return [];
  return Object.entries(data).flatMap(([key, value]): Property[] =>
    value === undefined || value === null || isFlattenedValue(value) ? [] : [[key, value]],
  );
}

type Reader = (item: TreeObject) => readonly Property[];

const READERS: Readonly<Record<string, Reader>> = {
  HostSystem(item) {
    const state = str(item, "connectionState")?.toLowerCase();
    const number = int(item, "connectionState");
    const inMaintenance = number === 3 || state === "maintenance";
    const connection =
      number === undefined
        ? CONNECTION_STATES.find((word) => word.toLowerCase() === (inMaintenance ? "connected" : state))
        : CONNECTION_STATES[number];
    const memory = Number(str(item, "memoryTotalMB")?.replace(",", "."));
    const cluster = str(item, "parentId") ?? "";
    const clusterId = /^ClusterComputeResource-(.+)$/.exec(cluster)?.[1];
    return given({
      name: str(item, "name"),
      parent: clusterId === undefined ? undefined : { type: "ClusterComputeResource", value: clusterId },
      "runtime.connectionState": connection,
      "runtime.inMaintenanceMode": connection === undefined ? undefined : inMaintenance,
      "summary.config.product.version": str(item, "version"),
      "summary.config.product.build": str(item, "build"),
      "summary.hardware.cpuModel": str(item, "processorType"),
      "summary.hardware.numCpuCores": int(item, "numCpu"),
      "summary.hardware.memorySize": memory > 0 ? Math.round(memory * 1024 * 1024) : undefined,
      "summary.maxEVCModeKey": str(item, "maxEVCMode"),
      "config.hyperThread.active": bool(item, "hyperthreadingActive"),
    });
  },
  VirtualMachine(item) {
    const number = int(item, "powerState");
    const word = str(item, "powerState")?.toLowerCase();
    const host = hostIdOf(item);
    return given({
      name: str(item, "name"),
      "runtime.host": host === undefined ? undefined : { type: "HostSystem", value: host },
      "runtime.powerState":
        number === undefined ? POWER_STATES.find((state) => state.toLowerCase() === word) : POWER_STATES[number],
      "config.version": str(item, "hardwareVersion"),
      "config.hardware.numCPU": int(item, "numCpu"),
      "config.hardware.numCoresPerSocket": int(item, "coresPerSocket"),
      "config.hardware.memoryMB": int(item, "memoryMB"),
    });
  },
  ClusterComputeResource: (item) => [
    ...given({
      name: str(item, "name"),
      "configurationEx.dasConfig.enabled": bool(item, "hAEnabled") ?? bool(item, "haEnabled"),
      "configurationEx.drsConfig.enabled": bool(item, "drsEnabled"),
      "configurationEx.drsConfig.defaultVmBehavior": wordOf(item, "drsAutomationLevel", DRS_LEVELS),
    }),
    // PowerCLI writes an empty mode if EVC is off.
    ...("eVCMode" in item ? [["summary.currentEVCModeKey", str(item, "eVCMode") ?? null] as const] : []),
  ],
  Datastore: (item) => given({ name: str(item, "name"), "summary.type": str(item, "type") }),
  Datacenter: (item) => given({ name: str(item, "name") }),
  ResourcePool: (item) => given({ name: str(item, "name") }),
  StoragePod: (item) => given({ name: str(item, "name") }),
  DistributedVirtualSwitch: switchOf,
  VmwareDistributedVirtualSwitch: switchOf,
  DistributedVirtualPortgroup: (item) =>
    given({
      name: str(item, "name"),
      key: str(item, "key"),
      "config.defaultPortConfig.vlan": vlanOf(str(item, "vlanConfiguration")),
    }),
};

function switchOf(item: TreeObject): readonly Property[] {
  return given({ name: str(item, "name"), "config.maxMtu": int(item, "mtu") });
}

/** `VLAN 45` */
function vlanOf(text: string | undefined): Tree | undefined {
  const id = /^VLAN (\d{1,4})$/i.exec(text ?? "")?.[1];
  return id === undefined ? undefined : { vlanId: Number(id) };
}

/** Port groups, switches, adapters and services of one host, from one output each. */
function partsOfHost(parts: readonly TreeObject[]): readonly Property[] {
  const groups = parts.filter((part) => str(part, "virtualSwitchName") !== undefined && "vLanId" in part);
  const switches = parts.filter((part) => "numPorts" in part && "mtu" in part && "nic" in part);
  const adapters = parts.filter((part) => "bitRatePerSec" in part && str(part, "deviceName") !== undefined);
  const services = parts.filter((part) => "running" in part && "policy" in part && str(part, "key") !== undefined);
  const listed = (path: string, found: readonly TreeObject[], read: (part: TreeObject) => Tree): readonly Property[] =>
    found.length === 0 ? [] : [[path, found.map(read)]];
  return [
    ...listed("config.network.portgroup", groups, (part) => ({
      spec: known({
        name: str(part, "name"),
        vswitchName: str(part, "virtualSwitchName"),
        vlanId: int(part, "vLanId"),
      }),
    })),
    ...listed("config.network.vswitch", switches, (part) =>
      known({ name: str(part, "name"), mtu: int(part, "mtu"), pnic: namesOf(part["nic"]) }),
    ),
    ...listed("config.network.pnic", adapters, (part) => {
      const speed = int(part, "bitRatePerSec");
      return known({
        key: str(part, "deviceName"),
        device: str(part, "deviceName"),
        linkSpeed:
          speed === undefined || speed === 0 ? undefined : known({ speedMb: speed, duplex: bool(part, "fullDuplex") }),
      });
    }),
    ...listed("config.service.service", services, (part) =>
      known({ key: str(part, "key"), running: bool(part, "running"), policy: str(part, "policy")?.toLowerCase() }),
    ),
  ];
}

/** A list; in CSV, names separated by blanks. */
function namesOf(value: Tree | undefined): readonly Tree[] {
  return typeof value === "string" ? value.split(/[\s,]+/).filter((name) => name !== "") : list(value);
}

/** The load balancing of distributed port groups, which Get-VDUplinkTeamingPolicy prints by group name. */
export function teamingPolicies(items: readonly TreeObject[]): ReadonlyMap<string, string> {
  return new Map(
    items.flatMap((item) => {
      const name = str(item, "vDPortgroup") ?? str(item, "vDPortgroup.name");
      const policy = wordOf(item, "loadBalancingPolicy", TEAMING);
      return name === undefined || policy === undefined ? [] : [[name, policy] as const];
    }),
  );
}

function wordOf(item: TreeObject, key: string, words: Readonly<Record<string, string>>): string | undefined {
  return words[str(item, key)?.toLowerCase() ?? ""];
}

function given(values: Readonly<Record<string, Tree | undefined>>): readonly Property[] {
  return Object.entries(values).flatMap(([path, value]): Property[] => (value === undefined ? [] : [[path, value]]));
}
