import { describe, expect, it } from "vitest";
import { siteOf } from "../../support/documents.ts";

const NODES = `conferencing_nodes:
  - { name: a, hostname: a, vm: { host: h1, network: Video } }
  - { name: b, hostname: b, vm: { host: h2, network: video. } }
`;
const SWITCHES = `distributed_switches: [{ name: dvs, hosts: [{ name: h1 }] }, { name: other, hosts: [{ name: h1 }] }]
distributed_port_groups: [{ name: video, distributed_switch: dvs }, { name: data, distributed_switch: other }]`;
const hosts = (first: string, second: string) =>
  `virtual_machines: []\nhosts: [{ name: h1, cluster: null${first} }, { name: h2, cluster: null${second} }]\n`;
const NONE = ", port_groups: []";
const STANDARD = ", port_groups: [{ name: VIDEO, virtual_switch: v }], virtual_switches: [{ name: v }]";

async function inUse(inventory: string, nodes = NODES) {
  const { networksInUse } = (await siteOf(nodes, inventory)).relations;
  const { portGroups, distributedSwitches } = networksInUse;
  return {
    groups: portGroups.items.map(({ name, isAbsent }) => `${name}${isAbsent ? " is absent" : ""}`),
    gaps: portGroups.missing.map(({ what }) => what),
    switches: distributedSwitches.items.map(({ name }) => name),
    switchGaps: distributedSwitches.missing.map(({ what }) => what),
  };
}

describe("the networks in use", () => {
  it("are one port group for each host and network, in whatever case, with the switches that carry them", async () => {
    expect(await inUse(hosts(NONE, STANDARD) + SWITCHES)).toEqual({
      groups: ["h1/Video", "h2/video."],
      gaps: [],
      switches: ["dvs"],
      switchGaps: [],
    });
  });

  it("include one that a node's own host lacks, whose switch may be any", async () => {
    expect(await inUse(hosts(NONE, NONE) + SWITCHES)).toEqual({
      groups: ["h1/Video", "h2/video. is absent"],
      gaps: [],
      switches: ["dvs"],
      switchGaps: ["port group h2/video. is not in the inventory"],
    });
  });

  it("need no distributed switch where a standard one carries them, though the list is missing", async () => {
    expect(await inUse(hosts(STANDARD, STANDARD))).toMatchObject({ switches: [], switchGaps: [] });
    expect(await inUse(hosts(STANDARD, NONE))).toMatchObject({
      switches: [],
      switchGaps: ["the list distributed_port_groups is not in the inventory"],
    });
  });

  it("are unknown for nodes whose network or host is", async () => {
    const nodes =
      "conferencing_nodes: [{ name: a, hostname: a, vm: { host: h1 } }, { name: b, hostname: b, vm: { network: video } }]";
    const { groups, gaps } = await inUse(hosts(NONE, NONE) + SWITCHES, nodes);
    expect(groups).toEqual([]);
    expect(gaps).toEqual([
      "conferencing_nodes.vm.network is not in the deployment",
      "the placement of the node is unknown: no VM in the inventory, no vm.host, no vm.cluster",
    ]);
    expect((await inUse(hosts(NONE, NONE) + SWITCHES, "{}")).gaps).toEqual([
      "conferencing_nodes is not in the deployment",
    ]);
  });
});
