import { describe, expect, it } from "vitest";
import type { Host } from "../../../src/site/estate/estate-objects.ts";
import type { Site } from "../../../src/site/site.ts";
import { siteOf } from "../../support/documents.ts";

const NODES = `
conferencing_nodes:
  - { name: a, hostname: a }
  - { name: b, hostname: b }
`;

function hostOf(site: Site, name: string): Host {
  const host = site.estate.host(name, undefined, site.deployment.sourceRef);
  if (!host.known) throw new Error(`no single host is called ${name}`);
  return host.value;
}

/** Names of the foreign VMs and of our nodes on a host, each with the gaps in words. */
function on(site: Site, name: string) {
  const ours = site.relations.occupancy.ours(hostOf(site, name));
  const foreign = site.relations.occupancy.foreign(hostOf(site, name));
  const words = (missing: readonly { readonly what: string }[]) => missing.map(({ what }) => what);
  return {
    ours: ours.items.map(({ node, machine }) => `${node.name} ${machine === null ? "planned" : machine.name}`),
    oursMissing: words(ours.missing),
    foreign: foreign.items.map((machine) => machine.name),
    foreignMissing: words(foreign.missing),
  };
}

const NOBODY = { ours: [], oursMissing: [], foreign: [], foreignMissing: [] };

describe("occupancy", () => {
  it("distinguishes the deployment's VMs from others, host by host", async () => {
    const site = await siteOf(
      NODES,
      `
hosts: [{ name: esxi01, cluster: null }, { name: ESXI02., cluster: null }, { name: esxi03, cluster: null }]
virtual_machines:
  - { name: A, host: esxi01, power_state: poweredOn }
  - { name: mail, host: ESXi01, power_state: poweredOn }
  - { name: b, host: esxi02, power_state: poweredOff }
`,
    );
    expect(on(site, "esxi01")).toEqual({ ...NOBODY, ours: ["a A"], foreign: ["mail"] });
    expect(on(site, "esxi02")).toEqual({ ...NOBODY, ours: ["b b"] });
    expect(on(site, "esxi03")).toEqual(NOBODY);
  });

  it("is worked out once", async () => {
    const site = await siteOf(NODES, "virtual_machines: []");
    expect(site.relations.occupancy).toBe(site.relations.occupancy);
  });

  it("counts of the others only those that run: no agents, no templates, none that is off or suspended", async () => {
    const site = await siteOf(
      NODES,
      `
hosts: [{ name: esxi01, cluster: null }]
virtual_machines:
  - { name: vCLS-4211f0a6-6f0e-4bb5-9b57-0d8e5f1f6a3c, host: esxi01, power_state: poweredOn }
  - { name: vCLS (2), host: esxi01 }
  - { name: golden image, host: esxi01, template: true }
  - { name: old mail, host: esxi01, power_state: poweredOff }
  - { name: paused, host: esxi01, power_state: suspended }
  - { name: mail vCLS, host: esxi01, power_state: poweredOn, template: false }
  - { name: vCLSomething, host: esxi01, power_state: poweredOn, template: false }
  - { name: vCLS-backup, host: esxi01, power_state: poweredOn, template: false }
`,
    );
    expect(on(site, "esxi01")).toEqual({ ...NOBODY, foreign: ["mail vCLS", "vCLSomething", "vCLS-backup"] });
  });

  it("is unknown for a VM of unknown power state", async () => {
    const site = await siteOf(
      NODES,
      "hosts: [{ name: esxi01, cluster: null }, { name: esxi02, cluster: null }]\nvirtual_machines: [{ name: mail, host: esxi01 }]",
    );
    expect(on(site, "esxi01")).toEqual({
      ...NOBODY,
      foreignMissing: ["virtual_machines.power_state is not in the inventory"],
    });
    expect(on(site, "esxi02")).toEqual(NOBODY);
  });

  it("treats a VM without a host as a gap on the hosts of its cluster, reported once", async () => {
    const site = await siteOf(
      NODES,
      `
clusters: [{ name: one }, { name: two }]
hosts:
  - { name: esxi01, cluster: one }
  - { name: esxi02, cluster: two }
  - { name: esxi03 }
virtual_machines:
  - { name: mail, cluster: one, power_state: poweredOn }
  - { name: web, cluster: one, power_state: poweredOn }
  - { name: a, cluster: one }
`,
    );
    const gap = ["virtual_machines.host is not in the inventory"];
    expect(on(site, "esxi01")).toEqual({ ...NOBODY, oursMissing: gap, foreignMissing: gap });
    expect(on(site, "esxi02")).toEqual(NOBODY);
    expect(on(site, "esxi03")).toEqual({ ...NOBODY, oursMissing: gap, foreignMissing: gap });
  });

  it("takes a VM without host and cluster for a gap everywhere, unless it is off", async () => {
    const site = await siteOf(
      NODES,
      `
clusters: [{ name: one }]
hosts: [{ name: esxi01, cluster: one }, { name: esxi02, cluster: null }]
virtual_machines: [{ name: mail, power_state: poweredOn }, { name: old, power_state: poweredOff }]
`,
    );
    const gap = { ...NOBODY, foreignMissing: ["virtual_machines.host is not in the inventory"] };
    expect(on(site, "esxi01")).toEqual(gap);
    expect(on(site, "esxi02")).toEqual(gap);
  });

  it("places a node without VM by vm.host, and not by vm.cluster alone", async () => {
    const site = await siteOf(
      `
conferencing_nodes:
  - { name: a, hostname: a, vm: { host: ESXI01 } }
  - { name: b, hostname: b, vm: { cluster: one } }
  - { name: c, hostname: c, vm: { host: esxi09 } }
`,
      "clusters: [{ name: one }]\nhosts: [{ name: esxi01, cluster: one }]\nvirtual_machines: []",
    );
    expect(on(site, "esxi01")).toEqual({ ...NOBODY, ours: ["a planned"] });
    expect(on(site, "esxi09").ours).toEqual(["c planned"]);
    expect(on(site, "esxi09").foreignMissing).toEqual(["host esxi09 is not in the inventory"]);
  });

  it("leaves the plan aside once there is a VM", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
      "hosts: [{ name: esxi01, cluster: null }, { name: esxi02, cluster: null }]\nvirtual_machines: [{ name: a, host: esxi02 }]",
    );
    expect(on(site, "esxi01")).toEqual(NOBODY);
    expect(on(site, "esxi02")).toEqual({ ...NOBODY, ours: ["a a"] });
  });

  it("counts a VM that two nodes claim once", async () => {
    const site = await siteOf(
      `
conferencing_nodes:
  - { name: a, hostname: a, vm: { name: shared } }
  - { name: b, hostname: b, vm: { name: shared } }
`,
      "hosts: [{ name: esxi01, cluster: null }]\nvirtual_machines: [{ name: shared, host: esxi01, power_state: poweredOn }]",
    );
    expect(on(site, "esxi01")).toEqual({ ...NOBODY, ours: ["a shared"] });
  });

  it("does not decide whether a VM that only has a node's address is foreign, nor whether the node is to come", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: a, hostname: a, address: 10.0.0.1, vm: { name: pexip-a, host: esxi02 } }]",
      `
hosts: [{ name: esxi01, cluster: null }, { name: esxi02, cluster: null }, { name: esxi03, cluster: null }]
virtual_machines: [{ name: dc01, host: esxi01, power_state: poweredOn, ip_addresses: [10.0.0.1] }]
`,
    );
    const what = expect.stringContaining("but VM dc01 has the address of node a") as string;
    expect(on(site, "esxi01")).toEqual({ ...NOBODY, oursMissing: [what], foreignMissing: [what] });
    expect(on(site, "esxi02")).toEqual({ ...NOBODY, oursMissing: [what] });
    expect(on(site, "esxi03")).toEqual(NOBODY);
  });

  it("calls neither of two VMs that may be a node's foreign", async () => {
    const site = await siteOf(
      NODES,
      `
hosts: [{ name: esxi01, cluster: null }, { name: esxi02, cluster: null }, { name: esxi03, cluster: null }]
virtual_machines:
  - { name: a, datacenter: one, host: esxi01, power_state: poweredOn }
  - { name: a, datacenter: two, host: esxi02, power_state: poweredOn }
`,
    );
    const what =
      "more than one VM matches node a: one/a, two/a (inventory.yaml:4:5, inventory.yaml:5:5); set vm.datacenter";
    const gap = { ...NOBODY, oursMissing: [what], foreignMissing: [what] };
    expect(on(site, "esxi01")).toEqual(gap);
    expect(on(site, "esxi02")).toEqual(gap);
    expect(on(site, "esxi03")).toEqual(NOBODY);
  });

  it("is unknown for a node that names a template", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
      `
hosts: [{ name: esxi01, cluster: null }, { name: esxi02, cluster: null }]
virtual_machines:
  - { name: a, host: esxi02, template: true }
`,
    );
    const what =
      "VM a of node a is a template (inventory.yaml:4:40); convert it to a virtual machine, or set vm.name to the node's VM";
    expect(on(site, "esxi01")).toEqual({ ...NOBODY, oursMissing: [what] });
    expect(on(site, "esxi02")).toEqual(NOBODY);
  });

  it("is unknown without a list of VMs, and without an inventory", async () => {
    const planned = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]";
    const listless = "the list virtual_machines is not in the inventory";
    expect(on(await siteOf(planned, "hosts: [{ name: esxi01 }]"), "esxi01")).toEqual({
      ...NOBODY,
      oursMissing: [listless],
      foreignMissing: [listless],
    });
    const none = "no inventory given; add --inventory FILE";
    expect(on(await siteOf(planned), "esxi01")).toEqual({ ...NOBODY, oursMissing: [none], foreignMissing: [none] });
  });

  it("takes a list of VMs for that of another file's hosts, unless the files name different vCenters", async () => {
    const hosts = (vcenter: string) => `${vcenter}\nhosts: [{ name: esxi01, cluster: null }]`;
    const machines = "vcenter: { address: vc1.example.com }\nvirtual_machines: []";
    expect(on(await siteOf(NODES, hosts(""), machines), "esxi01")).toEqual(NOBODY);
    expect(on(await siteOf(NODES, hosts("vcenter: { address: VC1.example.com }"), machines), "esxi01")).toEqual(NOBODY);
    const gap = ["the list virtual_machines is not in the inventory"];
    expect(on(await siteOf(NODES, hosts("vcenter: { address: vc2.example.com }"), machines), "esxi01")).toEqual({
      ...NOBODY,
      oursMissing: gap,
      foreignMissing: gap,
    });
  });

  it("does not guess which of two hosts of one name a VM is on", async () => {
    const site = await siteOf(
      NODES,
      `
hosts: [{ name: esxi01, datacenter: one, cluster: null }, { name: esxi01, datacenter: two, cluster: null }]
virtual_machines: [{ name: mail, host: esxi01, cluster: null, power_state: poweredOn }]
`,
    );
    for (const host of site.estate.hosts.items) {
      const { items, missing } = site.relations.occupancy.foreign(host);
      expect(items).toEqual([]);
      expect(missing.map(({ what }) => what)).toEqual([
        "more than one host is named esxi01 (inventory.yaml:2:9, inventory.yaml:2:59); add the datacenter, or remove the duplicate",
      ]);
    }
  });
});
