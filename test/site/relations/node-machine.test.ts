import { describe, expect, it } from "vitest";
import type { Site } from "../../../src/site/site.ts";
import { siteOf } from "../../support/documents.ts";

/** The VM of the first node: its name, null when there is none, or the gaps. */
function machineOf(site: Site): string | null | readonly string[] {
  const machine = site.nodes[0]?.read("virtualMachine");
  if (machine === undefined) throw new Error("a node");
  if (machine.known) return machine.value === null ? null : machine.value.name;
  return machine.missing.map(({ what }) => what);
}

/** A node with all keys of the VM search. */
const NODE = `
conferencing_nodes:
  - name: by-node
    hostname: by-host
    domain: example.com
    address: 10.0.0.21
    vm: { name: by-vm, mac_address: "00:50:56:2A:00:05", datacenter: Oslo }
`;
/** Without vm.name, a VM with a name of the node is its own. */
const UNNAMED = NODE.replace("name: by-vm, ", "");
const ADDRESS_VM = "{ name: x1, ip_addresses: [10.0.0.9, 10.0.0.21] }";
const MAC_VM = "{ name: x2, nics: [{ mac_address: 00-50-56-2a-00-05 }] }";
const VMS = {
  "vm.name": "{ name: BY-VM }",
  "the node's name": "{ name: by-node. }",
  "the hostname": "{ name: By-Host }",
  "the FQDN": "{ name: by-host.example.com }",
};
const FOREIGN = { "the address": ADDRESS_VM, "the MAC address": MAC_VM };
const inventory = (...machines: readonly string[]) => `virtual_machines: [${machines.join(", ")}]`;

describe("a node's VM", () => {
  it.each(Object.entries(VMS))("is found by %s, the last three if vm.name is not given", async (key, machine) => {
    const site = await siteOf(
      key === "vm.name" ? NODE : UNNAMED,
      inventory("{ name: other, ip_addresses: [10.0.0.1] }", machine),
    );
    expect(machineOf(site)).toBe(/name: ([^ ,}]+)/.exec(machine)?.[1]);
  });

  it("is found by the first name that matches, in that order", async () => {
    const names = ["by-node.", "By-Host", "by-host.example.com"];
    const machines = [...Object.values(VMS).slice(1), ADDRESS_VM, MAC_VM];
    expect(machineOf(await siteOf(NODE, inventory(...Object.values(VMS).toReversed())))).toBe("BY-VM");
    for (const [index, name] of names.entries()) {
      const site = await siteOf(UNNAMED, inventory(...machines.slice(index).toReversed()));
      expect(machineOf(site)).toBe(name);
    }
  });

  it("is not there when none fits: the node is not deployed yet", async () => {
    expect(machineOf(await siteOf(NODE, inventory("{ name: other }")))).toBeNull();
    expect(machineOf(await siteOf(NODE, inventory()))).toBeNull();
  });

  it("is unknown without a list of VMs, and without an inventory", async () => {
    expect(machineOf(await siteOf(NODE, "hosts: []"))).toEqual(["the list virtual_machines is not in the inventory"]);
    expect(machineOf(await siteOf(NODE))).toEqual(["no inventory given; add --inventory FILE"]);
  });

  const TEMPLATE = "{ name: by-vm, template: true }";
  const isTemplate = (name: string, at: string) =>
    `VM ${name} of node by-node is a template (${at}); convert it to a virtual machine, or set vm.name to the node's VM`;

  it.each(Object.entries(VMS))("is unknown while a template is all that is found by %s", async (_, machine) => {
    const template = machine.replace(" }", ", template: true }");
    const site = await siteOf(NODE, inventory(template));
    expect(machineOf(site)).toEqual([expect.stringContaining("of node by-node is a template")]);
  });

  it("is unknown while vm.name names a template, even if another VM matches", async () => {
    const at = "inventory.yaml:1:45";
    expect(machineOf(await siteOf(NODE, inventory(TEMPLATE)))).toEqual([isTemplate("by-vm", at)]);
    expect(machineOf(await siteOf(NODE, inventory(TEMPLATE, "{ name: by-node }")))).toEqual([isTemplate("by-vm", at)]);
    expect(machineOf(await siteOf(NODE, inventory(TEMPLATE, ADDRESS_VM)))).toEqual([isTemplate("by-vm", at)]);
  });

  it("is never a template if a VM matches", async () => {
    expect(machineOf(await siteOf(NODE, inventory(TEMPLATE, "{ name: BY-VM }")))).toBe("BY-VM#2");
    expect(machineOf(await siteOf(NODE, inventory("{ name: by-vm, template: false }")))).toBe("by-vm");
    const byNode = "{ name: by-node, template: true }";
    expect(machineOf(await siteOf(UNNAMED, inventory(byNode, "{ name: by-host }")))).toBe("by-host");
  });

  it("is not a template of another name, of another datacenter, or with only the node's address", async () => {
    const others = ["{ name: golden, template: true }", "{ name: by-vm, template: true, datacenter: Bergen }"];
    const address = "{ name: x, template: true, ip_addresses: [10.0.0.21] }";
    expect(machineOf(await siteOf(NODE, inventory(...others, address)))).toBeNull();
  });

  it("may be an address that is written differently", async () => {
    const node = "conferencing_nodes: [{ name: n, hostname: n, address: 10.0.0.1 }]";
    expect(machineOf(await siteOf(node, inventory("{ name: x, ip_addresses: ['10.0.0.1'] }")))).toEqual([
      "no VM is named n, but VM x has the address of node n; set vm.name or rename it",
    ]);
    expect(machineOf(await siteOf(node, inventory("{ name: x, ip_addresses: ['10.0.0.1/24', ''] }")))).toBeNull();
  });

  it("is not found by a MAC address that is no more than a blank", async () => {
    const site = await siteOf(NODE, inventory("{ name: x, nics: [{ mac_address: '' }, {}] }"));
    expect(machineOf(site)).toBeNull();
  });
});

describe("a VM of another name that has something of a node", () => {
  it.each([
    ["{ name: by-host }", "hostname"],
    ["{ name: by-host.example.com }", "FQDN"],
    [ADDRESS_VM, "address"],
    [MAC_VM, "MAC address"],
    ["{ name: By-Host, ip_addresses: [10.0.0.21] }", "hostname and address"],
  ])("may be the node's or not: %s", async (machine, traits) => {
    const site = await siteOf(NODE, inventory(machine, "{ name: other }"));
    const name = /name: ([^ ,}]+)/.exec(machine)?.[1] ?? "";
    const words = `VM ${name} has the ${traits} of node by-node; set vm.name or rename it`;
    expect(machineOf(site)).toEqual([`no VM is named by-vm, but ${words}`]);
    const found = site.nodes[0]?.read("virtualMachine");
    expect(found?.known === false && found.missing[0]?.sourceRef?.path).toEqual([
      "conferencing_nodes",
      0,
      "vm",
      "name",
    ]);
  });

  it.each(Object.entries(FOREIGN))("is not the node's if vm.name is not given: %s", async (trait, machine) => {
    const site = await siteOf(UNNAMED, inventory("{ name: other, ip_addresses: [10.0.0.1] }", machine));
    const what = trait.replace("the ", "");
    expect(machineOf(site)).toEqual([expect.stringContaining(`has the ${what} of node by-node; set vm.name`)]);
  });

  it("is named with all others that do", async () => {
    const site = await siteOf(NODE, inventory(ADDRESS_VM, "{ name: x3, ip_addresses: [10.0.0.21] }"));
    expect(machineOf(site)).toEqual([
      "no VM is named by-vm, but VMs x1, x3 have the address of node by-node; set vm.name or rename them",
    ]);
  });

  it("plays no part once there is one of that name", async () => {
    expect(machineOf(await siteOf(NODE, inventory(ADDRESS_VM, "{ name: by-vm }")))).toBe("by-vm");
    expect(machineOf(await siteOf(UNNAMED, inventory(ADDRESS_VM, "{ name: by-host }")))).toBe("by-host");
  });

  it("is reported beside the list of VMs that is missing for another vCenter", async () => {
    const listed = `vcenter: { address: vc1 }\n${inventory(ADDRESS_VM)}`;
    const unlisted = "vcenter: { address: vc2 }\nhosts: [{ name: esxi09 }]";
    expect(machineOf(await siteOf(NODE, listed, unlisted))).toEqual([
      expect.stringContaining("VM x1 has the address"),
      "the list virtual_machines is not in the inventory",
    ]);
  });
});

describe("two VMs of one name", () => {
  it("leave the node without a VM, and are both named", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n }]",
      inventory("{ name: n }", "{ name: N. }"),
    );
    expect(machineOf(site)).toEqual([
      "more than one VM matches node n: n, N.#2 (inventory.yaml:1:20, inventory.yaml:1:33); remove the duplicate, or set vm.name to another VM",
    ]);
  });

  it("of one name are distinguished by the datacenter in vm.datacenter", async () => {
    const twins = ["{ name: by-vm, datacenter: BERGEN }", "{ name: by-vm, datacenter: oslo }"];
    expect(machineOf(await siteOf(NODE, inventory(...twins)))).toBe("oslo/by-vm");
    expect(machineOf(await siteOf(NODE.replace(", datacenter: Oslo", ""), inventory(...twins)))).toEqual([
      "more than one VM matches node by-node: BERGEN/by-vm, oslo/by-vm (inventory.yaml:1:20, inventory.yaml:1:57); set vm.datacenter",
    ]);
  });

  it("of one name in other datacenters are no proof that the node is not deployed", async () => {
    const twins = ["{ name: by-vm, datacenter: Bergen }", "{ name: by-vm, datacenter: Molde }"];
    expect(machineOf(await siteOf(NODE, inventory(...twins)))).toEqual([
      "more than one VM matches node by-node: Bergen/by-vm, Molde/by-vm (inventory.yaml:1:20, inventory.yaml:1:57); remove the duplicate, or set vm.name to another VM",
    ]);
  });

  it("are not the node's when the only one is in another datacenter than vm.datacenter names", async () => {
    expect(machineOf(await siteOf(NODE, inventory("{ name: by-vm, datacenter: Bergen }")))).toEqual([
      "VM by-vm is in datacenter Bergen, but vm.datacenter of node by-node is Oslo; correct vm.datacenter or vm.name",
    ]);
  });
});

describe("with several inventories, a node's VM", () => {
  it("is found with the values of either, though they differ", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n, address: 10.0.0.21 }]",
      inventory("{ name: x, ip_addresses: [10.0.0.21] }"),
      inventory("{ name: x, ip_addresses: [10.0.0.21, fe80::1] }"),
    );
    expect(machineOf(site)).toEqual([expect.stringContaining("VM x has the address of node n")]);
  });

  it("is found by either name of one UUID", async () => {
    const files = [inventory("{ name: before, uuid: 42-A }"), inventory("{ name: after, uuid: 42-a }")] as const;
    for (const name of ["before", "after"]) {
      expect(machineOf(await siteOf(`conferencing_nodes: [{ name: ${name}, hostname: h }]`, ...files))).toBe("before");
    }
  });

  it("may be in the vCenter whose VMs are not listed", async () => {
    const listed = `vcenter: { address: vc1 }\n${inventory("{ name: other }")}`;
    const unlisted = "vcenter: { address: vc2 }\nhosts: [{ name: esxi09 }]";
    expect(machineOf(await siteOf(NODE, listed, unlisted))).toEqual([
      "the list virtual_machines is not in the inventory",
    ]);
    const found = `vcenter: { address: vc1 }\n${inventory("{ name: by-vm }")}`;
    expect(machineOf(await siteOf(NODE, found, unlisted))).toBe("by-vm");
    const sameVcenter = unlisted.replace("vc2", "VC1.");
    expect(machineOf(await siteOf(NODE, listed, sameVcenter))).toBeNull();
  });
});

describe("an address that two nodes have", () => {
  it("assign none of them to a VM with the name of the other", async () => {
    const site = await siteOf(
      "conferencing_nodes:\n  - { name: a, hostname: a, address: 10.0.0.5 }\n  - { name: b, hostname: b, address: 10.0.0.5 }",
      "virtual_machines: [{ name: a, ip_addresses: [10.0.0.5] }]",
    );
    expect(site.nodes.map((node) => node.read("virtualMachine"))).toMatchObject([
      { known: true, value: { name: "a" } },
      { known: true, value: null },
    ]);
  });
});
