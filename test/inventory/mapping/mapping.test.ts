import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../../src/inventory/mapping/inventory-of.ts";
import { licenceEdition } from "../../../src/inventory/mapping/licences.ts";
import { ManagedObjects } from "../../../src/inventory/mapping/managed-objects.ts";
import type { Tree } from "../../../src/inventory/mapping/tree.ts";

type Properties = Readonly<Record<string, Tree>>;
const ref = (type: string, value: string): Tree => ({ type, value });

/** One object of each kind, to which a test adds properties. */
function inventory(added: Readonly<Record<string, Properties>>, about: Tree = { apiType: "VirtualCenter" }) {
  const objects = new ManagedObjects();
  const add = (type: string, id: string, properties: Properties) =>
    objects.add(type, id, Object.entries({ ...properties, ...added[id] }));
  add("Folder", "group-d1", { name: "Datacenters" });
  add("Datacenter", "dc", { name: "Oslo-DC", parent: ref("Folder", "group-d1") });
  add("Folder", "group-h", { name: "host", parent: ref("Datacenter", "dc") });
  add("ClusterComputeResource", "cluster", { name: "vc-cluster", parent: ref("Folder", "group-h"), summary: {} });
  const connected = { "runtime.connectionState": "connected" };
  add("HostSystem", "host", { name: "esxi01", parent: ref("ClusterComputeResource", "cluster"), ...connected });
  const running = { "runtime.powerState": "poweredOn", "runtime.host": ref("HostSystem", "host") };
  add("VirtualMachine", "vm", { name: "vm1", "config.uuid": "1", ...running });
  add("VmwareDistributedVirtualSwitch", "dvs", { name: "dvs-core", uuid: "50 1c" });
  add("DistributedVirtualPortgroup", "group", { name: "dv-conferencing", key: "dvportgroup-7" });
  add("StoragePod", "pod", { name: "ssd-cluster", parent: ref("Datacenter", "dc") });
  add("Datastore", "store", { name: "ssd-01", parent: ref("StoragePod", "pod") });
  const lists = inventoryOf({
    objects,
    about,
    isRequested: () => true,
    whyNotRequested: () => "not asked",
    permissions: "no permission",
    licences: "no permission",
  });
  return {
    ...lists,
    cluster: lists.clusters?.[0],
    host: lists.hosts?.[0],
    vm: lists.virtual_machines?.[0],
    dvs: lists.distributed_switches?.[0],
    group: lists.distributed_port_groups?.[0],
    store: lists.datastores?.[0],
  };
}

const PNIC: Tree = [
  { key: "key-vim.host.PhysicalNic-vmnic0", device: "vmnic0", linkSpeed: { speedMb: "10000", duplex: "true" } },
  { key: "key-vim.host.PhysicalNic-vmnic1", device: "vmnic1" },
];
const teaming = (policy: string, active: Tree = "vmnic0") => ({
  nicTeaming: { policy, nicOrder: { activeNic: active } },
});
const SWITCH: Tree = {
  name: "vSwitch0",
  mtu: "9000",
  pnic: ["key-vim.host.PhysicalNic-vmnic0", "key-vim.host.PhysicalNic-vmnic1"],
  spec: { policy: { ...teaming("loadbalance_srcid"), shapingPolicy: { enabled: "false" } } },
};

describe("networks of a host", () => {
  it("have a speed of null if the link is down", () => {
    expect(inventory({ host: { "config.network.pnic": PNIC } }).host?.physical_nics).toEqual([
      { name: "vmnic0", speed_mbps: 10000, full_duplex: true },
      { name: "vmnic1", speed_mbps: null },
    ]);
  });

  it("have switches with uplinks by name, even if only the key is known", () => {
    const network = { "config.network.vswitch": [SWITCH] };
    const expected = [
      {
        name: "vSwitch0",
        mtu: 9000,
        uplinks: ["vmnic0", "vmnic1"],
        teaming_policy: "loadbalance_srcid",
        shaping_enabled: false,
      },
    ];
    expect(inventory({ host: network }).host?.virtual_switches).toEqual(expected);
    expect(inventory({ host: { ...network, "config.network.pnic": PNIC } }).host?.virtual_switches).toEqual(expected);
  });

  it.each<[string, Tree, Tree, object]>([
    [
      "inherits what it does not set",
      {},
      { ...teaming("loadbalance_srcid", ["vmnic0", "vmnic1"]), shapingPolicy: { enabled: false } },
      { teaming_policy: null, shaping_enabled: null },
    ],
    ["inherits where nothing is computed", {}, {}, { teaming_policy: null, shaping_enabled: null }],
    [
      "has what is computed, not what is set",
      teaming("loadbalance_srcid"),
      teaming("loadbalance_ip", ["vmnic0", "vmnic1"]),
      { teaming_policy: "loadbalance_ip" },
    ],
    [
      "has what is computed where its switch has something else",
      {},
      teaming("loadbalance_ip", ["vmnic0", "vmnic1"]),
      { teaming_policy: "loadbalance_ip" },
    ],
    [
      "has what it sets where nothing is computed",
      { shapingPolicy: { enabled: "true" } },
      {},
      { shaping_enabled: true },
    ],
    ["has uplinks of its own", {}, teaming("loadbalance_srcid"), { uplinks: ["vmnic0"] }],
    ["has a policy that is none of those known", teaming("loadbalance_new"), teaming("loadbalance_new"), {}],
  ])("have a port group that %s", (_, own, computed, expected) => {
    const group = {
      spec: { name: "conferencing", vswitchName: "vSwitch0", vlanId: "110", policy: own },
      computedPolicy: computed,
    };
    const { host } = inventory({ host: { "config.network.vswitch": [SWITCH], "config.network.portgroup": [group] } });
    expect(host?.port_groups?.[0]).toMatchObject({
      name: "conferencing",
      virtual_switch: "vSwitch0",
      vlan: 110,
      ...expected,
    });
    if (!("uplinks" in expected) && Object.keys(expected).includes("teaming_policy")) {
      expect(host?.port_groups?.[0]).not.toHaveProperty("uplinks");
    }
  });
});

describe("distributed networks", () => {
  it.each<[string, Tree, string | number | undefined]>([
    ["one VLAN", { vlanId: "110" }, 110],
    [
      "a trunk",
      {
        vlanId: [
          { start: "0", end: "99" },
          { start: "200", end: "200" },
        ],
      },
      "0-99,200",
    ],
    ["a trunk of one range", { vlanId: { start: 0, end: 4094 } }, "0-4094"],
    ["a private VLAN", { pvlanId: "155" }, 155],
    ["nothing that is known", { other: "1" }, undefined],
  ])("carry %s", (_, vlan, expected) => {
    const setting = { vlan, uplinkTeamingPolicy: { policy: { value: "loadbalance_loadbased" } } };
    const { group } = inventory({ group: { "config.defaultPortConfig": setting } });
    expect(group?.vlan).toBe(expected);
    expect(group?.teaming_policy).toBe("loadbalance_loadbased");
  });

  it("have members with the uplinks according to the host, else to the switch", () => {
    const member = { config: { host: ref("HostSystem", "host"), backing: { pnicSpec: { pnicDevice: "vmnic5" } } } };
    const config = { "summary.hostMember": [ref("HostSystem", "host")], config: { host: member, maxMtu: "0" } };
    const proxy = { "config.network.proxySwitch": [{ dvsUuid: "50 1c", pnic: ["key-vim.host.PhysicalNic-vmnic1"] }] };
    expect(inventory({ dvs: config }).dvs).toEqual({
      name: "dvs-core",
      lags: [],
      hosts: [{ name: "esxi01", uplinks: ["vmnic5"] }],
    });
    expect(inventory({ dvs: config, host: proxy }).dvs?.hosts).toEqual([{ name: "esxi01", uplinks: ["vmnic1"] }]);
  });
});

describe("link aggregation groups", () => {
  const lag = { key: "lag-1", name: "lag1", mode: "active", uplinkNum: "2", loadbalanceAlgorithm: "srcDestIp" };
  const order = (active: Tree, standby: Tree): Tree => ({
    uplinkTeamingPolicy: { uplinkPortOrder: { activeUplinkPort: active, standbyUplinkPort: standby } },
  });
  const onSwitch = (config: Tree) => ({
    "config.distributedVirtualSwitch": ref("VmwareDistributedVirtualSwitch", "dvs"),
    ...(config as object),
  });

  it("are listed with their algorithms, and with the version of LACP", () => {
    const config = { lacpApiVersion: "multipleLag", lacpGroupConfig: lag };
    expect(inventory({ dvs: { config } }).dvs).toMatchObject({
      lacp_api_version: "multipleLag",
      lags: [{ name: "lag1", load_balance: "srcDestIp" }],
    });
  });

  it("are unknown for a switch whose config could not be read", () => {
    expect(inventory({}).dvs).not.toHaveProperty("lags");
  });

  it("are uplinks of port groups like others; what a port group does not use is listed, too", () => {
    const config = { uplinkPortPolicy: { uplinkPortName: ["Uplink 1", "Uplink 2"] }, lacpGroupConfig: [lag] };
    const setting = { "config.defaultPortConfig": order("lag1", []) };
    expect(inventory({ dvs: { config }, group: onSwitch(setting) }).group).toMatchObject({
      active_uplinks: ["lag1"],
      standby_uplinks: [],
      unused_uplinks: ["Uplink 1", "Uplink 2"],
    });
  });

  it("leave uplinks unknown that vSphere does not give", () => {
    const { group } = inventory({ group: onSwitch({ "config.defaultPortConfig": { vlan: { vlanId: "1" } } }) });
    for (const field of ["active_uplinks", "standby_uplinks", "unused_uplinks"])
      expect(group).not.toHaveProperty(field);
  });
});

describe("a virtual machine", () => {
  const device = (devices: Tree) => inventory({ vm: { "config.hardware.device": devices } }).vm;
  const disk = (backing: Tree): Tree => ({ _typeName: "VirtualDisk", capacityInKB: "1048577", backing });

  it.each<[string, Tree, boolean | undefined]>([
    ["thin", { thinProvisioned: "true" }, true],
    ["thick", { thinProvisioned: "false" }, false],
    ["zeroed in full", { eagerlyScrub: true }, false],
    ["sparse", { _typeName: "VirtualDiskSeSparseBackingInfo" }, true],
    ["not described", {}, undefined],
  ])("has a disk that is %s", (_, backing, thin) => {
    expect(device([disk({ fileName: "[ssd-02] vm1/vm1.vmdk", ...(backing as object) })])?.disks).toEqual([
      { ...(thin !== undefined && { thin }), datastore: "ssd-02", capacity_mb: 1024 },
    ]);
  });

  it.each([
    ["VirtualVmxnet3", "vmxnet3"],
    ["VirtualE1000e", "e1000e"],
    ["VirtualSomethingNew", "VirtualSomethingNew"],
  ])("has an adapter of type %s", (type, adapter) => {
    const backing = { port: { portgroupKey: "dvportgroup-7" } };
    const nic = {
      _typeName: type,
      deviceInfo: { label: "Network adapter 1" },
      macAddress: "00:50:56:2a:00:05",
      addressType: "Manual",
      backing,
    };
    expect(device([nic, { _typeName: "VirtualIDEController", key: "200" }])?.nics).toEqual([
      {
        label: "Network adapter 1",
        adapter,
        network: "dv-conferencing",
        mac_address: "00:50:56:2a:00:05",
        mac_address_type: "manual",
      },
    ]);
  });

  it("has an adapter on a standard port group, and one whose type is not in the JSON", () => {
    const nic = { macAddress: "00:50:56:2a:00:05", addressType: "assigned", backing: { deviceName: "conferencing" } };
    const { vm, coverage } = inventory({ vm: { "config.hardware.device": [nic] } });
    expect(vm?.nics).toEqual([
      { network: "conferencing", mac_address: "00:50:56:2a:00:05", mac_address_type: "assigned" },
    ]);
    expect(coverage?.["virtual_machines.nics.adapter"]).toContain("does not contain device types");
  });

  it.each<[string, Tree, object]>([
    ["its cluster's defaults", {}, { ha_restart_priority: "medium", drs_behavior: null }],
    [
      "a restart priority of its own",
      { dasVmConfig: [{ key: ref("VirtualMachine", "vm"), dasSettings: { restartPriority: "disabled" } }] },
      { ha_restart_priority: "disabled" },
    ],
    [
      "its cluster's priority by name",
      { dasVmConfig: { key: ref("VirtualMachine", "vm"), dasSettings: { restartPriority: "clusterRestartPriority" } } },
      { ha_restart_priority: "medium" },
    ],
    [
      "DRS that leaves it alone",
      { drsVmConfig: { key: ref("VirtualMachine", "vm"), enabled: "false", behavior: "manual" } },
      { drs_behavior: "disabled" },
    ],
    [
      "DRS of its own",
      { drsVmConfig: { key: ref("VirtualMachine", "vm"), enabled: "true", behavior: "manual" } },
      { drs_behavior: "manual" },
    ],
    [
      "no DRS of its own where its cluster does not allow that",
      {
        drsConfig: { enableVmBehaviorOverrides: "false" },
        drsVmConfig: { key: ref("VirtualMachine", "vm"), enabled: "false", behavior: "manual" },
      },
      { drs_behavior: null },
    ],
    [
      "DRS of its own where its cluster allows that",
      {
        drsConfig: { enableVmBehaviorOverrides: "true" },
        drsVmConfig: { key: ref("VirtualMachine", "vm"), enabled: "true", behavior: "manual" },
      },
      { drs_behavior: "manual" },
    ],
    [
      "settings of another machine",
      { drsVmConfig: { key: ref("VirtualMachine", "vm-9"), behavior: "manual" } },
      { drs_behavior: null },
    ],
  ])("has %s", (_, settings, expected) => {
    const configurationEx = {
      dasConfig: { defaultVmSettings: { restartPriority: "medium" } },
      ...(settings as object),
    };
    expect(inventory({ cluster: { configurationEx } }).vm).toMatchObject(expected);
  });

  it.each<[string, Tree, boolean | undefined]>([
    ["is on by default", {}, true],
    ["is on", { dasConfig: { hostMonitoring: "enabled" } }, true],
    ["is off", { dasConfig: { hostMonitoring: "disabled" } }, false],
    ["is in a state that vSphere does not have", { dasConfig: { hostMonitoring: "sometimes" } }, undefined],
  ])("is in a cluster whose host monitoring %s", (_, configurationEx, expected) => {
    const { cluster, coverage } = inventory({ cluster: { configurationEx } });
    expect(cluster?.ha_host_monitoring).toBe(expected);
    expect(coverage?.["clusters.ha_host_monitoring"] === undefined).toBe(expected !== undefined);
  });

  it("is restricted by the VM/Host rules of its cluster, with the members of their groups", () => {
    const rule = (fields: object): Tree => ({
      name: "r",
      enabled: "true",
      mandatory: "true",
      vmGroupName: "vms",
      ...fields,
    });
    const configurationEx = {
      group: [
        { name: "vms", vm: [ref("VirtualMachine", "vm"), ref("VirtualMachine", "vm-9")] },
        { name: "hosts", host: ref("HostSystem", "host") },
        { name: "hidden", host: [ref("HostSystem", "host"), ref("HostSystem", "host-9")] },
      ],
      rule: [
        rule({ affineHostGroupName: "hosts" }),
        rule({ mandatory: "false", antiAffineHostGroupName: "hidden" }),
        rule({ affineHostGroupName: "hidden" }),
        rule({ affineHostGroupName: "gone" }),
        { name: "keep apart", enabled: "true", vm: [ref("VirtualMachine", "vm")] },
      ],
    };
    const { cluster, vm, host } = inventory({ cluster: { configurationEx } });
    const all = { name: "r", enabled: true, mandatory: true, virtual_machines: [vm?.name] };
    expect(cluster?.vm_host_rules).toEqual([
      { ...all, affine_hosts: [host?.name] },
      { ...all, mandatory: false, anti_affine_hosts: [host?.name] },
      all,
      all,
    ]);
    expect(inventory({ cluster: { configurationEx: {} } }).cluster?.vm_host_rules).toEqual([]);
  });

  it("has limits that are null for none, and snapshots that are counted with their children", () => {
    const { vm } = inventory({
      vm: {
        "config.cpuAllocation": { reservation: "0", limit: "-1" },
        "config.memoryAllocation": { reservation: "4096", limit: "8192" },
        "config.version": "vmx-14",
        snapshot: { rootSnapshotList: { name: "a", childSnapshotList: [{ name: "b" }, { name: "c" }] } },
        "guest.net": { ipAddress: ["10.44.10.21", "fe80::1"] },
        "config.extraConfig": [{ key: "numa.nodeAffinity", value: "0" }],
      },
    });
    expect(vm).toMatchObject({
      cpu_reservation_mhz: 0,
      cpu_limit_mhz: null,
      memory_reservation_mb: 4096,
      memory_limit_mb: 8192,
      hardware_version: 14,
      snapshots: 3,
      ip_addresses: ["10.44.10.21", "fe80::1"],
      numa_node_affinity: "0",
    });
  });

  it("is unknown as a whole if vSphere cannot read it", () => {
    const { coverage } = inventory({ vm: { "config.uuid": "", "runtime.connectionState": "inaccessible" } });
    expect(coverage?.["virtual_machines.uuid"]).toBeDefined();
    const orphan = new ManagedObjects();
    orphan.add("VirtualMachine", "vm", [
      ["name", "lost"],
      ["runtime.connectionState", "orphaned"],
    ]);
    const lists = inventoryOf({
      objects: orphan,
      about: undefined,
      isRequested: () => true,
      whyNotRequested: () => "",
      permissions: "",
      licences: "",
    });
    expect(lists.coverage?.["virtual_machines[lost]"]).toBe("the virtual machine is orphaned");
  });
});

describe("a host", () => {
  it.each<[string, Properties, string | undefined]>([
    ["its mode", { "config.lockdownMode": "lockdownStrict", "config.adminDisabled": "false" }, "lockdownStrict"],
    ["the flag of ESXi 5", { "config.adminDisabled": "true" }, "lockdownNormal"],
    ["the other flag of ESXi 5", { "config.adminDisabled": "false" }, "lockdownDisabled"],
    ["a mode that is not known here", { "config.lockdownMode": "lockdownNew" }, undefined],
  ])("has a lockdown mode by %s", (_, properties, expected) => {
    expect(inventory({ host: properties }).host?.lockdown_mode).toBe(expected);
  });

  const services = (...running: readonly string[]): Tree => ({
    service: ["ntpd", "ptpd"].map((key) => ({ key, running: running.includes(key), policy: "on" })),
  });
  it.each<[string, Properties, string | undefined]>([
    [
      "what it says",
      { "config.dateTimeInfo": { systemClockProtocol: "ptp" }, "config.product": { version: "8.0.2" } },
      "ptp",
    ],
    ["NTP before 7.0", { "config.product": { version: "6.7.0" } }, "ntp"],
    [
      "NTP where ptpd does not run",
      { "config.product": { version: "8.0.2" }, "config.service": services("ntpd") },
      "ntp",
    ],
    [
      "what nobody knows where ptpd runs",
      { "config.product": { version: "8.0.2" }, "config.service": services("ptpd") },
      undefined,
    ],
    ["what nobody knows without services", { "config.product": { version: "8.0.2" } }, undefined],
  ])("keeps time by %s", (_, properties, expected) => {
    expect(inventory({ host: properties }).host?.ntp?.protocol).toBe(expected);
  });

  const ptpHost = (dateTime: Tree, version: string, more: Properties = {}): Properties => ({
    "config.dateTimeInfo": dateTime,
    "config.product": { version },
    "config.service": {
      service: [
        { key: "ntpd", running: "false", policy: "off" },
        { key: "ptpd", running: "true", policy: "on", ruleset: ["ptpd"] },
      ],
    },
    "config.firewall.ruleset": [{ key: "ptpd", enabled: "true" }],
    ...more,
  });
  const byPtp = { systemClockProtocol: "ptp", disableFallback: "true" };

  it("keeps time by PTP, with its service, its rule sets and its fallback", () => {
    expect(inventory({ host: ptpHost(byPtp, "8.0.2") }).host?.ptp).toEqual({
      running: true,
      startup_policy: "on",
      firewall_open: true,
      fallback_to_ntp: false,
    });
  });

  it.each<[string, Tree, string, boolean | undefined]>([
    ["where it is not disabled", { ...byPtp, disableFallback: "false" }, "7.0.3", true],
    ["never before 7.0.3", { systemClockProtocol: "ptp" }, "7.0.2", false],
    ["perhaps, where vSphere does not say", { systemClockProtocol: "ptp" }, "8.0.2", undefined],
  ])("falls back to NTP %s", (_, dateTime, version, expected) => {
    expect(inventory({ host: ptpHost(dateTime, version) }).host?.ptp?.fallback_to_ntp).toBe(expected);
  });

  it.each<[string, Tree, boolean | undefined]>([
    ["false where one is disabled", [{ key: "ptpd", enabled: "false" }], false],
    ["unknown where the host does not list it", [{ key: "ntpClient", enabled: "true" }], undefined],
  ])("has rule sets of PTP that are %s", (_, rulesets, expected) => {
    const { host } = inventory({ host: ptpHost(byPtp, "8.0.2", { "config.firewall.ruleset": rulesets }) });
    expect(host?.ptp?.firewall_open).toBe(expected);
  });

  it("uses PTP if only ptpd is running and has a port, though the protocol is not set", () => {
    const port = (deviceType: string) => ({ ptpConfig: { domain: "0", port: [{ index: "0", deviceType }] } });
    const protocol = (dateTime: Tree) => inventory({ host: ptpHost(dateTime, "8.0.2") }).host?.ntp?.protocol;
    expect(protocol(port("virtualNic"))).toBe("ptp");
    expect(protocol(port("none"))).toBeUndefined();
  });

  it.each<[string, Tree, readonly string[] | undefined]>([
    ["a list", { ntpConfig: { server: ["a", "b iburst"] } }, ["a", "b iburst"]],
    ["one", { ntpConfig: { server: "a" } }, ["a"]],
    ["none", { ntpConfig: "" }, []],
    ["what nobody knows", { timeZone: { key: "UTC" } }, undefined],
  ])("has NTP servers: %s", (_, dateTime, expected) => {
    expect(inventory({ host: { "config.dateTimeInfo": dateTime } }).host?.ntp?.servers).toEqual(expected);
  });

  it("starts machines by name, and none are known if one has no name", () => {
    const start = (key: Tree) => ({
      defaults: { enabled: "true" },
      powerInfo: [
        { key, startAction: "PowerOn" },
        { key: ref("VirtualMachine", "vm"), startAction: "none" },
      ],
    });
    expect(inventory({ host: { "config.autoStart": start(ref("VirtualMachine", "vm")) } }).host?.autostart).toEqual({
      enabled: true,
      virtual_machines: ["vm1"],
    });
    expect(inventory({ host: { "config.autoStart": start(ref("VirtualMachine", "gone")) } }).host?.autostart).toEqual({
      enabled: true,
    });
  });

  it("that was contacted directly has no EVC mode, and whether a vCenter manages it", () => {
    const { host } = inventory({}, { apiType: "HostAgent" });
    expect(host?.cpu).not.toHaveProperty("evc_mode");
    expect(host?.managed_by_vcenter).toBe(false);
    const managed = inventory({ host: { "summary.managementServerIp": "10.44.0.5" } }, { apiType: "HostAgent" });
    expect(managed.host?.managed_by_vcenter).toBe(true);
  });
});

describe("a datastore", () => {
  it("names its cluster, its disks and the hosts that reach it", () => {
    const mount = (key: string, accessible: string) => ({
      key: ref("HostSystem", key),
      mountInfo: { accessible, mounted: "true" },
    });
    const { store } = inventory({
      store: {
        "summary.type": "VMFS",
        info: { vmfs: { ssd: "true", local: "false" } },
        host: [mount("host", "true"), mount("away", "false")],
      },
    });
    expect(store).toEqual({
      name: "ssd-01",
      type: "VMFS",
      ssd: true,
      local: false,
      hosts: ["esxi01"],
      datastore_cluster: "ssd-cluster",
    });
  });
});

describe("a licence", () => {
  it.each([
    ["VMware vSphere 6 Enterprise Plus", "esx.enterprisePlus.cpuPackage", "enterprise_plus"],
    ["vSphere 7 Standard for 1 processor", "", "standard"],
    ["VMware vSphere 6 Hypervisor", "esx.hypervisor.cpuPackage", "free"],
    ["VMware vSphere 6 Essentials Plus", "", "essentials_plus"],
    ["VMware vSphere 6 Essentials", "", "essentials"],
    ["VMware vSphere Foundation 8", "", "vsphere_foundation"],
    ["VVF (cores)", "", "vsphere_foundation"],
    ["VMware Cloud Foundation 9 (cores)", "", "cloud_foundation"],
    ["VCF Edge", "", "cloud_foundation"],
    ["Evaluation Mode", "eval", "evaluation"],
    ["VMware vSAN Advanced", "", "other"],
  ])("%s (%s) is %s", (name, key, edition) => {
    expect(licenceEdition(name, key)).toBe(edition);
  });
});
