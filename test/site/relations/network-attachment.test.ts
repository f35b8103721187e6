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

/** The one attachment of the network, by what the inventory has on both sides. */
async function attachment(inventory: string) {
  const [portGroup] = (await siteOf(NODE, inventory)).relations.networksInUse.portGroups.items;
  const [first] = portGroup === undefined ? [] : attachmentsOf(portGroup).items;
  if (first === undefined) throw new Error("an attachment");
  return first;
}

const distributed = (group: string, more = "mtu: 9000, hosts: [{ name: x, uplinks: [vmnic4, vmnic5] }], lags: []") =>
  attachment(`${host("port_groups: []")}distributed_switches: [{ name: dvs, ${more} }]
distributed_port_groups: [{ name: net, distributed_switch: dvs${group === "" ? "" : `, ${group}`} }]`);
const LAGS = "hosts: [{ name: x, uplinks: [vmnic4, vmnic5] }], lags: [{ name: lag1 }, { name: lag2 }]";

describe("the uplinks of a distributed port group", () => {
  it.each<readonly [string, string, string | undefined, unknown]>([
    ["one active", "active_uplinks: [u1], standby_uplinks: []", undefined, false],
    ["one standby", "active_uplinks: [], standby_uplinks: [u1]", undefined, false],
    ["one active and one standby", "active_uplinks: [u1], standby_uplinks: [u2]", undefined, true],
    ["two active", "active_uplinks: [u1, u2], standby_uplinks: []", undefined, true],
    [
      "one active, while it may be a LAG",
      "active_uplinks: [u1], standby_uplinks: []",
      LAGS.replace(/, lags.*/, ""),
      true,
    ],
    ["one active, while standby ones are unknown", "active_uplinks: [u1]", undefined, true],
    ["one standby, while active ones are unknown", "standby_uplinks: [u1]", undefined, true],
    ["one that is a LAG", "active_uplinks: [LAG1], standby_uplinks: []", LAGS, true],
    ["one besides a LAG that it does not use", "active_uplinks: [u1], standby_uplinks: []", LAGS, false],
    ["unknown ones of a host with one adapter", "", "hosts: [{ name: x, uplinks: [vmnic4] }]", false],
    [
      "unknown ones of a member without uplinks",
      "",
      "hosts: [{ name: x }]",
      ["the uplinks of x on the distributed switch are not in the inventory"],
    ],
    [
      "unknown ones of a switch without members",
      "",
      "mtu: 1500",
      ["distributed_switches.hosts is not in the inventory"],
    ],
  ])("are several or not: %s", async (_, group, ofSwitch, expected) => {
    expect(told((await distributed(group, ofSwitch)).read("hasSeveralUplinks"))).toEqual(expected);
  });

  it.each<readonly [string, string, string, unknown]>([
    ["those that it uses", "active_uplinks: [Lag1., u1], standby_uplinks: [lag2]", LAGS, ["dvs/lag1", "dvs/lag2"]],
    ["none if it uses none", "active_uplinks: [u1], standby_uplinks: []", LAGS, []],
    ["none if it uses none, for all that is known", "unused_uplinks: [LAG1, lag2]", LAGS, []],
    [
      "unknown if it may use one",
      "unused_uplinks: [lag1]",
      LAGS,
      [
        "distributed_port_groups.active_uplinks is not in the inventory",
        "distributed_port_groups.standby_uplinks is not in the inventory",
      ],
    ],
    [
      "unknown if it may use one as standby",
      "active_uplinks: [u1]",
      LAGS,
      ["distributed_port_groups.standby_uplinks is not in the inventory"],
    ],
    ["one that it uses, whatever else is unknown", "standby_uplinks: [lag2]", LAGS, ["dvs/lag2"]],
    ["none with basic LACP", "active_uplinks: [lag1], standby_uplinks: []", `${LAGS}, lacp_api_version: singleLag`, []],
    [
      "unknown without the list",
      "active_uplinks: [u1], standby_uplinks: []",
      "mtu: 1500",
      ["distributed_switches.lags is not in the inventory"],
    ],
    ["none of a switch without LAGs", "", "lags: []", []],
  ])("have the LAGs: %s", async (_, group, ofSwitch, expected) => {
    const lags = (await distributed(group, ofSwitch)).read("lags");
    expect(lags.known ? lags.value.map(({ name }) => name) : told(lags)).toEqual(expected);
  });

  it("and the MTU are at the switch, and shaping and teaming at the port group", async () => {
    const found = await distributed("teaming_policy: loadbalance_ip, ingress_shaping_enabled: true");
    const at = (field: "uplinks" | "mtu" | "teaming") => {
      const read = found.read(field);
      if (!read.known) return told(read);
      const {
        value,
        at: [object, key],
        inheritedFrom,
      } = read.value;
      return [value, object.sourceRefOf(key).path.join("."), inheritedFrom];
    };
    expect(at("uplinks")).toEqual([["vmnic4", "vmnic5"], "distributed_switches.0.hosts.0.uplinks", null]);
    expect(at("mtu")).toEqual([9000, "distributed_switches.0.mtu", null]);
    expect(at("teaming")).toEqual(["loadbalance_ip", "distributed_port_groups.0.teaming_policy", null]);
    expect(
      found.shaping.items.map(({ value, at: [object, key] }) => [value, object.sourceRefOf(key).path.join(".")]),
    ).toEqual([[true, "distributed_port_groups.0.ingress_shaping_enabled"]]);
    expect(found.shaping.missing.map(({ what }) => what)).toEqual([
      "distributed_port_groups.egress_shaping_enabled is not in the inventory",
    ]);
  });
});

describe("a standard port group", () => {
  const standard = (
    group: string,
    onSwitch = "uplinks: [vmnic0, vmnic1], mtu: 1500, teaming_policy: loadbalance_ip, shaping_enabled: true",
    nics = "",
  ) =>
    attachment(
      `${host(`port_groups: [{ name: net, virtual_switch: v, ${group} }], virtual_switches: [{ name: v, ${onSwitch} }]${nics}`)}${NO_DISTRIBUTED}`,
    );
  const inWords = (
    read: Field<{
      readonly value: unknown;
      readonly at: readonly unknown[];
      readonly inheritedFrom: { readonly name: string } | null;
    }>,
  ) => (read.known ? [read.value.value, read.value.at[1], read.value.inheritedFrom?.name ?? "own"] : told(read));

  it("has its own settings, else those of its switch where it says null", async () => {
    const own = await standard("teaming_policy: failover_explicit, shaping_enabled: false, uplinks: [vmnic1]");
    expect([own.read("teaming"), own.read("uplinks"), own.read("mtu")].map(inWords)).toEqual([
      ["failover_explicit", "teaming_policy", "own"],
      [["vmnic1"], "uplinks", "own"],
      [1500, "mtu", "x/v"],
    ]);
    expect(own.shaping.items.map(({ value, at }) => [value, at[1]])).toEqual([[false, "shaping_enabled"]]);
    const inherited = await standard("teaming_policy: null, shaping_enabled: null");
    expect([inherited.read("teaming"), inherited.read("uplinks")].map(inWords)).toEqual([
      ["loadbalance_ip", "teaming_policy", "x/v"],
      [["vmnic0", "vmnic1"], "uplinks", "x/v"],
    ]);
    expect(inherited.shaping.items.map(({ value, inheritedFrom }) => [value, inheritedFrom?.name])).toEqual([
      [true, "x/v"],
    ]);
    expect([inherited.read("hasSeveralUplinks"), own.read("hasSeveralUplinks")].map(told)).toEqual([true, false]);
    expect([inherited.read("lags"), inherited.read("portsMayOverrideTeaming")].map(told)).toEqual([[], false]);
  });

  it("has a gap for what it does not say", async () => {
    const vague = await standard("vlan: 6");
    expect(told(vague.read("teaming"))).toEqual(["hosts.port_groups.teaming_policy is not in the inventory"]);
    expect(vague.shaping).toMatchObject({
      items: [],
      missing: [{ what: "hosts.port_groups.shaping_enabled is not in the inventory" }],
    });
  });

  it("has the adapters behind its uplinks, with a gap for each that the host does not describe", async () => {
    const nics = async (group: string, list: string) => {
      const { items, missing } = (await standard(group, undefined, list)).nics;
      return [
        items.map(({ name }) => name),
        missing.map(({ what, sourceRef }) => `${what} @ ${sourceRef?.path.join(".")}`),
      ];
    };
    expect(await nics("uplinks: [vmnic1, vmnic9]", ", physical_nics: [{ name: vmnic1 }, { name: vmnic2 }]")).toEqual([
      ["x/vmnic1"],
      ["physical adapter vmnic9 of host x is not in the inventory @ hosts.0.physical_nics"],
    ]);
    expect(await nics("uplinks: []", "")).toEqual([[], []]);
    expect(await nics("uplinks: [vmnic1]", "")).toEqual([
      [],
      ["hosts.physical_nics is not in the inventory @ hosts.0.physical_nics"],
    ]);
    const unknown = await standard("vlan: 6", "mtu: 1500");
    expect(unknown.nics.missing.map(({ what }) => what)).toEqual([
      "hosts.virtual_switches.uplinks is not in the inventory",
    ]);
  });
});
