import { describe, expect, it } from "vitest";
import { inventoryOf } from "../../../src/inventory/mapping/inventory-of.ts";
import { ManagedObjects, type Source } from "../../../src/inventory/mapping/managed-objects.ts";
import type { Tree } from "../../../src/inventory/mapping/tree.ts";

type Objects = readonly (readonly [type: string, id: string, properties: Readonly<Record<string, Tree>>])[];

const ref = (type: string, value: string): Tree => ({ type, value });

const PLACES: Objects = [
  ["Folder", "group-d1", { name: "Datacenters" }],
  ["Datacenter", "datacenter-2", { name: "Oslo-DC", parent: ref("Folder", "group-d1") }],
  ["Folder", "group-h4", { name: "host", parent: ref("Datacenter", "datacenter-2") }],
  [
    "ClusterComputeResource",
    "domain-c8",
    { name: "vc-cluster", parent: ref("Folder", "group-h4"), summary: {}, configurationEx: { dasConfig: "" } },
  ],
];

function host(
  properties: Readonly<Record<string, Tree>>,
  id = "host-21",
  name = "esxi01.example.com",
): Objects[number] {
  const parent = ref("ClusterComputeResource", "domain-c8");
  return ["HostSystem", id, { name, parent, "runtime.connectionState": "connected", ...properties }];
}

/** As from a source with all properties requested. */
function source(objects: Objects, extra: Partial<Source> = {}): Source {
  const all = new ManagedObjects();
  for (const [type, id, properties] of objects) all.add(type, id, Object.entries(properties));
  return {
    objects: all,
    about: { apiType: "VirtualCenter" },
    isRequested: () => true,
    whyNotRequested: (_, path) => `not asked for ${path}`,
    permissions: "no permission",
    licences: "no permission",
    ...extra,
  };
}

describe("the inventory of managed objects", () => {
  it("places a host by its parents, and has EVC off only if vCenter returns it", () => {
    const { hosts, clusters, coverage } = inventoryOf(source([...PLACES, host({})]));
    expect(hosts).toMatchObject([
      { name: "esxi01.example.com", cluster: "vc-cluster", datacenter: "Oslo-DC", managed_by_vcenter: true },
    ]);
    expect(hosts?.[0]?.cpu).toEqual({ evc_mode: null });
    expect(clusters).toEqual([
      { name: "vc-cluster", datacenter: "Oslo-DC", evc_mode: null, ha_host_monitoring: true, vm_host_rules: [] },
    ]);
    expect(coverage).toMatchObject({
      "clusters.ha_enabled": "vSphere does not report configurationEx.dasConfig.enabled",
      "hosts.lockdown_mode": "vSphere does not report config.lockdownMode",
      permissions: "no permission",
    });
  });

  it("reads typed scalars and texts alike", () => {
    const hardware = (tree: Tree) => inventoryOf(source([host({ "hardware.cpuInfo": tree })])).hosts?.[0]?.cpu;
    const texts = hardware({ numCpuPackages: "2", numCpuCores: "32", numCpuThreads: "64", hz: "2793436540" });
    expect(texts).toEqual(hardware({ numCpuPackages: 2, numCpuCores: 32, numCpuThreads: 64, hz: 2793436540 }));
    expect(texts).toMatchObject({ sockets: 2, cores: 32, threads: 64, mhz: 2793 });
  });

  it("omits what was not requested from a source, lists and values alike, with a reason", () => {
    const { clusters, hosts, coverage } = inventoryOf(source([host({})], { isRequested: () => false }));
    expect(clusters).toBeUndefined();
    expect(hosts?.[0]?.cpu).toEqual({});
    expect(coverage).toMatchObject({
      clusters: "not asked for name",
      "hosts.cpu.evc_mode": "not asked for summary.currentEVCModeKey",
    });
  });

  it("has no values for a host without a connection, with a reason for that host only", () => {
    const away = host(
      { "runtime.connectionState": "disconnected", "config.lockdownMode": "lockdownNormal" },
      "host-22",
      "esxi02",
    );
    const { hosts, coverage } = inventoryOf(source([...PLACES, host({}), away]));
    expect(hosts?.[1]).toEqual({
      name: "esxi02",
      cluster: "vc-cluster",
      datacenter: "Oslo-DC",
      managed_by_vcenter: true,
      connection_state: "disconnected",
    });
    expect(coverage?.["hosts[esxi02]"]).toBe("host disconnected");
    expect(coverage?.["hosts[esxi02].lockdown_mode"]).toBe("host disconnected");
    expect(coverage?.["hosts.lockdown_mode"]).toContain("vSphere does not report");
  });

  it("does not treat a cluster that the account may not see as none: the host would seem standalone", () => {
    const hidden = inventoryOf(source([...PLACES.slice(0, 3), host({})]));
    expect(hidden).not.toHaveProperty("clusters");
    expect(hidden.hosts?.[0]).not.toHaveProperty("cluster");
    expect(hidden.coverage).toMatchObject({
      clusters: "the account has no permission to read the cluster of a host",
      "hosts.cluster": "the account has no permission to read its cluster",
    });
    const alone: Objects[number] = ["ComputeResource", "domain-c8", { name: "esxi01.example.com" }];
    expect(inventoryOf(source([...PLACES.slice(0, 3), alone, host({})]))).toMatchObject({
      clusters: [],
      hosts: [{ cluster: null }],
    });
  });

  it("merges the data of one object from several sources", () => {
    const both = inventoryOf(
      source([host({ "config.product": { version: "6.7.0" } }), host({ "config.lockdownMode": "lockdownStrict" })]),
    );
    expect(both.hosts).toMatchObject([{ version: "6.7.0", lockdown_mode: "lockdownStrict" }]);
  });
});
