import { describe, expect, it } from "vitest";
import type { PartialList } from "../../../src/site/core/partial-list.ts";
import { siteOf } from "../../support/documents.ts";

const shown = ({ items, missing }: PartialList<{ readonly name: string }>) => ({
  hosts: items.map(({ name }) => name),
  missing: missing.map(({ what }) => what),
});

async function clusterHosts(plan: string, ...inventories: readonly string[]) {
  const site = await siteOf(`conferencing_nodes: [{ name: n, hostname: n, vm: { ${plan} } }]`, ...inventories);
  const [node] = site.nodes;
  if (node === undefined) throw new Error("a node");
  return shown(node.clusterHosts.hosts);
}

const NO_CLUSTER = "hosts.cluster is not in the inventory; write cluster: null for a host without a cluster";

const sure = (...hosts: readonly string[]) => ({ hosts, missing: [] });

const HOSTS = `
hosts:
  - { name: a1, cluster: A }
  - { name: a2, cluster: a. }
  - { name: b1, cluster: B }
  - { name: alone, cluster: null }
`;
const cluster = (switches: string) => `clusters: [{ name: A, ${switches} }, { name: B }]`;
const vm = (fields: string) => `virtual_machines: [{ name: n, ${fields} }]`;
const OFF = "ha_enabled: false, drs_enabled: false";

describe("the cluster hosts of a node with a VM", () => {
  it.each([
    ["HA is on", "ha_enabled: true, ha_host_monitoring: true, drs_enabled: false", sure("a1", "a2")],
    ["DRS is on", "ha_enabled: false, drs_enabled: true", sure("a1", "a2")],
    ["HA is unknown", "drs_enabled: false", sure("a1", "a2")],
    ["DRS is unknown", "ha_enabled: false", sure("a1", "a2")],
    ["HA and DRS are off", OFF, sure("a2")],
  ])("are its host, and those of its cluster unless it must stay: %s", async (_, switches, expected) => {
    expect(await clusterHosts("host: b1", HOSTS + cluster(switches) + "\n" + vm("host: a2, cluster: A"))).toEqual(
      expected,
    );
  });

  it.each([
    ["HA does not monitor hosts", "ha_enabled: true, ha_host_monitoring: false, drs_enabled: false", "", sure("a2")],
    ["HA monitors hosts", "ha_enabled: true, ha_host_monitoring: true, drs_enabled: false", "", sure("a1", "a2")],
    [
      "HA does not restart the VM",
      "ha_enabled: true, ha_host_monitoring: true, drs_enabled: false",
      ", ha_restart_priority: Disabled",
      sure("a2"),
    ],
    [
      "HA restarts the VM",
      "ha_enabled: true, ha_host_monitoring: true, drs_enabled: false",
      ", ha_restart_priority: low",
      sure("a1", "a2"),
    ],
    ["DRS leaves the VM alone", "ha_enabled: false, drs_enabled: true", ", drs_behavior: disabled", sure("a2")],
    ["DRS follows the cluster", "ha_enabled: false, drs_enabled: true", ", drs_behavior: null", sure("a1", "a2")],
    [
      "HA moves what DRS leaves alone",
      "ha_enabled: true, ha_host_monitoring: true, drs_enabled: true",
      ", drs_behavior: disabled",
      sure("a1", "a2"),
    ],
  ])("are those that HA or DRS brings the VM to: %s", async (_, switches, more, expected) => {
    expect(await clusterHosts("", `${HOSTS}${cluster(switches)}\n${vm(`host: a2, cluster: A${more}`)}`)).toEqual(
      expected,
    );
  });

  const THREE = HOSTS.replace("name: b1, cluster: B", "name: a3, cluster: A");
  const MUST = "enabled: true, mandatory: true, virtual_machines: [N]";
  it.each([
    ["must run on some", [`${MUST}, affine_hosts: [A1., a2]`], sure("a1", "a2")],
    ["must not run on some", [`${MUST}, anti_affine_hosts: [a1]`], sure("a2", "a3")],
    ["must do both", [`${MUST}, affine_hosts: [a1, a2]`, `${MUST}, anti_affine_hosts: [a1]`], sure("a2")],
    [
      "must run on hosts of two groups",
      [`${MUST}, affine_hosts: [a1, a2]`, `${MUST}, affine_hosts: [a2, a3]`],
      sure("a2"),
    ],
    ["must run elsewhere", [`${MUST}, affine_hosts: [a1]`], sure("a1", "a2")],
    [
      "should run on some",
      ["enabled: true, mandatory: false, virtual_machines: [n], affine_hosts: [a2]"],
      sure("a1", "a2", "a3"),
    ],
    [
      "did so once",
      ["enabled: false, mandatory: true, virtual_machines: [n], affine_hosts: [a2]"],
      sure("a1", "a2", "a3"),
    ],
    [
      "is not in the rule",
      ["enabled: true, mandatory: true, virtual_machines: [m], affine_hosts: [a2]"],
      sure("a1", "a2", "a3"),
    ],
    [
      "is in a rule of which little is known",
      ["mandatory: true, virtual_machines: [n], affine_hosts: [a2]", MUST],
      sure("a1", "a2", "a3"),
    ],
  ])(
    "are narrowed by mandatory VM/Host rules, never by others, and have its host: the VM %s",
    async (_, rules, expected) => {
      const listed = rules.map((fields, index) => `{ name: r${index}, ${fields} }`).join(", ");
      const estate = `${THREE}${cluster(`ha_enabled: true, ha_host_monitoring: true, vm_host_rules: [${listed}]`)}\n${vm("host: a2, cluster: A")}`;
      expect(await clusterHosts("", estate)).toEqual(expected);
    },
  );

  it("are each VM's own under different VM/Host rules, and under one rule on different hosts", async () => {
    const rules = [
      "{ name: r1, enabled: true, mandatory: true, virtual_machines: [n1, n4], affine_hosts: [a1] }",
      "{ name: r2, enabled: true, mandatory: true, virtual_machines: [n2], affine_hosts: [a2] }",
    ];
    const homes = { n1: "a3", n2: "a3", n3: "a3", n4: "a2" };
    const names = Object.keys(homes);
    const machines = Object.entries(homes).map(([name, host]) => `{ name: ${name}, host: ${host}, cluster: A }`);
    const site = await siteOf(
      `conferencing_nodes: [${names.map((name) => `{ name: ${name}, hostname: ${name} }`).join(", ")}]`,
      `${THREE}${cluster(`ha_enabled: true, ha_host_monitoring: true, vm_host_rules: [${rules.join(", ")}]`)}
virtual_machines: [${machines.join(", ")}]`,
    );
    const found = site.nodes.map(({ name, clusterHosts: { hosts } }) => [name, new Set(shown(hosts).hosts)]);
    expect(Object.fromEntries(found)).toEqual({
      n1: new Set(["a1", "a3"]),
      n2: new Set(["a2", "a3"]),
      n3: new Set(["a1", "a2", "a3"]),
      n4: new Set(["a1", "a2"]),
    });
  });

  it("have hosts of the cluster that only a VM/Host rule names", async () => {
    const on = (rule: string) =>
      `${HOSTS}${cluster(`ha_enabled: true, ha_host_monitoring: true, vm_host_rules: [{ name: r, ${rule} }]`)}\n${vm("host: a1, cluster: A")}`;
    expect(await clusterHosts("", on(`${MUST}, affine_hosts: [a1, a9]`))).toEqual(sure("a1", "a9"));
    // Any rule shows that the host is there; this one keeps no machine from the others.
    expect(await clusterHosts("", on("enabled: false, virtual_machines: [m], affine_hosts: [a9]"))).toEqual(
      sure("a1", "a2", "a9"),
    );
    expect(await clusterHosts("", on(`${MUST}, anti_affine_hosts: [a9]`))).toEqual(sure("a1", "a2"));
  });

  it("are unknown if the rules allow no host", async () => {
    const rules = `vm_host_rules: [{ name: r, ${MUST}, affine_hosts: [] }]`;
    expect(
      await clusterHosts(
        "",
        `${HOSTS}${cluster(`ha_enabled: true, ha_host_monitoring: true, ${rules}`)}\n${vm("cluster: A")}`,
      ),
    ).toEqual({
      hosts: [],
      missing: ["VM/Host rule A/r allows no host of cluster A"],
    });
  });

  it("are found by the cluster of its host when the VM does not name one", async () => {
    expect(
      await clusterHosts("", HOSTS + cluster("ha_enabled: true, ha_host_monitoring: true") + "\n" + vm("host: A1")),
    ).toEqual(sure("a1", "a2"));
  });

  it("are all of its cluster if no host is known, though HA and DRS are off", async () => {
    expect(await clusterHosts("host: b1", HOSTS + cluster(OFF) + "\n" + vm("cluster: A"))).toEqual(sure("a1", "a2"));
  });

  it("are only its host if that is standalone", async () => {
    expect(await clusterHosts("", HOSTS + vm("host: alone"))).toEqual(sure("alone"));
    expect(await clusterHosts("", HOSTS + vm("host: alone, cluster: null"))).toEqual(sure("alone"));
  });

  it("are unknown when neither host nor cluster is", async () => {
    expect(await clusterHosts("host: a1, cluster: A", HOSTS + vm("power_state: poweredOn"))).toEqual({
      hosts: [],
      missing: ["virtual_machines.host is not in the inventory"],
    });
  });

  it("are incomplete if the host's cluster is missing", async () => {
    expect(await clusterHosts("", "hosts: [{ name: x }]\n" + vm("host: x"))).toEqual({
      hosts: ["x"],
      missing: [NO_CLUSTER],
    });
  });
});

describe("the certain ones among the cluster hosts", () => {
  async function certain(plan: string, inventory: string) {
    const [node] = (await siteOf(`conferencing_nodes: [{ name: n, hostname: n, vm: { ${plan} } }]`, inventory)).nodes;
    if (node === undefined) throw new Error("a node");
    const { certainHosts, open } = node.hostPlacement;
    return { ...shown(certainHosts.hosts), open: open.map(({ what }) => what) };
  }
  const question = "it determines whether nodes may run on the other hosts of cluster A";
  const openHa = `clusters.ha_enabled is not in the inventory; ${question}`;
  const openDrs = `clusters.drs_enabled is not in the inventory; ${question}`;
  const NO_HOST = "virtual_machines.host is not in the inventory";
  const noVm = "virtual_machines: []";

  it.each([
    ["HA is on", "ha_enabled: true, ha_host_monitoring: true", ["a1", "a2"], []],
    ["DRS is on", "drs_enabled: true", ["a1", "a2"], []],
    ["both are off", OFF, ["a2"], []],
    ["HA is unknown", "drs_enabled: false", ["a2"], [openHa]],
    ["DRS is unknown", "ha_enabled: false", ["a2"], [openDrs]],
    ["both are unknown", "evc_mode: null", ["a2"], [openHa, openDrs]],
  ])("are the node's own, and those that it may move to: %s", async (_, switches, hosts, open) => {
    const expected = { hosts, missing: [], open };
    const estate = `${HOSTS}${cluster(switches)}\n`;
    expect(await certain("", estate + vm("host: a2, cluster: A"))).toEqual(expected);
    expect(await certain("host: a2, cluster: A", estate + noVm)).toEqual(expected);
    expect(await certain("host: a2", estate + noVm)).toEqual(expected);
  });

  it("are all of a planned cluster, on any of which the node may be deployed", async () => {
    const inventory = `${HOSTS}${cluster("evc_mode: null")}\n${noVm}`;
    expect(await certain("cluster: A", inventory)).toEqual({ ...sure("a1", "a2"), open: [] });
  });

  it("are none while the host of its VM is unknown, unless the VM may move to all of them", async () => {
    const inventory = (switches: string) => `${HOSTS}${cluster(switches)}\n${vm("cluster: A")}`;
    expect(await certain("", inventory("ha_enabled: true, ha_host_monitoring: true"))).toEqual({
      ...sure("a1", "a2"),
      open: [],
    });
    expect(await certain("", inventory(OFF))).toEqual({ hosts: [], missing: [NO_HOST], open: [NO_HOST] });
    expect(await certain("", inventory("ha_enabled: false"))).toEqual({
      hosts: [],
      missing: [NO_HOST],
      open: [NO_HOST, openDrs],
    });
  });

  it("may be more than are listed, according to the cluster's host count", async () => {
    const inventory = (count: number) =>
      `${HOSTS}${cluster(`ha_enabled: true, ha_host_monitoring: true, host_count: ${count}`)}\n${vm("host: a2, cluster: A")}`;
    const hidden = { ...sure("a1", "a2"), missing: ["cluster A has 3 hosts, and the inventory shows 2 of them"] };
    expect(await clusterHosts("", inventory(3))).toEqual(hidden);
    expect(await clusterHosts("", inventory(2))).toEqual(sure("a1", "a2"));
    const differing = "clusters: [{ name: A, host_count: 2 }]";
    expect((await clusterHosts("", inventory(3), differing)).missing).toEqual([
      "cluster A has two values for host_count: 3 in inventory.yaml and 2 in inventory2.yaml",
    ]);
  });

  it("are the only host of its cluster, though the VM does not name it", async () => {
    const inventory = `${HOSTS}clusters: [{ name: B }]\n${vm("cluster: B")}`;
    expect(await certain("", inventory)).toEqual({ ...sure("b1"), open: [] });
  });
});

describe("the cluster hosts of a planned node", () => {
  const inventory = (switches: string) => `${HOSTS}${cluster(switches)}\nvirtual_machines: []`;

  it("are the planned host, and those of the planned cluster unless it must stay", async () => {
    expect(await clusterHosts("host: a1, cluster: A", inventory("ha_enabled: true, ha_host_monitoring: true"))).toEqual(
      sure("a1", "a2"),
    );
    expect(await clusterHosts("host: a1, cluster: A", inventory(OFF))).toEqual(sure("a1"));
  });

  it("are those of the planned cluster when no host is planned", async () => {
    expect(await clusterHosts("cluster: A", inventory(OFF))).toEqual(sure("a1", "a2"));
  });

  it("are those that vm.only_hosts names, until there is a VM", async () => {
    const plan = "cluster: A, only_hosts: [A2]";
    expect(await clusterHosts(plan, inventory("ha_enabled: true, ha_host_monitoring: true"))).toEqual(sure("a2"));
    expect(await clusterHosts(`host: a1, ${plan}`, inventory("ha_enabled: true, ha_host_monitoring: true"))).toEqual(
      sure("a1", "a2"),
    );
    const deployed = `${HOSTS}${cluster("ha_enabled: true, ha_host_monitoring: true")}\n${vm("host: a1, cluster: A")}`;
    expect(await clusterHosts(plan, deployed)).toEqual(sure("a1", "a2"));
    expect(
      await clusterHosts("cluster: A, only_hosts: [b1]", inventory("ha_enabled: true, ha_host_monitoring: true")),
    ).toEqual({
      hosts: [],
      missing: ["vm.only_hosts of node n allows no host of cluster A"],
    });
  });

  it("are those of the planned host's cluster when no cluster is planned", async () => {
    expect(await clusterHosts("host: a1", inventory("drs_enabled: true"))).toEqual(sure("a1", "a2"));
    expect(await clusterHosts("host: alone", inventory("drs_enabled: true"))).toEqual(sure("alone"));
  });

  it("are unknown without a placement", async () => {
    expect(await clusterHosts("name: n", inventory(OFF))).toEqual({
      hosts: [],
      missing: ["the placement of the node is unknown: no VM in the inventory, no vm.host, no vm.cluster"],
    });
  });

  it("are what the plan names when there is no inventory, and incomplete", async () => {
    expect(await clusterHosts("host: a1, cluster: A")).toEqual({
      hosts: ["a1"],
      missing: ["no inventory given; add --inventory FILE", "no inventory given; add --inventory FILE"],
    });
  });

  it("are incomplete while it is unknown whether it has a VM", async () => {
    expect(await clusterHosts("host: a1, cluster: A", HOSTS + cluster(OFF))).toEqual({
      hosts: ["a1"],
      missing: ["the list virtual_machines is not in the inventory"],
    });
  });

  it("include a host that is in no inventory, with all its fields missing", async () => {
    const found = await clusterHosts("host: nowhere, cluster: A", inventory(OFF));
    expect(found).toEqual(sure("nowhere"));
    const lone = await clusterHosts("host: nowhere", inventory(OFF));
    expect(lone).toEqual({ hosts: ["nowhere"], missing: ["host nowhere is not in the inventory"] });
  });

  it("are unknown in a cluster that no inventory describes, and in one without hosts", async () => {
    expect(await clusterHosts("cluster: nowhere", inventory(OFF))).toEqual({
      hosts: [],
      missing: ["no host of cluster nowhere is in the inventory"],
    });
  });
});

describe("a host's cluster", () => {
  const clusterOf = async (inventory: string) => {
    const host = (await siteOf("{}", inventory)).estate.hosts.items[0];
    const found = host?.read("inCluster");
    if (found === undefined) throw new Error("a host");
    return found.known ? (found.value?.name ?? null) : found.missing.map(({ what }) => what);
  };

  it.each([
    ["it names one", "hosts: [{ name: x, cluster: A }]\nclusters: [{ name: a }]", "a"],
    ["it names one that is not listed", "hosts: [{ name: x, cluster: A }]\nclusters: []", "A"],
    ["it says that it has none", "hosts: [{ name: x, cluster: null }]\nclusters: [{ name: a }]", null],
    ["no vCenter manages it", "hosts: [{ name: x, managed_by_vcenter: false }]\nclusters: [{ name: a }]", null],
    ["its inventory comes from an ESXi host", "vcenter: { api_type: HostAgent }\nhosts: [{ name: x }]", null],
    ["its inventory has no cluster at all", "hosts: [{ name: x }]\nclusters: []", null],
    ["it does not say", "hosts: [{ name: x, managed_by_vcenter: true }]\nclusters: [{ name: a }]", [NO_CLUSTER]],
    ["its inventory does not list clusters", "hosts: [{ name: x }]", [NO_CLUSTER]],
  ])("when %s", async (_, inventory, expected) => {
    expect(await clusterOf(inventory)).toEqual(expected);
  });

  it("is unknown if inventories differ, regardless of other values", async () => {
    const site = await siteOf(
      "{}",
      "hosts: [{ name: x, cluster: A, managed_by_vcenter: false }]\nclusters: []",
      "hosts: [{ name: x, cluster: B }]\nclusters: []",
    );
    expect(site.estate.hosts.items[0]?.read("inCluster")).toMatchObject({
      known: false,
      missing: [{ what: 'host x has two values for cluster: "A" in inventory.yaml and "B" in inventory2.yaml' }],
    });
  });
});

describe("a cluster's hosts", () => {
  const hostsOf = async (inventory: string) => {
    const [cluster] = (await siteOf("{}", inventory)).estate.clusters.items;
    if (cluster === undefined) throw new Error("a cluster");
    return shown(cluster.hosts);
  };

  it("are those that name it", async () => {
    expect(await hostsOf(HOSTS + "clusters: [{ name: a }]")).toEqual(sure("a1", "a2"));
  });

  it("are incomplete while a host's cluster is missing; the gap is reported once for all such hosts", async () => {
    expect(
      await hostsOf("hosts: [{ name: x }, { name: y }, { name: z, cluster: a }]\nclusters: [{ name: a }]"),
    ).toEqual({
      hosts: ["z"],
      missing: [NO_CLUSTER],
    });
  });

  it("are also those that only a VM names, with its cluster", async () => {
    const machines = "virtual_machines: [{ name: v, host: A9, cluster: a }, { name: w, host: a9, cluster: A }]";
    const site = await siteOf("{}", `${HOSTS}clusters: [{ name: A }, { name: B }]\n${machines}`);
    const [a, b] = site.estate.clusters.items.map(({ hosts }) => hosts);
    expect([a, b].map((partialList) => partialList && shown(partialList))).toEqual([
      sure("a1", "a2", "A9"),
      sure("b1"),
    ]);
    const [, , named] = a?.items ?? [];
    expect(named?.read("inCluster")).toMatchObject({ known: true, value: { name: "A" } });
    expect(named?.read("version")).toMatchObject({
      known: false,
      missing: [{ what: "host A9 is not in the inventory" }],
    });
  });

  it.each([
    ["a VM", "virtual_machines: [{ name: v, host: x9 }]", "VM v"],
    ["a datastore", "datastores: [{ name: d, hosts: [a1, x9] }]", "datastore d"],
    ["a distributed switch", "distributed_switches: [{ name: s, hosts: [{ name: x9 }, {}] }]", "distributed switch s"],
  ])("are incomplete while %s names one that is not listed", async (_, list, namer) => {
    const site = await siteOf("{}", `${HOSTS}clusters: [{ name: A }, { name: B }]\n${list}`);
    const missing = [`host x9, which ${namer} names, is not in the inventory`];
    expect(site.estate.clusters.items.map(({ hosts }) => shown(hosts))).toEqual([
      { hosts: ["a1", "a2"], missing },
      { hosts: ["b1"], missing },
    ]);
  });

  it("are complete if a VM shows that an unlisted host is standalone, or its cluster", async () => {
    const inventory = (machine: string) =>
      `${HOSTS}clusters: [{ name: A }]\ndatastores: [{ name: d, hosts: [x9] }]\nvirtual_machines: [${machine}]`;
    expect(await hostsOf(inventory("{ name: v, host: x9, cluster: null }"))).toEqual(sure("a1", "a2"));
    expect(await hostsOf(inventory("{ name: v, host: x9, cluster: B }"))).toEqual(sure("a1", "a2"));
  });

  it("are in each cluster that VMs have for an unlisted host, as the right one is unknown", async () => {
    const machines = "virtual_machines: [{ name: v, host: x9, cluster: A }, { name: w, host: x9, cluster: B }]";
    const site = await siteOf("{}", `${HOSTS}clusters: [{ name: A }, { name: B }]\n${machines}`);
    const [a, b] = site.estate.clusters.items.map(({ hosts }) => hosts);
    expect([a, b].map((partialList) => partialList && shown(partialList))).toEqual([
      sure("a1", "a2", "x9"),
      sure("b1", "x9"),
    ]);
    expect(a?.items[2]?.read("inCluster")).toMatchObject({ known: false });
  });

  it("are unknown without a list of hosts", async () => {
    expect(await hostsOf("clusters: [{ name: a }]")).toEqual({
      hosts: [],
      missing: ["the list hosts is not in the inventory"],
    });
  });
});

describe("a name with a datacenter", () => {
  const TWO = `
hosts:
  - { name: x, datacenter: Oslo, cluster: core, version: 6.7.0 }
  - { name: x, datacenter: Bergen, cluster: core, version: 6.5.0 }
clusters:
  - { name: core, datacenter: oslo, ha_enabled: false, drs_enabled: false }
  - { name: core, datacenter: bergen, ha_enabled: false, drs_enabled: false }
virtual_machines: []
`;

  it("finds the one in that datacenter, whose cluster is the one there", async () => {
    expect(await clusterHosts("host: x, datacenter: OSLO", TWO)).toEqual(sure("Oslo/x"));
    expect(await clusterHosts("cluster: core, datacenter: Bergen", TWO)).toEqual(sure("Bergen/x"));
  });

  it("is needed when two have the name", async () => {
    expect(await clusterHosts("host: x", TWO)).toEqual({
      hosts: [],
      missing: Array(2).fill(
        "more than one host is named x (inventory.yaml:3:5, inventory.yaml:4:5); set vm.datacenter, or remove the duplicate",
      ),
    });
  });

  it("never finds one of that name in another datacenter", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n, vm: { host: x, cluster: core, datacenter: Bergen } }]",
      "hosts: [{ name: x, datacenter: Oslo, cluster: core, version: 6.7.0 }]\nclusters: [{ name: core, datacenter: Oslo }]\nvirtual_machines: []",
    );
    const hosts = site.relations.hostsInUse.items;
    expect(hosts.map(({ name, ownName }) => [name, ownName])).toEqual([["Bergen/x", "x"]]);
    expect(hosts[0]?.read("version")).toMatchObject({
      known: false,
      missing: [{ what: "host Bergen/x is not in the inventory" }],
    });
    expect(site.relations.clustersInUse.items.map(({ name }) => name)).toEqual(["Bergen/core"]);
  });

  it("finds one without a placement", async () => {
    expect(
      await clusterHosts("host: x, datacenter: Oslo", "hosts: [{ name: x, cluster: null }]\nvirtual_machines: []"),
    ).toEqual(sure("x"));
  });
});

describe("objects that are only named", () => {
  it("are one for all who name them", async () => {
    const site = await siteOf(`
conferencing_nodes:
  - { name: a, hostname: a, vm: { host: ESXi01.example.com, cluster: core } }
  - { name: b, hostname: b, vm: { host: esxi01.example.com., cluster: Core } }
`);
    expect(site.relations.hostsInUse.items.map(({ name }) => name)).toEqual(["ESXi01.example.com"]);
    expect(site.relations.clustersInUse.items.map(({ name }) => name)).toEqual(["core"]);
  });

  it("are located where they are named first", async () => {
    const site = await siteOf("conferencing_nodes: [{ name: a, hostname: a, vm: { host: x } }]");
    expect(site.relations.hostsInUse.items[0]?.sourceRef.path).toEqual(["conferencing_nodes", 0, "vm", "host"]);
  });
});
