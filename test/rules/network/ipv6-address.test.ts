import rule from "../../../rules/network/ipv6-address.ts";
import { nodeCase } from "../../support/one-node.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const OWN = 'ipv6_address: "2001:db8:44:10::21"';

const own = (text: string, id: string, words: string) =>
  nodeCase(`fails the address ${text}`, [`ipv6_address: «ipv6_address|"»${text}"`], {
    verdict: "fail",
    findings: [[id, "«ipv6_address»", words]],
  });
const gateway = (text: string, id: string, words: string) =>
  nodeCase(`fails the gateway ${text}`, [OWN, `ipv6_gateway: «"»${text}"`], {
    verdict: "fail",
    findings: [[id, words]],
  });
const passes = (name: string, ...fields: readonly string[]) => nodeCase(`passes ${name}`, fields, { verdict: "pass" });

ruleTester.run(
  rule,
  [
    {
      name: "fixes a prefix length of 64, and no other",
      deployment: `conferencing_nodes:
  - { name: a, hostname: a, ipv6_address: «2001:db8::5/64», ipv6_gateway: «fe80::1/64» }
  - { name: b, hostname: b, ipv6_address: «2001:db8::6/48» }
  - { name: c, hostname: c, ipv6_address: «2001:db8::/641» }
  - { name: d, hostname: d, ipv6_address: «ff02::1» }`,
      fixed: `conferencing_nodes:
  - { name: a, hostname: a, ipv6_address: 2001:db8::5, ipv6_gateway: fe80::1 }
  - { name: b, hostname: b, ipv6_address: 2001:db8::6/48 }
  - { name: c, hostname: c, ipv6_address: 2001:db8::/641 }
  - { name: d, hostname: d, ipv6_address: ff02::1 }`,
      expect: {
        "node:a": { verdict: "fail", findings: [["malformed"], ["malformed"]] },
        "node:b": { verdict: "fail", findings: [["malformed"]] },
        "node:c": { verdict: "fail", findings: [["malformed"]] },
        "node:d": { verdict: "fail", findings: [["unusable"]] },
      },
    },
    passes("an address without a gateway: the router announces itself", OWN),
    passes("a gateway in the same /64", OWN, 'ipv6_gateway: "2001:db8:44:10::1"'),
    passes("a gateway in the same /64, written in another form", OWN, 'ipv6_gateway: "2001:0DB8:44:10:0:0:0:1"'),
    passes("a link-local gateway", OWN, 'ipv6_gateway: "fe80::1"'),
    passes("a unique local address", 'ipv6_address: "fd00:44::21"'),
    nodeCase("does not apply to a node without IPv6", [], { verdict: "not-applicable", reason: "no IPv6 address" }),
    own("::1", "unusable", "loopback"),
    own("::", "unusable", "unspecified"),
    own("fe80::21", "unusable", "link-local"),
    own("ff02::1", "unusable", "multicast"),
    own("::ffff:10.44.10.21", "unusable", "IPv4"),
    own("10.44.10.21", "malformed", "is not an IPv6 address"),
    own("2001:db8::21/64", "malformed", "without a prefix length"),
    own("fe80::21%eth0", "malformed", "zone"),
    own("2001:db8::1::2", "malformed", "is not an IPv6 address"),
    gateway("2001:db8:44:11::1", "outOfReach", "neither in the /64 of 2001:db8:44:10::21 nor link-local"),
    gateway("2001:db8:44:10::21", "ownAddress", "own address"),
    gateway("2001:DB8:44:10:0::21", "ownAddress", "own address"),
    gateway("ff02::2", "unusableGateway", "multicast"),
    gateway("::", "unusableGateway", "unspecified"),
    gateway("10.44.10.1", "malformed", "ipv6_gateway 10.44.10.1"),
    nodeCase("fails a gateway without an address", ['ipv6_gateway: "fe80::1"'], {
      verdict: "fail",
      severity: "error",
      findings: [["gatewayAlone", "«node»", "no ipv6_address"]],
    }),
    nodeCase(
      "does not measure a gateway by an address that cannot be read",
      ['ipv6_address: «"x"»', 'ipv6_gateway: "2001:db8::1"'],
      {
        verdict: "fail",
        findings: [["malformed"]],
      },
    ),
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
    {
      name: "does not know nodes that are not listed",
      deployment: "system_locations: []",
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["conferencing_nodes is not in the deployment"],
        },
      },
    },
  ],
  { optional: ["ipv6_gateway"] },
);
