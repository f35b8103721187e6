import { describe, expect, it } from "vitest";
import { siteOf } from "../../support/documents.ts";

/** The conflicts of nodes a, b, c … with these fields, in words. */
async function conflicts(nodes: readonly string[], more = ""): Promise<readonly string[]> {
  const listed = nodes.map((fields, index) => `  - { name: ${"abcd"[index]}, hostname: n${index}, ${fields} }`);
  const { relations } = await siteOf(`${more}\nconferencing_nodes:\n${listed.join("\n")}`);
  return relations.addressConflicts.all.map(
    ({ kind, wrong, other }) =>
      `${kind}: ${wrong.inFull} is ${other.inShort} @ ${wrong.at.slice(1).map(String).join(".")}`,
  );
}

const IN_NET = "address: 10.0.0.1, netmask: 255.255.255.0, gateway: 10.0.0.254";

describe("an address that two nodes have", () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      "is wrong at the later node",
      ["address: 10.0.0.1", "address: 10.0.0.1"],
      ["node: address 10.0.0.1 of node b is the address of node a @ address"],
    ],
    [
      "may be written in two ways, and be in another field",
      [
        "ipv6_address: '2001:db8::1'",
        "ipv6_address: '2001:DB8:0::1'",
        "secondary_address: 10.0.0.1",
        "static_nat_address: 10.0.0.1",
      ],
      [
        "node: ipv6_address 2001:DB8:0::1 of node b is the ipv6_address of node a @ ipv6_address",
        "node: static_nat_address 10.0.0.1 of node d is the secondary_address of node c @ static_nat_address",
      ],
    ],
    [
      "is compared with the first node that has it",
      ["address: 10.0.0.1", "address: 10.0.0.1", "address: 10.0.0.1"],
      [
        "node: address 10.0.0.1 of node b is the address of node a @ address",
        "node: address 10.0.0.1 of node c is the address of node a @ address",
      ],
    ],
    ["may be twice at one node", ["address: 10.0.0.1, static_nat_address: 10.0.0.1"], []],
    ["is none if it cannot be read", ["address: 10.0.0.x", "address: 10.0.0.x"], []],
  ])("%s", async (_, nodes, expected) => {
    expect(await conflicts(nodes)).toEqual(expected);
  });
});

describe("an address of a node that is a router's", () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      "is wrong at the router if one node alone names it",
      ["address: 10.0.0.254", IN_NET],
      ["router: gateway 10.0.0.254 of node b is the address of node a @ gateway"],
    ],
    [
      "is wrong at the node if several use the router",
      ["address: 10.0.0.254", IN_NET, IN_NET.replace("0.1,", "0.2,")],
      ["router: address 10.0.0.254 of node a is the gateway of node b @ address"],
    ],
    [
      "is wrong at the node if its own gateway is in none of its subnets",
      ["address: 10.0.0.254, netmask: 255.255.255.0, gateway: 10.9.9.9", IN_NET],
      ["router: address 10.0.0.254 of node a is the gateway of node b @ address"],
    ],
    [
      "is wrong at the router if the node's gateway is in its second subnet",
      [
        "address: 10.0.0.254, netmask: 255.255.255.0, secondary_address: 10.9.9.1, secondary_netmask: 255.255.255.0, gateway: 10.9.9.9",
        IN_NET,
      ],
      ["router: gateway 10.0.0.254 of node b is the address of node a @ gateway"],
    ],
    [
      "is wrong at the router if the node's gateway cannot be read",
      ["address: 10.0.0.254, netmask: 255.255.255.0, gateway: none", IN_NET],
      ["router: gateway 10.0.0.254 of node b is the address of node a @ gateway"],
    ],
    [
      "is wrong at the router if it is a secondary address, wherever the node's gateway is",
      [
        "address: 10.5.0.1, netmask: 255.255.255.0, secondary_address: 10.0.0.254, secondary_netmask: 255.255.255.0, gateway: 10.9.9.9",
        IN_NET,
      ],
      ["router: gateway 10.0.0.254 of node b is the secondary_address of node a @ gateway"],
    ],
    [
      "is found among IPv6 gateways and next hops",
      [
        "address: 10.0.0.7, ipv6_address: '2001:db8::7'",
        "ipv6_gateway: '2001:db8::7', static_routes: [{ gateway: 10.0.0.8 }, { name: lab, gateway: 10.0.0.7 }, { name: x }]",
      ],
      [
        "router: next hop (static route lab) 10.0.0.7 of node b is the address of node a @ static_routes.1.gateway",
        "router: ipv6_gateway 2001:db8::7 of node b is the ipv6_address of node a @ ipv6_gateway",
      ],
    ],
    [
      "is called by its number for a static route without a name",
      ["address: 10.0.0.8", "static_routes: [{ gateway: 10.0.0.8 }]"],
      ["router: next hop (static route 1) 10.0.0.8 of node b is the address of node a @ static_routes.0.gateway"],
    ],
    ["is no conflict with the node's own gateway", ["address: 10.0.0.254, gateway: 10.0.0.254"], []],
    ["is none if the gateway cannot be read", ["address: 10.0.0.1", "gateway: 10.0.0.x", "gateway: ''"], []],
  ])("%s", async (_, nodes, expected) => {
    expect(await conflicts(nodes)).toEqual(expected);
  });
});

describe("an address of a node that is a server's", () => {
  const SERVERS =
    "management_node: { name: m, hostname: m }\ndns_servers: [10.0.0.53, 10.0.0.53, dns.example.com]\nntp_servers: [10.0.0.123, ntp.example.com]";

  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      "is wrong at the server",
      ["address: 10.0.0.53", "secondary_address: 10.0.0.123"],
      [
        "dns: DNS server 10.0.0.53 is the address of node a @ ",
        "ntp: NTP server 10.0.0.123 is the secondary_address of node b @ ",
      ],
    ],
    [
      "is wrong at the node if its own gateway is in none of its subnets",
      ["address: 10.0.0.53, netmask: 255.255.255.0, gateway: 10.9.9.9"],
      ["dns: address 10.0.0.53 of node a is that of DNS server 10.0.0.53 @ address"],
    ],
  ])("%s", async (_, nodes, expected) => {
    expect(await conflicts(nodes, SERVERS)).toEqual(expected);
  });
});

describe("the conflicts of one object", () => {
  it("are the first one for each field of either node, and that of each server", async () => {
    const { relations, nodes, servers } = await siteOf(
      "management_node: { name: m, hostname: m }\ndns_servers: [10.0.0.1]\nconferencing_nodes: [{ name: a, hostname: a, address: 10.0.0.1 }, { name: b, hostname: b, secondary_address: 10.0.0.1 }, { name: c, hostname: c, address: 10.0.0.2 }]",
    ).then((site) => ({ relations: site.relations, nodes: site.nodes, servers: site.servers("dns").items }));
    const { addressConflicts } = relations;
    const { all } = addressConflicts;
    const [, a, b, c] = nodes;
    const [server] = servers;
    if (a === undefined || b === undefined || c === undefined || server === undefined) throw new Error("three nodes");
    expect(all.map(({ kind, wrong }) => `${kind} ${wrong.inFull}`)).toEqual([
      "dns DNS server 10.0.0.1",
      "dns DNS server 10.0.0.1",
      "node secondary_address 10.0.0.1 of node b",
    ]);
    expect([addressConflicts.of(a, "address"), addressConflicts.of(b, "secondary_address")]).toEqual([all[0], all[1]]);
    expect([
      addressConflicts.of(a, "secondary_address"),
      addressConflicts.of(b, "address"),
      addressConflicts.of(c, "address"),
    ]).toEqual([undefined, undefined, undefined]);
    expect(addressConflicts.withServer(server)).toBeUndefined();
  });

  it("are those of a server whose address a node has taken", async () => {
    const site = await siteOf(
      "management_node: { name: m, hostname: m, address: 10.0.0.53, netmask: 255.255.255.0, gateway: 10.9.9.9 }\ndns_servers: [10.0.0.53, 10.0.0.54]",
    );
    const { addressConflicts } = site.relations;
    const { all } = addressConflicts;
    expect(site.servers("dns").items.map((server) => addressConflicts.withServer(server))).toEqual([all[0], undefined]);
    expect(all).toHaveLength(1);
  });
});
