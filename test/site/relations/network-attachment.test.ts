import { describe, expect, it } from "vitest";
import { attachmentsOf } from "../../../src/site/relations/network-attachment.ts";
import type { Field } from "../../../src/site/core/site-object.ts";
import { siteOf } from "../../support/documents.ts";

const NODE = "conferencing_nodes: [{ name: n, hostname: n, vm: { host: x, network: net } }]";
const DISTRIBUTED = `
distributed_switches: [{ name: dvs, mtu: 9000, hosts: [{ name: X., uplinks: [vmnic4] }] }]
distributed_port_groups: [{ name: NET, distributed_switch: DVS, teaming_policy: loadbalance_ip }]
`;
const host = (fields: string) => `hosts: [{ name: x, cluster: null, ${fields} }]\nvirtual_machines: []\n`;
const STANDARD = `port_groups: [{ name: Net., virtual_switch: VSWITCH0, teaming_policy: failover_explicit, uplinks: [vmnic0] }]`;
const NO_DISTRIBUTED = "distributed_port_groups: []";

const told = (field: Field<unknown>): unknown => (field.known ? field.value : field.missing.map(({ what }) => what));

async function attachments(deployment: string, inventory: string) {
  const [portGroup] = (await siteOf(deployment, inventory)).relations.networksInUse.portGroups.items;
  if (portGroup === undefined) throw new Error("a port group");
  const { items, missing } = attachmentsOf(portGroup);
  return {
    kinds: items.map(({ kindOfGroup }) => kindOfGroup),
    teaming: items.map((item) => {
      const field = item.read("teaming");
      return field.known ? field.value.value : told(field);
    }),
    missing: missing.map(({ what }) => what),
  };
}

describe("a network on a host", () => {
  it("is a port group of a standard switch", async () => {
    expect(await attachments(NODE, host(STANDARD) + NO_DISTRIBUTED)).toEqual({
      kinds: ["standard"],
      teaming: ["failover_explicit"],
      missing: [],
    });
  });

  it("is a distributed port group whose switch has the host", async () => {
    expect(await attachments(NODE, host("port_groups: []") + DISTRIBUTED)).toEqual({
      kinds: ["distributed"],
      teaming: ["loadbalance_ip"],
      missing: [],
    });
  });

  it("is both when both have the name", async () => {
    expect((await attachments(NODE, host(STANDARD) + DISTRIBUTED)).kinds).toEqual(["standard", "distributed"]);
  });

  it("is no distributed port group of a switch that does not have the host", async () => {
    const elsewhere = DISTRIBUTED.replace("X.", "y");
    expect(await attachments(NODE, host("port_groups: []") + elsewhere)).toEqual({
      kinds: [],
      teaming: [],
      missing: ["no port group of this name is in the inventory of x"],
    });
  });

  it.each([
    ["does not list its hosts", "distributed_switches: [{ name: dvs }]"],
    ["has a member without a name", "distributed_switches: [{ name: dvs, hosts: [{ uplinks: [] }] }]"],
    ["is not listed", "distributed_switches: []"],
  ])("may be a distributed port group of a switch that %s", async (_, switches) => {
    const inventory = `${host("port_groups: []")}${switches}\ndistributed_port_groups: [{ name: net, distributed_switch: dvs }]`;
    expect((await attachments(NODE, inventory)).kinds).toEqual(["distributed"]);
  });

  it("is known if one side shows it, though the other side's list is not in the inventory", async () => {
    expect(await attachments(NODE, host(STANDARD))).toMatchObject({ kinds: ["standard"], missing: [] });
    expect(await attachments(NODE, host("version: 6.7.0") + DISTRIBUTED)).toMatchObject({
      kinds: ["distributed"],
      missing: [],
    });
  });

  it("is unknown if neither side shows it and a list is missing", async () => {
    expect((await attachments(NODE, host("port_groups: []"))).missing).toEqual([
      "the list distributed_port_groups is not in the inventory",
    ]);
    expect((await attachments(NODE, host("version: 6.7.0") + NO_DISTRIBUTED)).missing).toEqual([
      "hosts.port_groups is not in the inventory",
    ]);
  });

  it("is unknown if the vCenter of the host has no list of distributed port groups, even if another one has", async () => {
    const site = await siteOf(
      NODE,
      `vcenter: { address: vc1 }\n${host("port_groups: []")}`,
      "vcenter: { address: vc2 }\ndistributed_port_groups: [{ name: other }]\nvirtual_machines: []",
    );
    expect(site.relations.networksInUse.portGroups.items.map((group) => told(group.read("distributed")))).toEqual([
      ["the list distributed_port_groups is not in the inventory"],
    ]);
  });
});

describe("teaming on a standard switch", () => {
  const switches = "virtual_switches: [{ name: vSwitch0, teaming_policy: loadbalance_ip }]";
  const group = (fields: string) => `port_groups: [{ name: net, ${fields} }]`;
  const teaming = async (fields: string) => (await attachments(NODE, host(fields) + NO_DISTRIBUTED)).teaming[0];

  it("is the port group's own when it is not null", async () => {
    expect(await teaming(`${group("virtual_switch: vSwitch0, teaming_policy: failover_explicit")}, ${switches}`)).toBe(
      "failover_explicit",
    );
  });

  it("is the switch's when it is null", async () => {
    expect(await teaming(`${group("virtual_switch: VSwitch0, teaming_policy: null")}, ${switches}`)).toBe(
      "loadbalance_ip",
    );
  });

  it("is unknown when the key is missing: that is not null", async () => {
    expect(await teaming(`${group("virtual_switch: vSwitch0")}, ${switches}`)).toEqual([
      "hosts.port_groups.teaming_policy is not in the inventory",
    ]);
  });

  it.each([
    [
      "the port group does not name its switch",
      group("teaming_policy: null"),
      "hosts.port_groups.virtual_switch is not in the inventory",
    ],
    [
      "its switch is not listed",
      `${group("teaming_policy: null, virtual_switch: vSwitch9")}, ${switches}`,
      "virtual switch x/vSwitch9 is not in the inventory",
    ],
    [
      "the host does not list switches",
      group("teaming_policy: null, virtual_switch: vSwitch0"),
      "hosts.virtual_switches is not in the inventory",
    ],
    [
      "its switch does not tell",
      `${group("teaming_policy: null, virtual_switch: vSwitch0")}, virtual_switches: [{ name: vSwitch0 }]`,
      "hosts.virtual_switches.teaming_policy is not in the inventory",
    ],
  ])("is unknown when inherited and %s", async (_, fields, gap) => {
    expect(await teaming(fields)).toEqual([gap]);
  });
});

describe("the networks of a node", () => {
  const names = async (deployment: string, inventory?: string) => {
    const site = await siteOf(deployment, ...(inventory === undefined ? [] : [inventory]));
    const [node] = site.nodes;
    return {
      names: node?.networks.items.map(({ name }) => name),
      missing: node?.networks.missing.map(({ what }) => what),
    };
  };
  const plan = "conferencing_nodes: [{ name: n, hostname: n, vm: { network: core, secondary_network: dmz } }]";

  it("are the planned ones while it has no VM", async () => {
    expect(await names(plan, "virtual_machines: []")).toEqual({ names: ["core", "dmz"], missing: [] });
  });

  it("need a first one, not a second", async () => {
    expect(
      await names("conferencing_nodes: [{ name: n, hostname: n, vm: { network: core } }]", "virtual_machines: []"),
    ).toEqual({
      names: ["core"],
      missing: [],
    });
    expect(await names("conferencing_nodes: [{ name: n, hostname: n }]", "virtual_machines: []")).toEqual({
      names: [],
      missing: ["conferencing_nodes.vm.network is not in the deployment"],
    });
  });

  it("are those of its VM's adapters once it has one", async () => {
    const vm = "virtual_machines: [{ name: n, nics: [{ network: a }, { network: b }] }]";
    expect(await names(plan, vm)).toEqual({ names: ["a", "b"], missing: [] });
  });

  it.each([
    [
      "an adapter does not tell its network",
      "nics: [{ network: a }, {}]",
      ["a"],
      "virtual_machines.nics.network is not in the inventory",
    ],
    ["its VM has no adapter", "nics: []", [], "the node's VM has no network adapter in the inventory"],
    ["its VM's adapters are not listed", "cpus: 4", [], "virtual_machines.nics is not in the inventory"],
  ])("are incomplete when %s", async (_, fields, expected, gap) => {
    expect(await names(plan, `virtual_machines: [{ name: n, ${fields} }]`)).toEqual({
      names: expected,
      missing: [gap],
    });
  });

  it("are the planned ones, and incomplete, while it is unknown whether it has a VM", async () => {
    expect(await names(plan)).toEqual({
      names: ["core", "dmz"],
      missing: ["no inventory given; add --inventory FILE"],
    });
  });
});

describe("port groups in use", () => {
  it("are one per network and host, for all users and in any notation", async () => {
    const site = await siteOf(
      `
conferencing_nodes:
  - { name: a, hostname: a, vm: { cluster: core, network: net } }
  - { name: b, hostname: b, vm: { host: H1, network: NET. } }
`,
      "clusters: [{ name: core }]\nhosts: [{ name: h1, cluster: core }, { name: h2, cluster: core }]\nvirtual_machines: []",
    );
    expect(site.relations.networksInUse.portGroups).toMatchObject({
      items: [{ name: "h1/net" }, { name: "h2/net" }],
      missing: [],
    });
  });

  it("are incomplete if hosts or networks are, and if there may be more nodes", async () => {
    const gaps = async (deployment: string) =>
      (await siteOf(deployment, "virtual_machines: []\nhosts: []")).relations.networksInUse.portGroups.missing.map(
        ({ what }) => what,
      );
    expect(await gaps("conferencing_nodes: [{ name: a, hostname: a }]")).toEqual([
      "the placement of the node is unknown: no VM in the inventory, no vm.host, no vm.cluster",
      "conferencing_nodes.vm.network is not in the deployment",
    ]);
    expect(await gaps("{}")).toEqual(["conferencing_nodes is not in the deployment"]);
  });
});
