import rule from "../../../rules/network/gateway-in-subnet.ts";
import { nodeCase } from "../../support/one-node.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const PRIMARY = ["address: 10.44.10.21", "netmask: 255.255.255.0"];
const SECONDARY = ["secondary_address: 192.0.2.21", "secondary_netmask: 255.255.255.0"];
const ROUTES = "static_routes: [{ name: core, address: 10.0.0.0, prefix: 8, gateway: 10.44.10.1 }]";

const gateway = (name: string, text: string, id: string | null, words = "") =>
  nodeCase(name, [`gateway: ${text}`, ...PRIMARY], {
    verdict: id === null ? "pass" : "fail",
    ...(id !== null && { findings: [[id, words]] }),
  });
const onSecondary = (name: string, text: string, more: readonly string[], id: string | null, words = "") =>
  nodeCase(name, [`gateway: ${text}`, ...PRIMARY, ...SECONDARY, ...more], {
    verdict: id === null ? "pass" : "fail",
    ...(id !== null && { findings: [[id, words]] }),
  });
const masked = (name: string, address: string, mask: string, router: string, id: string | null) =>
  nodeCase(name, [`gateway: ${router}`, `address: ${address}`, `netmask: ${mask}`], {
    verdict: id === null ? "pass" : "fail",
    ...(id !== null && { findings: [[id]] }),
  });

ruleTester.run(
  rule,
  [
    {
      name: "fixes a prefix length that says what the mask says",
      deployment: `conferencing_nodes:
  - { name: a, hostname: a, address: 10.0.0.5, netmask: 255.255.255.0, gateway: «"10.0.0.1/24"» }`,
      fixed: `conferencing_nodes:
  - { name: a, hostname: a, address: 10.0.0.5, netmask: 255.255.255.0, gateway: "10.0.0.1" }`,
      expect: { "node:a": { verdict: "fail", findings: [["malformed"]] } },
    },
    gateway("passes a gateway in the node's subnet", "10.44.10.1", null),
    gateway("passes the last address that a router can have", "10.44.10.254", null),
    gateway("fails a gateway outside", "«10.44.11.1»", "outside", "is outside 10.44.10.0/24"),
    gateway("fails the node's own address", "«10.44.10.21»", "ownAddress", "own address"),
    nodeCase(
      "fails beside interfaces whose subnets overlap",
      ["gateway: «192.0.2.1»", ...PRIMARY, "secondary_address: 10.44.10.121", "secondary_netmask: 255.255.255.0"],
      { verdict: "fail", findings: [["outside"]] },
    ),
    gateway("fails the network address", "«10.44.10.0»", "edge", "network address of 10.44.10.0/24"),
    gateway("fails the broadcast address", "«10.44.10.255»", "edge", "broadcast address"),
    gateway("cannot read a name", "«router»", "malformed", "router"),
    gateway("cannot read IPv6", '«"fe80::1"»', "malformed"),
    masked("passes the other end of a /31", "10.44.10.1", "255.255.255.254", "10.44.10.0", null),
    masked("fails beyond a /31", "10.44.10.1", "255.255.255.254", "«10.44.10.2»", "outside"),
    masked("fails any gateway of a /32", "10.44.10.21", "255.255.255.255", "«10.44.10.1»", "outside"),
    masked("passes in a /23 what a /24 would not hold", "10.44.10.21", "255.255.254.0", "10.44.11.1", null),

    onSecondary("passes a gateway on the second interface beside static routes", "192.0.2.1", [ROUTES], null),
    nodeCase("warns of one without static routes", ["gateway: «192.0.2.1»", ...PRIMARY, ...SECONDARY], {
      verdict: "fail",
      severity: "warn",
      findings: [["onSecondary", "no static routes"]],
    }),
    nodeCase("is an error otherwise", ["gateway: 10.44.99.1", ...PRIMARY], { verdict: "fail", severity: "error" }),
    onSecondary("takes an empty list for no static routes", "«192.0.2.1»", ["static_routes: []"], "onSecondary"),
    onSecondary("passes a gateway on the first interface of two", "10.44.10.1", [], null),
    onSecondary("names both subnets", "«198.51.100.1»", [], "outside", "10.44.10.0/24 and 192.0.2.0/24"),
    onSecondary("fails the node's second address", "«192.0.2.21»", [ROUTES], "ownAddress"),
    onSecondary("fails the second subnet's broadcast address", "«192.0.2.255»", [ROUTES], "edge", "192.0.2.0/24"),

    nodeCase("does not know a gateway that is missing", PRIMARY, {
      verdict: "inconclusive",
      missing: ["conferencing_nodes.gateway is not in the deployment"],
    }),
    nodeCase("does not know a mask that is missing", ["gateway: 10.44.10.1", "address: 10.44.10.21"], {
      verdict: "inconclusive",
      missing: ["conferencing_nodes.netmask is not in the deployment"],
    }),
    nodeCase("does not know an address that is missing", ["gateway: 10.44.10.1", "netmask: 255.255.255.0"], {
      verdict: "inconclusive",
      missing: ["conferencing_nodes.address is not in the deployment"],
    }),
    nodeCase(
      "leaves an address that cannot be read to network/ipv4-address",
      ["gateway: 10.44.10.1", "address: 10.44.10", "netmask: 255.255.255.0"],
      { verdict: "inconclusive", missing: ['address "10.44.10" of node a is not an IPv4 address'] },
    ),
    nodeCase("and so a mask", ["gateway: 10.44.10.1", "address: 10.44.10.21", "netmask: 255.0.255.0"], {
      verdict: "inconclusive",
      missing: ["netmask 255.0.255.0 of node a is not a network mask"],
    }),
    nodeCase(
      "does not know a second subnet without its mask",
      ["gateway: 192.0.2.1", ...PRIMARY, "secondary_address: 192.0.2.21"],
      { verdict: "inconclusive", missing: ["has no secondary_netmask"] },
    ),
    ...["224.0.0.5", "10.44.11.255"].map((address) =>
      nodeCase(
        `leaves an address that no node can have to network/ipv4-address: ${address}`,
        ["gateway: 10.44.10.1", `address: ${address}`, "netmask: 255.255.255.0"],
        { verdict: "inconclusive", missing: [`address ${address} of node a is `] },
      ),
    ),
    {
      name: "fails an address that is the router's",
      deployment: `
management_node: { name: m, hostname: m, address: 10.44.10.1, netmask: 255.255.255.0, gateway: «10.44.10.1» }
conferencing_nodes: [{ name: a, hostname: a, gateway: 10.44.10.1 }]
`,
      expect: {
        "node:m": { verdict: "fail", findings: [["ownAddress"]] },
        "node:a": { verdict: "inconclusive", missing: ["conferencing_nodes.address is not in the deployment"] },
      },
    },
    {
      name: "fails beside an address that a server has too",
      deployment: `
dns_servers: [10.44.99.9]
management_node: { name: m, hostname: m, address: 10.44.99.9, netmask: 255.255.255.0, gateway: «10.44.10.1» }
`,
      expect: {
        "node:m": { verdict: "fail", findings: [["outside"]] },
      },
    },
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["secondary_address"] },
);
