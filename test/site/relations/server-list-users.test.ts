import { describe, expect, it } from "vitest";
import type { ServerList } from "../../../src/site/deployment/deployment-objects.ts";
import { usersInWords } from "../../../src/site/relations/server-list-users.ts";
import { siteOf } from "../../support/documents.ts";

/** A deployment with a location and a node for each name; all use the deployment's lists. */
const deployment = (...locations: readonly string[]) =>
  JSON.stringify({
    ntp_servers: ["a"],
    dns_servers: ["10.0.0.1"],
    // The last location is used first here, which must not change the order.
    domains: [{ name: "vc.example.com", services: ["sips"], locations: locations.slice(-1) }],
    conferencing_nodes: locations.map((name, index) => ({ name, hostname: `n${index}`, system_location: name })),
    management_node: { name: "manager", hostname: "m" },
    system_locations: locations.map((name) => ({ name })),
  });

async function lists(...locations: readonly string[]): Promise<{ ntp: ServerList; dns: ServerList }> {
  const site = await siteOf(deployment(...locations));
  const [[ntp], [dns]] = [site.serverLists("ntp").items, site.serverLists("dns").items];
  if (ntp === undefined || dns === undefined) throw new Error("the deployment has no list");
  return { ntp, dns };
}

describe("usersInWords", () => {
  it.each([
    [[], "the Management Node"],
    [["Oslo"], "the Management Node and location Oslo"],
    [["Oslo", "Bergen"], "the Management Node, location Oslo and location Bergen"],
    [["A", "B", "C", "D"], "the Management Node, location A, location B, location C and location D"],
    [["A", "B", "C", "D", "E"], "the Management Node, location A, location B, location C and 2 more"],
  ])("names the users with locations %j", async (locations, words) => {
    const { ntp, dns } = await lists(...locations);
    expect(usersInWords(ntp)).toBe(words);
    expect(usersInWords(dns)).toBe(words);
  });
});

describe("nodesUsing", () => {
  it("returns the nodes of a list by their location", async () => {
    const site = await siteOf(`
ntp_servers: [a]
management_node: { name: m, hostname: m }
system_locations: [{ name: Oslo, ntp_servers: [b] }, { name: Bergen }]
conferencing_nodes:
  - { name: one, hostname: one, system_location: oslo }
  - { name: two, hostname: two, system_location: Bergen }
  - { name: lost, hostname: lost, system_location: Narvik }
`);
    const nodes = site.serverLists("ntp").items.map((list) => {
      const { items, missing } = site.relations.nodesUsing(list);
      return [list.name, items.map(({ name }) => name), missing.length];
    });
    // The node whose location is not declared may use any of them.
    expect(nodes).toEqual([
      ["deployment/ntp", ["m", "two"], 1],
      ["location/Oslo/ntp", ["one"], 1],
    ]);
  });
});
