import rule from "../../../rules/network/static-route.ts";
import { nodeCase } from "../../support/one-node.ts";
import { type ExpectedFinding, ruleTester } from "../../support/rule-tester.ts";

const PRIMARY = ["address: 10.44.10.21", "netmask: 255.255.255.0"];
const SECONDARY = ["secondary_address: 192.0.2.21", "secondary_netmask: 255.255.255.0"];

/** One route. */
const route = (address: string, prefix: number | string, gateway: string) => [
  "static_routes:",
  "  - name: core",
  `    address: ${address}`,
  `    prefix: «prefix|${prefix}»`,
  `    gateway: ${gateway}`,
];
const fails = (name: string, lines: readonly string[], ...findings: readonly ExpectedFinding[]) =>
  nodeCase(name, [...lines, ...PRIMARY], { verdict: "fail", findings });

ruleTester.run(rule, [
  nodeCase("passes a route over a neighbour", [...route("10.0.0.0", 8, "10.44.10.1"), ...PRIMARY], { verdict: "pass" }),
  nodeCase(
    "passes a route over the second interface",
    [...route("10.0.0.0", 8, "192.0.2.1"), ...PRIMARY, ...SECONDARY],
    { verdict: "pass" },
  ),
  nodeCase("passes a route to one host", [...route("10.9.9.9", 32, "10.44.10.1"), ...PRIMARY], { verdict: "pass" }),
  nodeCase("passes a route to everything", [...route("0.0.0.0", 0, "10.44.10.1"), ...PRIMARY], { verdict: "pass" }),
  nodeCase("does not apply to a node without routes", PRIMARY, {
    verdict: "not-applicable",
    reason: "no static routes",
  }),
  nodeCase("nor to an empty list", ["static_routes: []", ...PRIMARY], { verdict: "not-applicable" }),
  {
    name: "fails a node whose address a server has too",
    deployment: `
dns_servers: [10.44.99.9]
conferencing_nodes:
  - name: a
    hostname: a
    address: 10.44.99.9
    netmask: 255.255.255.0
    gateway: 10.44.10.1
    static_routes: [{ name: core, address: 10.0.0.0, prefix: 8, gateway: «10.44.10.1» }]
system_locations: [{ name: Oslo }]
management_node: { name: m, hostname: m, address: 10.44.10.5 }
`,
    expect: {
      "node:m": { verdict: "not-applicable" },
      "node:a": { verdict: "fail", findings: [["outside"]] },
    },
  },
  fails("fails a prefix beyond 32", route("10.0.0.0", 33, "10.44.10.1"), ["prefix", "«prefix»", "Prefix 33"]),
  fails("fails a destination with bits beyond its prefix", route("10.44.5.0", 16, "10.44.10.1"), [
    "hostBits",
    "«prefix»",
    "Destination 10.44.5.0/16 of static route a/core has host bits set; use 10.44.0.0/16.",
  ]),
  fails("fails a destination that is no address", route("«2|core.example.com»", 16, "10.44.10.1"), ["address", "«2»"]),
  fails("fails an IPv6 destination", route('«"2001:db8::"»', 16, "10.44.10.1"), ["address"]),
  nodeCase("fails a next hop in neither subnet", [...route("10.0.0.0", 8, "«10.45.0.1»"), ...PRIMARY, ...SECONDARY], {
    verdict: "fail",
    findings: [["outside", "is outside 10.44.10.0/24 and 192.0.2.0/24"]],
  }),
  fails("fails a next hop in no subnet", route("10.0.0.0", 8, "«10.45.0.1»"), [
    "outside",
    "Next hop 10.45.0.1 of static route a/core is outside 10.44.10.0/24",
  ]),
  fails("fails the node's own address as next hop", route("10.0.0.0", 8, "«10.44.10.21»"), ["ownAddress"]),
  fails("fails a broadcast address as next hop", route("10.0.0.0", 8, "«10.44.10.255»"), ["edge"]),
  fails("fails a next hop that is no address", route("10.0.0.0", 8, "«router»"), ["gateway"]),
  fails(
    "says both of a route that is wrong on both sides",
    route("10.0.0.0", 33, "«10.45.0.1»"),
    ["prefix", "«prefix»"],
    ["outside"],
  ),
  nodeCase(
    "says of each of two routes what is wrong with it",
    [
      "static_routes:",
      "  - { name: one, address: 10.0.0.0, prefix: 8 }",
      "  - { name: two, address: 10.0.0.0, prefix: 8, gateway: «10.45.0.1» }",
      ...PRIMARY,
    ],
    { verdict: "fail", findings: [["outside", "a/two"]] },
  ),
  nodeCase(
    "does not know a next hop, prefix or destination that is missing",
    [
      "static_routes:",
      "  - { name: one, address: 10.0.0.0, prefix: 8 }",
      "  - { name: two, address: 10.0.0.0, gateway: 10.44.10.1 }",
      "  - { name: three, prefix: 8, gateway: 10.44.10.1 }",
      ...PRIMARY,
    ],
    {
      verdict: "inconclusive",
      missing: [
        "conferencing_nodes.static_routes.gateway is not in the deployment",
        "conferencing_nodes.static_routes.prefix is not in the deployment",
        "conferencing_nodes.static_routes.address is not in the deployment",
      ],
    },
  ),
  nodeCase(
    "does not know the subnets of a node without a mask",
    [...route("10.0.0.0", 8, "10.44.10.1"), "address: 10.44.10.21"],
    {
      verdict: "inconclusive",
      missing: ["conferencing_nodes.netmask is not in the deployment"],
    },
  ),
  {
    name: "points at the one place where a list stands that two nodes share",
    deployment: `
conferencing_nodes:
  - name: a
    hostname: a
    address: 10.44.10.21
    netmask: 255.255.255.0
    static_routes: &core
      - { name: core, address: 10.0.0.0, prefix: 8, gateway: «10.44.10.1» }
  - name: b
    hostname: b
    address: 10.44.20.21
    netmask: 255.255.255.0
    static_routes: *core
`,
    expect: {
      "node:a": { verdict: "pass" },
      "node:b": { verdict: "fail", findings: [["outside", "outside 10.44.20.0/24"]] },
    },
  },
]);
