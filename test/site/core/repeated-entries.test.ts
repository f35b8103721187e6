import { describe, expect, it } from "vitest";
import rule from "../../../rules/network/no-ip-hash-teaming.ts";
import type { Check } from "../../../src/schema/report.generated.ts";
import { siteOf } from "../../support/documents.ts";
import { checksOn } from "../../support/mutated.ts";

const NODE = "conferencing_nodes: [{ name: n, hostname: n, vm: { host: x, network: net } }]";
const CLEAN = "loadbalance_srcid";
const IP_HASH = "loadbalance_ip";

interface Lists {
  readonly groups?: readonly string[];
  readonly switches?: readonly string[];
  readonly distributed?: readonly string[];
}

/** An inventory with one host; each entry of a list is on a separate line. */
const inventory = ({ groups = [], switches = [], distributed = [] }: Lists) => `
hosts:
  - name: x
    cluster: null
    physical_nics: []
    virtual_switches: [${switches.map((fields) => `\n      { ${fields} }`).join(",")}]
    port_groups: [${groups.map((fields) => `\n      { ${fields} }`).join(",")}]
distributed_switches: [{ name: dvs, hosts: [{ name: x, uplinks: [vmnic0, vmnic1] }] }]
distributed_port_groups: [${distributed.map((fields) => `\n  { ${fields} }`).join(",")}]
virtual_machines: []
`;

const group = (policy: string, name = "net", onSwitch = "v") =>
  `name: ${name}, virtual_switch: ${onSwitch}, teaming_policy: ${policy}, uplinks: [vmnic0, vmnic1]`;
const onSwitch = (policy: string, name = "v") => `name: ${name}, uplinks: [vmnic0, vmnic1], teaming_policy: ${policy}`;

async function ipHash(...inventories: readonly string[]): Promise<Check> {
  const site = await siteOf(NODE, ...inventories);
  const [check] = await checksOn(site, 0, [rule]);
  if (check === undefined) throw new Error("a check");
  return check;
}

const SWITCH = { switches: [onSwitch(CLEAN)] };
const INHERITED = { groups: [group("null")] };

describe("an entry that a list has twice", () => {
  it.each<readonly [string, Lists]>([
    ["a port group, IP hash second", { ...SWITCH, groups: [group(CLEAN), group(IP_HASH)] }],
    ["a port group, IP hash first", { ...SWITCH, groups: [group(IP_HASH), group(CLEAN)] }],
    ["a port group in another spelling", { ...SWITCH, groups: [group(CLEAN), group(IP_HASH, "NET.")] }],
    ["a port group without its policy", { ...SWITCH, groups: [group(CLEAN), "name: net, virtual_switch: v"] }],
    [
      "a port group that inherits from another switch",
      { switches: [onSwitch(CLEAN), onSwitch(IP_HASH, "w")], groups: [group("null"), group("null", "net", "w")] },
    ],
    ["a switch, IP hash second", { ...INHERITED, switches: [onSwitch(CLEAN), onSwitch(IP_HASH)] }],
    ["a switch, IP hash first", { ...INHERITED, switches: [onSwitch(IP_HASH), onSwitch(CLEAN)] }],
    ["a switch in another spelling", { ...INHERITED, switches: [onSwitch(CLEAN), onSwitch(IP_HASH, "V")] }],
    [
      "a port group with one uplink and with two",
      { groups: [group(IP_HASH).replace(", vmnic1", ""), group(IP_HASH)], switches: ["name: v, uplinks: [vmnic0]"] },
    ],
  ])("is inconclusive or fails, never passes: %s", async (_, lists) => {
    expect(["inconclusive", "fail"]).toContain((await ipHash(inventory(lists))).verdict);
  });

  it("is inconclusive with both source locations if one fails and one passes", async () => {
    const { verdict, missing } = await ipHash(inventory({ ...SWITCH, groups: [group(CLEAN), group(IP_HASH)] }));
    expect(verdict).toBe("inconclusive");
    expect(missing.map(({ what }) => what)).toEqual([
      'port-group x/net has two values for teaming_policy: "loadbalance_srcid" in inventory.yaml:9:55 and "loadbalance_ip" in inventory.yaml:10:55',
    ]);
    expect(missing[0]?.location).toMatchObject({ path: "inventory.yaml", line: 10 });
  });

  it("is inconclusive with both source locations if the value is missing from one", async () => {
    const groups = [group(CLEAN), "name: net, virtual_switch: v, uplinks: [vmnic0, vmnic1]"];
    expect((await ipHash(inventory({ ...SWITCH, groups }))).missing.map(({ what }) => what)).toEqual([
      'port-group x/net has two values for teaming_policy: "loadbalance_srcid" in inventory.yaml:9:55 and none in inventory.yaml:10:9',
    ]);
  });

  it("fails if both fail", async () => {
    const groups = [group(IP_HASH), `${group(IP_HASH)}, vlan: 7`];
    expect((await ipHash(inventory({ ...SWITCH, groups }))).verdict).toBe("fail");
  });

  it("is one object if all values are equal", async () => {
    expect((await ipHash(inventory({ ...SWITCH, groups: [group(CLEAN), group(CLEAN, "Net.")] }))).verdict).toBe("pass");
    expect((await ipHash(inventory({ ...SWITCH, groups: [group(IP_HASH), group(IP_HASH)] }))).verdict).toBe("fail");
  });

  it("does not affect other entries of the list", async () => {
    const groups = [group(CLEAN), group(CLEAN, "other"), group(IP_HASH, "other")];
    expect((await ipHash(inventory({ ...SWITCH, groups }))).verdict).toBe("pass");
  });

  it("is inconclusive if one of two files has it twice", async () => {
    const twice = inventory({ ...SWITCH, groups: [group(CLEAN), group(IP_HASH)] });
    const once = inventory({ ...SWITCH, groups: [group(CLEAN)] });
    for (const inventories of [
      [twice, once],
      [once, twice],
      [twice, twice],
    ]) {
      expect((await ipHash(...inventories)).verdict).toBe("inconclusive");
    }
  });

  it.each([[[CLEAN, IP_HASH]], [[IP_HASH, CLEAN]]])(
    "fails if each fails separately: distributed %j",
    async (policies) => {
      const distributed = policies.map((policy) => `name: net, distributed_switch: dvs, teaming_policy: ${policy}`);
      expect((await ipHash(inventory({ distributed }))).verdict).toBe("fail");
    },
  );
});

describe("a list that an object has in order", () => {
  const machine = (nics: string) => `virtual_machines: [{ name: vm, nics: [${nics}] }]`;
  const nicsOf = async (nics: string) => {
    const [vm] = (await siteOf("{}", machine(nics))).estate.virtualMachines.items;
    const found = vm?.entries("nics");
    return found?.known === true ? found.value.map(({ name }) => name) : found?.missing.map(({ what }) => what);
  };

  it("is unknown while a label has two values", async () => {
    expect(await nicsOf("{ label: a, network: n }, { label: b }, { label: A, network: m }")).toEqual([
      "virtual-machine vm lists A more than once in nics, with different values (inventory.yaml:1:39, inventory.yaml:1:79)",
    ]);
  });

  it("has an entry once whose records are equal, and each of those without a label", async () => {
    expect(await nicsOf("{ label: a, network: n }, { network: n }, { label: A, network: N }, { network: n }")).toEqual([
      "vm/a",
      "vm/nics[1]",
      "vm/nics[3]",
    ]);
  });
});

describe("datastores of one name", () => {
  const deployment = "conferencing_nodes: [{ name: n, hostname: n, vm: { cluster: c, datastore: ds } }]";
  const spread = async (datastores: string, plan = "") => {
    const hosts = "hosts: [{ name: x, cluster: c }, { name: y, cluster: c }]";
    const clusters = "clusters: [{ name: c, ha_enabled: true, ha_host_monitoring: true, drs_enabled: false }]";
    const site = await siteOf(
      deployment.replace("datastore", `${plan}datastore`),
      `${hosts}\n${clusters}\nvirtual_machines: []\ndatastores:\n${datastores}`,
    );
    const [node] = site.nodes;
    const use = node === undefined ? undefined : site.relations.spreadOf(node).datastores.items[0]?.reach;
    return {
      on: use?.on.map(({ name }) => name),
      off: use?.off.map(({ host }) => host.name),
      missing: use?.missing.map(({ what }) => what),
    };
  };

  it("that differ in their hosts leave it open which hosts have it", async () => {
    expect(await spread("- { name: ds, hosts: [x, y] }\n- { name: DS, hosts: [x] }")).toEqual({
      on: ["x"],
      off: [],
      missing: ["more than one datastore is named ds, with different hosts (inventory.yaml:5:22, inventory.yaml:6:22)"],
    });
  });

  it("mean the one that reaches the planned host", async () => {
    expect(await spread("- { name: ds, hosts: [x] }\n- { name: ds, hosts: [y] }", "host: x, ")).toEqual({
      on: ["x"],
      off: ["y"],
      missing: [],
    });
  });

  it("with equal hosts serve each of them", async () => {
    const twice = "- { name: ds, hosts: [x, y] }\n- { name: ds, hosts: [Y., X] }";
    expect(await spread(twice)).toEqual({ on: ["x", "y"], off: [], missing: [] });
  });
});
