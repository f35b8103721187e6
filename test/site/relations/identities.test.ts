import { describe, expect, it } from "vitest";
import type { Adapter } from "../../../src/site/relations/identities.ts";
import { siteOf } from "../../support/documents.ts";

const NODES = `conferencing_nodes:
  - { name: a, hostname: a }
  - { name: b, hostname: b, vm: { host: h1, mac_address: "00:50:56:00:00:0B" } }
  - { name: c, hostname: c, vm: { host: h1, mac_address: nonsense } }
`;
const identitiesOf = async (inventory: string, nodes = NODES) => (await siteOf(nodes, inventory)).relations.identities;
const whatOf = (missing: readonly { readonly what: string }[]) => missing.map(({ what }) => what);
const inWords = ({ owner, index, node, at }: Adapter) =>
  `${owner.kind} ${owner.name} ${index} of ${node?.name ?? "no node"} @ ${at[0].sourceRefOf(at[1]).path.join(".")}`;

describe("the adapters with a MAC address", () => {
  it("are those of nodes' VMs, of planned nodes, then of other VMs, each with its source location", async () => {
    const identities = await identitiesOf(`
virtual_machines:
  - { name: mail, nics: [{ mac_address: 00-50-56-00-00-0b }] }
  - { name: a, nics: [{ mac_address: "00:50:56:00:00:01" }, { mac_address: "0050.5600.000b" }, { mac_address: x }] }
  - { name: vCLS (1), nics: [{ mac_address: "00:50:56:00:00:0b" }] }
  - { name: image, template: true, nics: [{ mac_address: "00:50:56:00:00:0b" }] }
  - { name: copy, template: false, nics: [{ mac_address: "00:50:56:00:00:0b" }] }
`);
    expect(identities.withMac("00505600000b").items.map(inWords)).toEqual([
      "virtual-machine a 1 of a @ virtual_machines.1.nics.1.mac_address",
      "node b 0 of b @ conferencing_nodes.1.vm.mac_address",
      "virtual-machine mail 0 of no node @ virtual_machines.0.nics.0.mac_address",
      "virtual-machine copy 0 of no node @ virtual_machines.4.nics.0.mac_address",
    ]);
    expect(identities.withMac("00505600000c")).toEqual({ items: [], missing: [] });
    expect(identities.withMac("null").items).toEqual([]);
  });

  it("are not those of the plan of a node whose VM may be one of several", async () => {
    const twins = "virtual_machines: [{ name: b, datacenter: x, nics: [] }, { name: b, datacenter: y, nics: [] }]";
    expect((await identitiesOf(twins)).withMac("00505600000b").items).toEqual([]);
    const other = "virtual_machines: [{ name: other, nics: [] }]";
    expect((await identitiesOf(other)).withMac("00505600000b").items.map(inWords)).toEqual([
      "node b 0 of b @ conferencing_nodes.1.vm.mac_address",
    ]);
  });
});

describe("values that VMs lack", () => {
  const inventory = (machines: string) => `clusters: []
hosts: [{ name: h1, cluster: null }, { name: h9, cluster: null }]
virtual_machines: [${machines}]`;
  const NEAR = "{ name: near, host: h1, nics: [{}] }";
  const FAR = "{ name: far, host: h9, uuid: u9, nics: [{}] }";

  it("are gaps for VMs near a node, and are listed separately for all others", async () => {
    const near = await identitiesOf(inventory(NEAR));
    expect(whatOf(near.withUuid("x").missing)).toEqual(["virtual_machines.uuid is not in the inventory"]);
    expect(whatOf(near.withMac("x").missing)).toEqual(["virtual_machines.nics.mac_address is not in the inventory"]);
    expect(near.remoteGaps).toEqual({ uuid: [], mac: [] });
    const far = await identitiesOf(inventory(FAR));
    expect([far.withUuid("x").missing, far.withMac("x").missing]).toEqual([[], []]);
    expect(whatOf(far.remoteGaps.mac)).toEqual(["virtual_machines.nics.mac_address is not in the inventory"]);
    expect(far.remoteGaps.uuid).toEqual([]);
  });

  it("are gaps for a node's own VM, wherever it is", async () => {
    const own = await identitiesOf(inventory("{ name: a, host: h9, nics: [] }"));
    expect(whatOf(own.withUuid("x").missing)).toEqual(["virtual_machines.uuid is not in the inventory"]);
    expect(own.withMac("x").missing).toEqual([]);
    expect(own.remoteGaps).toEqual({ uuid: [], mac: [] });
  });
});

describe("VMs by UUID and address", () => {
  it("are found in whatever notation", async () => {
    const identities = await identitiesOf(`
virtual_machines:
  - { name: mail, uuid: "{4211A5C1-0B7D}", ip_addresses: ["2001:DB8:0::1", nonsense] }
  - { name: a, uuid: "42 11 a5 c1-0b 7d", ip_addresses: [10.0.0.1, "2001:db8::1"] }
  - { name: web, uuid: "{}" }
`);
    const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
    expect(names(identities.withUuid("4211a5c10b7d").items)).toEqual(["a", "mail"]);
    expect(names(identities.withUuid("{}").items)).toEqual(["web"]);
    expect(names(identities.withUuid("").items)).toEqual([]);
    expect(names(identities.withAddress("2001:db8::1"))).toEqual(["a", "mail"]);
    expect(names(identities.withAddress("nonsense"))).toEqual([]);
    expect(identities.firstNode?.name).toBe("a");
  });

  it("belong to the first of the nodes that have one, else what concerns no node is the first node's", async () => {
    const second = await identitiesOf("virtual_machines: [{ name: b }]");
    expect(second.firstNode?.name).toBe("b");
    expect((await identitiesOf("virtual_machines: []")).firstNode?.name).toBe("a");
    expect((await identitiesOf("virtual_machines: []", "{}")).firstNode).toBeUndefined();
  });
});
