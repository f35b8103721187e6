import { describe, expect, it } from "vitest";
import { inventoryOf, type Lists } from "../../../src/inventory/mapping/inventory-of.ts";
import { ManagedObjects } from "../../../src/inventory/mapping/managed-objects.ts";
import type { Tree, TreeObject } from "../../../src/inventory/mapping/tree.ts";
import { PROPERTIES, requestedAs } from "../../../src/inventory/vsphere/properties.ts";

/*
 * Every fetched value is used: each value is changed, one at a time, and the inventory must change with it. A setting
 * that is fetched but not used would let a check pass that depends on it.
 */

const ref = (type: string, value: string): Tree => ({ type, value });
const shaping: Tree = { enabled: false, averageBandwidth: 100_000, peakBandwidth: 100_000, burstSize: 100_000 };
const teaming = (policy: string): Tree => ({
  policy,
  reversePolicy: true,
  notifySwitches: true,
  rollingOrder: false,
  nicOrder: { activeNic: ["vmnic0"], standbyNic: ["vmnic1"] },
});
const inherited = (value: Tree): Tree => ({ inherited: false, value });

/** By type and id: the properties that pull requests, with settings from the API. */
const ESTATE: Readonly<Record<string, Readonly<Record<string, Tree>>>> = {
  "Folder group-d1": { name: "Datacenters" },
  "Datacenter datacenter-2": { name: "Oslo-DC", parent: ref("Folder", "group-d1") },
  "StoragePod group-p1": { name: "pod", parent: ref("Datacenter", "datacenter-2") },
  "ClusterComputeResource domain-c7": {
    name: "core",
    parent: ref("Datacenter", "datacenter-2"),
    host: [ref("HostSystem", "host-21")],
    configurationEx: {
      dasConfig: { enabled: true, hostMonitoring: "enabled", defaultVmSettings: { restartPriority: "medium" } },
      drsConfig: { enabled: true, defaultVmBehavior: "manual", enableVmBehaviorOverrides: true, vmotionRate: 3 },
      dasVmConfig: [{ key: ref("VirtualMachine", "vm-102"), dasSettings: { restartPriority: "high" } }],
      drsVmConfig: [{ key: ref("VirtualMachine", "vm-101"), enabled: true, behavior: "partiallyAutomated" }],
      group: [
        { name: "nodes", vm: [ref("VirtualMachine", "vm-101")] },
        { name: "near", host: [ref("HostSystem", "host-21")] },
        { name: "far", host: [ref("HostSystem", "host-21")] },
      ],
      rule: [
        { name: "stay", enabled: true, mandatory: false, vmGroupName: "nodes", affineHostGroupName: "near" },
        { name: "leave", enabled: false, mandatory: true, vmGroupName: "nodes", antiAffineHostGroupName: "far" },
      ],
    },
    summary: { numHosts: 1, numEffectiveHosts: 1, currentEVCModeKey: "intel-skylake" },
  },
  "ResourcePool resgroup-8": { name: "pexip", parent: ref("ClusterComputeResource", "domain-c7") },
  "HostSystem host-21": {
    name: "esxi01",
    parent: ref("ClusterComputeResource", "domain-c7"),
    vm: [ref("VirtualMachine", "vm-101")],
    "runtime.connectionState": "connected",
    "runtime.inMaintenanceMode": false,
    "summary.managementServerIp": "10.0.0.1",
    "summary.maxEVCModeKey": "intel-cascadelake",
    "summary.currentEVCModeKey": "intel-skylake",
    "summary.hardware": { cpuModel: "Intel Xeon Gold 6226R", numNics: 4 },
    "hardware.cpuInfo": { numCpuPackages: 2, numCpuCores: 32, numCpuThreads: 64, hz: 2_900_000_000 },
    "hardware.cpuPkg": [{ vendor: "intel", description: "Intel Xeon Gold 6226R", busHz: 100 }],
    "hardware.memorySize": 2 ** 37,
    "config.autoStart": {
      defaults: { enabled: true, startDelay: 120, waitForHeartbeat: false },
      powerInfo: [{ key: ref("VirtualMachine", "vm-101"), startAction: "powerOn", startOrder: 1, startDelay: 10 }],
    },
    "config.dateTimeInfo": {
      timeZone: { key: "UTC", gmtOffset: 0 },
      systemClockProtocol: "ntp",
      ntpConfig: { server: ["ntp1"] },
      enabled: true,
    },
    "config.featureCapability": [{ key: "cpuid.AVX", value: "1" }],
    "config.maskedFeatureCapability": [{ key: "cpuid.AVX2", value: "1" }],
    "config.firewall.ruleset": [{ key: "ntpClient", enabled: true, required: false, allowedHosts: { allIp: true } }],
    "config.hyperThread": { available: true, active: true, config: true },
    "config.lockdownMode": "lockdownDisabled",
    "config.network.pnic": [
      { key: "key-0", device: "vmnic0", linkSpeed: { speedMb: 10_000, duplex: true }, wakeOnLanSupported: true },
      { key: "key-1", device: "vmnic1", linkSpeed: { speedMb: 10_000, duplex: true }, wakeOnLanSupported: true },
    ],
    "config.network.portgroup": [
      {
        spec: {
          name: "conf",
          vlanId: 44,
          vswitchName: "vSwitch0",
          policy: { nicTeaming: { policy: "loadbalance_srcid" }, shapingPolicy: { enabled: false } },
        },
        computedPolicy: { nicTeaming: teaming("loadbalance_srcid"), shapingPolicy: shaping },
      },
    ],
    "config.network.proxySwitch": [{ dvsUuid: "uuid-1", dvsName: "dvs", pnic: ["key-1"] }],
    "config.network.vswitch": [
      {
        name: "vSwitch0",
        mtu: 1500,
        numPorts: 1536,
        pnic: ["key-0"],
        spec: { policy: { nicTeaming: teaming("loadbalance_srcid"), shapingPolicy: shaping } },
      },
    ],
    "config.option": [{ key: "Net.Vmxnet3NonTsoPacketGtMtuAllowed", value: 1 }],
    "config.product": { version: "8.0.3", apiVersion: "8.0.3.0", build: "24674464", licenseProductName: "x" },
    "config.service": {
      service: [{ key: "ntpd", running: true, policy: "on", required: false, uninstallable: false }],
    },
  },
  // Keeps time by PTP, and has what older versions and hosts without a connection give instead of other properties.
  "HostSystem host-22": {
    name: "esxi02",
    parent: ref("ComputeResource", "domain-s9"),
    "runtime.connectionState": "connected",
    "summary.config.product": { version: "7.0.3", apiVersion: "7.0.3.0", build: "18644231" },
    "summary.hardware": { numCpuPkgs: 2, numCpuCores: 32, numCpuThreads: 64, cpuMhz: 2900, memorySize: 2 ** 37 },
    "config.adminDisabled": true,
    "config.dateTimeInfo": { ptpConfig: { port: [{ deviceType: "virtualNic" }] }, disableFallback: false },
    "config.firewall.ruleset": [{ key: "ptpd", enabled: true }],
    "config.service": {
      service: [
        { key: "ptpd", running: true, policy: "on", ruleset: ["ptpd"] },
        { key: "ntpd", running: false, policy: "off" },
      ],
    },
  },
  "ComputeResource domain-s9": {
    name: "esxi02",
    parent: ref("Datacenter", "datacenter-2"),
    host: [ref("HostSystem", "host-22")],
  },
  "DistributedVirtualSwitch dvs-31": {
    name: "dvs",
    uuid: "uuid-1",
    parent: ref("Datacenter", "datacenter-2"),
    config: { maxMtu: 1500, numPorts: 8 },
    "summary.hostMember": [ref("HostSystem", "host-21")],
  },
  "DistributedVirtualPortgroup dvportgroup-41": {
    name: "dv-conf",
    key: "dvportgroup-41",
    parent: ref("Datacenter", "datacenter-2"),
    "config.backingType": "standard",
    "config.distributedVirtualSwitch": ref("DistributedVirtualSwitch", "dvs-31"),
    "config.defaultPortConfig": {
      vlan: { vlanId: 45 },
      uplinkTeamingPolicy: { policy: inherited("loadbalance_srcid"), notifySwitches: inherited(true) },
      inShapingPolicy: { enabled: inherited(false), averageBandwidth: inherited(1) },
      outShapingPolicy: { enabled: inherited(false), averageBandwidth: inherited(1) },
    },
    "config.policy": { uplinkTeamingOverrideAllowed: false, vlanOverrideAllowed: false },
  },
  "OpaqueNetwork network-o51": { name: "segment", summary: { opaqueNetworkId: "id-1" } },
  "Datastore datastore-11": {
    name: "ssd-01",
    parent: ref("StoragePod", "group-p1"),
    "summary.type": "VMFS",
    info: { name: "ssd-01", vmfs: { ssd: true, local: false, majorVersion: 6 } },
    host: [
      { key: ref("HostSystem", "host-21"), mountInfo: { accessible: true, mounted: true, accessMode: "readWrite" } },
    ],
    vm: [ref("VirtualMachine", "vm-101")],
  },
  "VirtualMachine vm-101": {
    name: "pexip-conf01",
    parent: ref("Datacenter", "datacenter-2"),
    "runtime.connectionState": "connected",
    "runtime.host": ref("HostSystem", "host-21"),
    "runtime.minRequiredEVCModeKey": "intel-skylake",
    "runtime.powerState": "poweredOn",
    "config.cpuAllocation": { reservation: 100, limit: -1, expandableReservation: false },
    "config.memoryAllocation": { reservation: 100, limit: -1, expandableReservation: false },
    "config.extraConfig": [{ key: "numa.nodeAffinity", value: "0" }],
    "config.hardware.device": [
      {
        _typeName: "VirtualDisk",
        deviceInfo: { label: "Hard disk 1" },
        capacityInKB: 1_048_576,
        backing: { thinProvisioned: false, fileName: "[ssd-01] a.vmdk", datastore: ref("Datastore", "datastore-11") },
      },
      {
        _typeName: "VirtualVmxnet3",
        deviceInfo: { label: "Network adapter 1" },
        macAddress: "00:50:56:00:00:01",
        addressType: "assigned",
        backing: { port: { portgroupKey: "dvportgroup-41" } },
        connectable: { connected: true, startConnected: true },
      },
      { _typeName: "VirtualVmxnet3", macAddress: "00:50:56:00:00:02", backing: { opaqueNetworkId: "id-1" } },
    ],
    "config.hardware.memoryMB": 4096,
    "config.hardware.numCPU": 4,
    "config.hardware.numCoresPerSocket": 4,
    "config.memoryReservationLockedToMax": true,
    "config.template": false,
    "config.tools": { syncTimeWithHost: false, beforeGuestStandby: true },
    "config.uuid": "421c5e9f",
    "config.version": "vmx-14",
    "guest.ipAddress": "10.0.0.2",
    "guest.net": [{ ipAddress: ["10.0.0.2", "10.0.0.3"], connected: true }],
    snapshot: { rootSnapshotList: [{ id: 1, name: "before" }] },
  },
  "VirtualMachine vm-102": {
    name: "other",
    parent: ref("Datacenter", "datacenter-2"),
    "runtime.host": ref("HostSystem", "host-21"),
    "config.uuid": "421c5ea0",
  },
};

/** What is fetched with something else, and why nothing depends on it. */
const NOT_READ: readonly (readonly [path: RegExp, why: string])[] = [
  [/drsConfig\.vmotionRate$/, "whether DRS moves a VM, not how eagerly"],
  [/^ComputeResource /, "what holds a host that is in no cluster has no entry of its own"],
  [/ (summary\.)?numEffectiveHosts$/, "hosts in maintenance mode say so themselves"],
  [/summary\.managementServerIp$/, "read of an ESXi host that is asked itself; under vCenter it is known"],
  [/summary\.hardware\.numNics$|wakeOnLanSupported$|numPorts$/, "of no account for a VM"],
  [/summary\.hardware\.cpuModel$|hardware\.cpuPkg\.0\.(description|busHz)$/, "the model is in both; the first is read"],
  [
    /config\.autoStart\.(defaults\.(startDelay|waitForHeartbeat)|powerInfo\.0\.(startOrder|startDelay))$/,
    "when, not whether",
  ],
  [/config\.dateTimeInfo\.(timeZone\.|enabled$)/, "whether ntpd runs is read of the service itself"],
  [/ruleset\.0\.required$|service\.0\.(required|uninstallable)$/, "what may be changed, not what is"],
  [/hyperThread\.(available|config)$/, "active says what is in force"],
  [/(reversePolicy|notifySwitches(\..*)?|rollingOrder)$/, "the guide says nothing of failover details"],
  [/vswitch\.0\.spec\.policy\.nicTeaming\.nicOrder\./, "port groups have the order that is in force for them"],
  [/(average|peak)Bandwidth(\..*)?$|burstSize$/, "no rule reads the amount once shaping is on"],
  [/portgroup\.0\.spec\.policy\.(nicTeaming\.policy|shapingPolicy\.enabled)$/, "computedPolicy says what is in force"],
  [/proxySwitch\.0\.dvsName$/, "switches are told by their UUIDs"],
  [/licenseProductName$|majorVersion$|info\.name$|rootSnapshotList\.0\.(id|name)$/, "names of things that are counted"],
  [/\.inherited$/, "the value is what is in force"],
  [
    /vlanOverrideAllowed$|expandableReservation$|beforeGuestStandby$|guest\.net\.0\.connected$/,
    "no rule depends on it",
  ],
  [/connectable\.(connected|startConnected)$/, "an adapter that is not connected now may be at the next start"],
  [/runtime\.connectionState$/, "connected machines and hosts are read; of others nothing is, which another test has"],
  [/device\.0\.backing\.fileName$/, "the datastore is read by its reference"],
  [/Folder .*name$/, "the root folder is no part of paths"],
  [/\.type$/, "a reference is told by its value"],
  [
    /^(StoragePod|DistributedVirtualPortgroup|VirtualMachine) .* parent\.value$/,
    "where it lies follows from switch and host",
  ],
  [/device\.0\.backing\.datastore\.value$/, "where the reference leads nowhere, the file name has the datastore"],
];

function inventory(estate: typeof ESTATE): string {
  return JSON.stringify(listsOf(estate));
}

/** @param denied the properties of an object that the account may not read */
function listsOf(estate: typeof ESTATE, denied: Readonly<Record<string, readonly string[]>> = {}): Lists {
  const objects = new ManagedObjects();
  for (const [key, properties] of Object.entries(estate)) {
    const [type = "", id = ""] = key.split(" ");
    const hidden = denied[key] ?? [];
    objects.add(
      type,
      id,
      Object.entries(properties).filter(([path]) => !hidden.includes(path)),
      hidden.map((path) => [path, NO_PERMISSION]),
    );
  }
  return inventoryOf({
    objects,
    about: { apiType: "VirtualCenter" },
    isRequested: (type, path) => PROPERTIES[requestedAs(type)]?.includes(path) ?? false,
    whyNotRequested: (_, path) => `${path} is not read`,
    permissions: "not read",
    licences: "not read",
  });
}

const NO_PERMISSION = "no permission (System.Read)";

/** Other words of the same enumerations of the API. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  loadbalance_srcid: "loadbalance_ip",
  readWrite: "readOnly",
  intel: "amd",
  standard: "nsx",
  connected: "disconnected",
  poweredOn: "poweredOff",
  ntp: "ptp",
  virtualNic: "none",
  on: "off",
  lockdownDisabled: "lockdownStrict",
};

/** Every value, by its path, with another one in its place. */
function* flips(value: Tree | undefined, path: string): Generator<readonly [path: string, flipped: Tree]> {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Tree[]).entries()) {
      for (const [at, flipped] of flips(item, `${path}.${index}`)) {
        yield [at, (value as readonly Tree[]).with(index, flipped)];
      }
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value as TreeObject)) {
      for (const [at, flipped] of flips(inner, `${path}.${key}`))
        yield [at, { ...(value as TreeObject), [key]: flipped }];
    }
  } else if (typeof value === "boolean") yield [path, !value];
  else if (typeof value === "number") yield [path, value + 2 ** 31];
  else if (typeof value === "string") yield [path, OTHER_WORDS[value] ?? `other ${value}`];
}

describe("every property that pull fetches", () => {
  it("is in this estate", () => {
    const given = new Map<string, Set<string>>();
    for (const [key, properties] of Object.entries(ESTATE)) {
      const type = requestedAs(key.split(" ")[0] ?? "");
      given.set(type, new Set([...(given.get(type) ?? []), ...Object.keys(properties)]));
    }
    // The object that is queried for the time of a host (host-clocks.ts), not a value of the inventory.
    const elsewhere = new Set(["configManager.dateTimeSystem"]);
    const missing = Object.entries(PROPERTIES).flatMap(([type, paths]) =>
      paths
        .filter((path) => !elsewhere.has(path) && given.get(type)?.has(path) !== true)
        .map((path) => `${type} ${path}`),
    );
    expect(missing.filter((path) => !/^Folder parent$/.test(path))).toEqual([]);
  });

  it("is read: changed, it gives another inventory, or it is listed here with the reason", () => {
    const before = inventory(ESTATE);
    const unread: string[] = [];
    const used = new Set<RegExp>();
    for (const [key, properties] of Object.entries(ESTATE)) {
      for (const [property, value] of Object.entries(properties)) {
        for (const [path, flipped] of flips(value, property)) {
          const at = `${key} ${path}`;
          const isRead = inventory({ ...ESTATE, [key]: { ...properties, [property]: flipped } }) !== before;
          const listed = NOT_READ.find(([pattern]) => pattern.test(at));
          if (isRead) continue;
          if (listed === undefined) unread.push(at);
          else used.add(listed[0]);
        }
      }
    }
    expect(unread).toEqual([]);
    expect(NOT_READ.filter(([pattern]) => !used.has(pattern)).map(([pattern]) => String(pattern))).toEqual([]);
  });
});

describe("what the account may not read", () => {
  const before = listsOf(ESTATE);
  const reasons = ({ coverage, incomplete }: Lists) => new Map(Object.entries({ ...coverage, ...incomplete }));
  const values = (lists: Lists) => JSON.stringify({ ...lists, coverage: {}, incomplete: {} });
  const known = reasons(before);
  // A reason that one object has is written for the list, and for the object once others have another.
  const texts = new Set(known.values());
  const everything = Object.entries(ESTATE).map(([key, properties]) => [key, Object.keys(properties)] as const);

  it.each([...everything, ...everything.flatMap(([key, paths]) => paths.map((path) => [key, [path]] as const))])(
    "%s %j: is unknown for that reason, and for no other",
    (key, paths) => {
      const after = listsOf(ESTATE, { [key]: paths });
      const fresh = [...reasons(after)].filter(([at, reason]) => known.get(at) !== reason && !texts.has(reason));
      expect(fresh.filter(([, reason]) => !reason.includes(NO_PERMISSION))).toEqual([]);
      if (values(after) !== values(before)) expect(fresh).not.toEqual([]);
    },
  );
});
