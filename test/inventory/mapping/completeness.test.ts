import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../../src/inventory/mapping/inventory-of.ts";
import { Listing } from "../../../src/inventory/mapping/listing.ts";
import { ManagedObjects } from "../../../src/inventory/mapping/managed-objects.ts";
import type { Tree } from "../../../src/inventory/mapping/tree.ts";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";

const ref = (type: string, value: string): Tree => ({ type, value });

/** The inventory of these objects, with all properties requested. */
function inventory(objects: Readonly<Record<string, Readonly<Record<string, Tree>>>>): Inventory {
  const all = new ManagedObjects();
  for (const [key, properties] of Object.entries(objects)) {
    const [type = "", id = ""] = key.split(" ");
    all.add(type, id, Object.entries(properties));
  }
  return inventoryOf({
    objects: all,
    about: { apiType: "VirtualCenter" },
    isRequested: () => true,
    whyNotRequested: (_, path) => `${path} was not asked for`,
    permissions: "not asked for",
    licences: "not asked for",
  });
}

describe("a list", () => {
  it("is complete when all that was seen has a name, and nothing counts more", () => {
    const listing = new Listing<string>();
    for (const item of ["a", "b"]) listing.add(item);
    listing.witness(2, "a tab counts 2");
    expect([listing.reason, listing.seen, listing.named]).toEqual([null, 2, 2]);
  });

  it("has a reason why it may have more", () => {
    const listing = new Listing<string>();
    listing.add("a");
    listing.addUnnamed("the vInfo tab");
    listing.addUnnamed("the vInfo tab");
    listing.witness(4, "the vHost tab counts 4");
    expect(listing.reason).toBe("2 entries of the vInfo tab have no name; the vHost tab counts 4, and 1 is listed");
    expect([listing.seen, listing.named]).toEqual([3, 1]);
  });
});

describe("objects without a name", () => {
  it("are called as their configuration calls them", () => {
    const { virtual_machines: machines, hosts } = inventory({
      "VirtualMachine vm-1": { config: { name: "sql%2fbig" } },
      "VirtualMachine vm-2": { summary: { config: { name: "web" } } },
      "HostSystem host-1": { "summary.config.name": "esxi01.example.com" },
    });
    expect(machines?.map(({ name }) => name)).toEqual(["sql/big", "web"]);
    expect(hosts?.map(({ name }) => name)).toEqual(["esxi01.example.com"]);
  });

  it("leave their list open, or unknown when nothing of it has a name", () => {
    const {
      virtual_machines: machines,
      incomplete,
      coverage,
    } = inventory({
      "VirtualMachine vm-1": { name: "web" },
      "VirtualMachine vm-2": {},
      "Datastore datastore-1": {},
    });
    expect(machines).toHaveLength(1);
    expect(incomplete?.["virtual_machines"]).toBe(
      "an entry of type VirtualMachine, which the account has no permission to read has no name",
    );
    expect(coverage?.["datastores"]).toBe(
      "an entry of type Datastore, which the account has no permission to read has no name",
    );
  });
});

describe("references to objects that are not listed", () => {
  it("make the VMs of a host incomplete, and the lists without the objects", () => {
    const { incomplete } = inventory({
      "VirtualMachine vm-1": { name: "web", "runtime.host": ref("HostSystem", "host-1") },
      "HostSystem host-1": {
        name: "esxi01",
        vm: [ref("VirtualMachine", "vm-1"), ref("VirtualMachine", "vm-2")],
        "runtime.connectionState": "connected",
      },
      "Datastore datastore-1": { name: "ssd-01", vm: [ref("VirtualMachine", "vm-2")] },
      "ClusterComputeResource domain-c1": {
        name: "core",
        host: [ref("HostSystem", "host-1"), ref("HostSystem", "host-2")],
      },
    });
    expect(incomplete).toEqual({
      "hosts[esxi01].virtual_machines": "the host has 1 more than are listed",
      virtual_machines: "vm of ssd-01 refers to 1 that is not listed",
      hosts: "host of core refers to 1 that is not listed",
    });
  });
});

describe("what a host's summary has", () => {
  it("is read if the properties themselves were not collected", () => {
    const { hosts } = inventory({
      "HostSystem host-1": {
        name: "esxi01",
        summary: {
          runtime: { connectionState: "connected", inMaintenanceMode: false },
          hardware: { cpuModel: "Intel Xeon", numCpuCores: 16, numCpuThreads: 32, cpuMhz: 2900, memorySize: 2 ** 34 },
          config: { product: { version: "8.0.3", build: "24674464", apiVersion: "8.0.3.0" } },
          maxEVCModeKey: "intel-cascadelake",
        },
      },
    });
    expect(hosts?.[0]).toMatchObject({
      connection_state: "connected",
      in_maintenance_mode: false,
      ...{ version: "8.0.3", build: "24674464", api_version: "8.0.3.0", memory_mb: 16_384 },
      cpu: { model: "Intel Xeon", cores: 16, threads: 32, mhz: 2900, max_evc_mode: "intel-cascadelake" },
    });
  });
});

describe("what the account has no permission to read", () => {
  it("makes a member of a switch and a mount of a datastore unknown, and nothing else of them", () => {
    const {
      distributed_switches: switches,
      datastores,
      incomplete,
    } = inventory({
      "HostSystem host-1": { name: "esxi01", "runtime.connectionState": "connected" },
      "DistributedVirtualSwitch dvs-1": {
        name: "dvs",
        config: { maxMtu: 1500 },
        "summary.hostMember": [ref("HostSystem", "host-1"), ref("HostSystem", "host-9")],
      },
      "Datastore datastore-1": {
        name: "ssd-01",
        host: ["host-1", "host-9"].map((id) => ({ key: ref("HostSystem", id), mountInfo: { accessible: true } })),
      },
    });
    expect(switches?.[0]?.hosts).toMatchObject([{ name: "esxi01" }, {}]);
    expect(switches?.[0]?.hosts?.[1]).not.toHaveProperty("name");
    expect(datastores?.[0]?.hosts).toEqual(["esxi01"]);
    expect(incomplete?.["datastores[ssd-01].hosts"]).toBe("the account has no permission to read a host that has it");
  });
});

describe("an EVC mode that is not set", () => {
  const mode = { "summary.currentEVCModeKey": "intel-skylake" };
  type Properties = Readonly<Record<string, Tree>>;
  const estate = (cluster: Properties, host: Properties, machine: Properties) =>
    inventory({
      "ClusterComputeResource domain-c7": { name: "core", summary: { numHosts: 1 }, ...cluster },
      "HostSystem host-1": {
        name: "esxi01",
        parent: ref("ClusterComputeResource", "domain-c7"),
        runtime: { connectionState: "connected" },
        summary: { hardware: {} },
        ...host,
      },
      "VirtualMachine vm-1": {
        name: "a",
        runtime: { host: ref("HostSystem", "host-1"), powerState: "poweredOn" },
        config: { uuid: "1" },
        ...machine,
      },
    });

  it("is off where no object has one", () => {
    const { clusters, hosts, virtual_machines } = estate({}, {}, {});
    expect(clusters?.[0]?.evc_mode).toBeNull();
    expect(hosts?.[0]?.cpu?.evc_mode).toBeNull();
    expect(virtual_machines?.[0]?.min_required_evc_mode).toBeNull();
  });

  it("of a cluster and a running VM is unknown where their host has one", () => {
    const { clusters, virtual_machines, coverage } = estate({}, mode, {});
    expect(clusters?.[0]).not.toHaveProperty("evc_mode");
    expect(virtual_machines?.[0]).not.toHaveProperty("min_required_evc_mode");
    expect(coverage?.["clusters.evc_mode"]).toBe("the cluster has no EVC mode, but its host esxi01 has one");
    expect(
      estate({}, { ...mode, runtime: { connectionState: "disconnected" } }, {}).clusters?.[0]?.evc_mode,
    ).toBeNull();
  });

  it("of a host and a running VM is unknown where their cluster has one", () => {
    const summary = { numHosts: 1, currentEVCModeKey: "intel-skylake" };
    const { hosts, virtual_machines, coverage } = estate({ summary }, {}, {});
    expect(hosts?.[0]?.cpu).not.toHaveProperty("evc_mode");
    expect(virtual_machines?.[0]).not.toHaveProperty("min_required_evc_mode");
    expect(coverage?.["hosts.cpu.evc_mode"]).toBe("the host has no EVC mode, but its cluster has one");
    const off = { runtime: { host: ref("HostSystem", "host-1"), powerState: "poweredOff" } };
    expect(estate({ summary }, {}, off).virtual_machines?.[0]?.min_required_evc_mode).toBeNull();
  });
});

describe("segments of NSX", () => {
  it("without a readable name may be any network, so that none is known to be absent", () => {
    const { incomplete } = inventory({
      "OpaqueNetwork network-o1": { summary: { opaqueNetworkId: "id-1" } },
      "DistributedVirtualPortgroup dvportgroup-1": { name: "dv-conf" },
    });
    expect(incomplete?.["distributed_port_groups"]).toMatch(/^an entry of type OpaqueNetwork.* has no name$/);
  });

  it("are named as such, and are the networks of the VMs that use them", () => {
    const { nsx_segments: segments, virtual_machines: machines } = inventory({
      "OpaqueNetwork network-o1": { name: "seg-conf", summary: { opaqueNetworkId: "id-1" } },
      "DistributedVirtualPortgroup dvportgroup-1": { name: "seg-dmz", "config.backingType": "nsx" },
      "VirtualMachine vm-1": {
        name: "web",
        config: {
          hardware: {
            device: [
              { _typeName: "VirtualVmxnet3", macAddress: "00:50:56:00:00:01", backing: { opaqueNetworkId: "id-1" } },
            ],
          },
        },
      },
    });
    expect(segments).toEqual([{ name: "seg-conf" }, { name: "seg-dmz" }]);
    expect(machines?.[0]?.nics?.[0]?.network).toBe("seg-conf");
  });
});
