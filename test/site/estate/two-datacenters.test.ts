import { describe, expect, it } from "vitest";
import { siteOf } from "../../support/documents.ts";

/** Two datacenters in which everything has the same name. */
const INVENTORY = ["Oslo", "Bergen"]
  .map((name, index) => ({
    datacenters: `  - { name: ${name} }`,
    clusters: `  - { name: core, datacenter: ${name}, ha_enabled: true, ha_host_monitoring: true, evc_mode: ${index === 0 ? "intel-skylake" : "intel-haswell"} }`,
    hosts: `  - { name: esxi-${name}, datacenter: ${name}, cluster: core, port_groups: [] }`,
    distributed_switches: `  - { name: dvs, datacenter: ${name}, mtu: ${index === 0 ? 1500 : 9000}, hosts: [{ name: esxi-${name} }] }`,
    distributed_port_groups: `  - { name: video, datacenter: ${name}, distributed_switch: dvs }`,
    datastores: `  - { name: ds, ssd: ${index === 0}, hosts: [esxi-${name}] }`,
  }))
  .reduce<Record<string, string>>((lists, part) => {
    for (const [list, line] of Object.entries(part)) lists[list] = `${lists[list] ?? `${list}:`}\n${line}`;
    return lists;
  }, {});

const siteIn = (...datacenters: readonly string[]) =>
  siteOf(
    `conferencing_nodes:\n${datacenters.map((name, index) => `  - { name: n${index}, hostname: n${index}, vm: { ${name === "" ? "" : `datacenter: ${name}, `}cluster: core, datastore: ds, network: video } }`).join("\n")}`,
    `${Object.values(INVENTORY).join("\n")}\nvirtual_machines: []`,
  );

describe("equal names in two datacenters", () => {
  it("are distinguished by vm.datacenter: cluster, hosts, datastore, port group and its switch", async () => {
    const site = await siteIn("Oslo", "bergen");
    const found = site.nodes.map((node) => {
      const { networks, datastores } = site.relations.spreadOf(node);
      const groups = node.clusterHosts.hosts.items.map((host) => site.estate.distributedPortGroupsOn(host, "video"));
      const mtus = groups.flatMap((list) =>
        list.known
          ? list.value.map((group) => {
              const onSwitch = group.read("onSwitch");
              const mtu = onSwitch.known ? onSwitch.value.read("mtu") : onSwitch;
              return mtu.known ? mtu.value : mtu.missing;
            })
          : [],
      );
      return {
        cluster: node.hostPlacement.cluster?.name,
        hosts: node.clusterHosts.hosts.items.map(({ name }) => name),
        reaches: [...networks.items, ...datastores.items].map(({ reach }) => [reach.on.length, reach.missing.length]),
        mtus,
      };
    });
    const reaches = [
      [1, 0],
      [1, 0],
    ];
    expect(found).toEqual([
      { cluster: "Oslo/core", hosts: ["esxi-Oslo"], reaches, mtus: [1500] },
      { cluster: "Bergen/core", hosts: ["esxi-Bergen"], reaches, mtus: [9000] },
    ]);
  });

  it("are ambiguous without it, and the gap names the key", async () => {
    const [node] = (await siteIn("")).nodes;
    expect(node?.clusterHosts.hosts.missing.map(({ what }) => what)).toEqual([
      expect.stringContaining("more than one cluster is named core"),
    ]);
  });
});
