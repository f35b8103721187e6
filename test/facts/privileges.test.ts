import { describe, expect, it } from "vitest";
import { DEPLOYMENT_PRIVILEGES, isAdministrator, isBelowDatacenter } from "../../src/facts/privileges.ts";

describe("the privileges for deployment", () => {
  it("are the eight of the guide, each once", () => {
    expect(DEPLOYMENT_PRIVILEGES).toHaveLength(8);
    expect(new Set(DEPLOYMENT_PRIVILEGES.map(({ id }) => id)).size).toBe(8);
  });
});

describe("isAdministrator", () => {
  it.each([
    ["Admin", true],
    ["ADMINISTRATOR", true],
    ["administrators", false],
    ["ReadOnly", false],
    ["", false],
  ])("%j: %s", (role, expected) => {
    expect(isAdministrator(role)).toBe(expected);
  });
});

describe("isBelowDatacenter", () => {
  it.each([
    ["Datacenter", "Oslo-DC1", false],
    ["datacenter", "/Norway/Oslo-DC1", false],
    ["Folder", "Datacenters", false],
    ["Folder", "/", false],
    ["Folder", "/Norway", false],
    ["Folder", "/Norway/Oslo-DC1/vm/pexip", true],
    ["Folder", "vm", true],
    ["Folder", "pexip", undefined],
    ["ClusterComputeResource", "vc-core", true],
    ["HostSystem", "esxi01", true],
    ["ResourcePool", "pexip", true],
    ["VirtualMachine", "pexip-conf01", true],
    ["Cluster", "vc-core", undefined],
    ["", "", undefined],
  ])("%s %s: %s", (type, entity, expected) => {
    expect(isBelowDatacenter(type, entity)).toBe(expected);
  });
});
