import { expect, it } from "vitest";
import { topologyOf } from "../../src/run/topology.ts";
import { siteOf } from "../support/documents.ts";

const DEPLOYMENT = `
system_locations: [{ name: Oslo }, { name: Bergen }]
management_node: { name: manager, hostname: mgmt, vm: { host: alone } }
conferencing_nodes:
  - { name: moves, hostname: a, system_location: oslo, vm: { host: a1, cluster: A } }
  - { name: stays, hostname: b, system_location: Bergen, vm: { host: b1, cluster: B } }
  - { name: open, hostname: c, system_location: Atlantis, vm: { cluster: B } }
  - { name: nowhere, hostname: d }
`;
const INVENTORY = `
clusters:
  - { name: A, ha_enabled: true, ha_host_monitoring: true, drs_enabled: false }
  - { name: B, ha_enabled: false, drs_enabled: false }
hosts:
  - { name: a1, cluster: A }
  - { name: a2, cluster: A }
  - { name: b1, cluster: B }
  - { name: alone, cluster: null }
  - { name: unused, cluster: null }
virtual_machines: []
`;

const conferencing = { role: "conferencing", certain: true };

it("names locations, nodes, hosts and clusters, and where each node may run", async () => {
  expect(topologyOf(await siteOf(DEPLOYMENT, INVENTORY))).toEqual({
    locations: [{ name: "Oslo" }, { name: "Bergen" }],
    nodes: [
      { name: "manager", role: "management", location: null, host: "alone", cluster: null, certain: true },
      { ...conferencing, name: "moves", location: "Oslo", host: "a1", cluster: "A" },
      { ...conferencing, name: "stays", location: "Bergen", host: "b1", cluster: null },
      { ...conferencing, name: "open", location: null, host: null, cluster: "B" },
      { ...conferencing, name: "nowhere", location: null, host: null, cluster: null, certain: false },
    ],
    hosts: [
      { name: "alone", cluster: null },
      { name: "a1", cluster: "A" },
      { name: "a2", cluster: "A" },
      { name: "b1", cluster: "B" },
    ],
    clusters: [{ name: "A" }, { name: "B" }],
  });
});

it("keeps what the deployment names when there is no inventory, and is not certain of any of it", async () => {
  const { nodes, hosts, clusters } = topologyOf(await siteOf(DEPLOYMENT));
  expect(nodes.map(({ host, cluster, certain }) => [host, cluster, certain])).toEqual([
    ["alone", null, false],
    ["a1", "A", false],
    ["b1", "B", false],
    [null, "B", false],
    [null, null, false],
  ]);
  expect(hosts).toEqual(["alone", "a1", "b1"].map((name) => ({ name, cluster: null })));
  expect(clusters).toEqual([{ name: "A" }, { name: "B" }]);
});
