import rule from "../../../rules/network/static-nat-address.ts";
import { nodeCase } from "../../support/one-node.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const fails = (text: string, id: string, words: string, ...more: readonly string[]) =>
  nodeCase(`fails ${text}`, [`static_nat_address: «${text}»`, ...more], {
    verdict: "fail",
    severity: "warn",
    findings: [[id, words]],
  });
const passes = (text: string, ...more: readonly string[]) =>
  nodeCase(`passes ${text}`, [`static_nat_address: ${text}`, ...more], { verdict: "pass" });

ruleTester.run(
  rule,
  [
    passes("203.0.113.21", "address: 10.44.10.21"),
    passes("172.32.0.1"),
    passes("100.128.0.1"),
    fails("10.1.2.3", "notPublic", "RFC 1918"),
    fails("172.31.255.1", "notPublic", "RFC 1918"),
    fails("192.168.1.1", "notPublic", "RFC 1918"),
    fails("100.64.0.1", "notPublic", "RFC 6598"),
    fails("127.0.0.1", "notPublic", "loopback"),
    fails("169.254.1.1", "notPublic", "link-local"),
    fails("224.0.0.5", "notPublic", "multicast"),
    fails(
      "0.0.0.0",
      "notPublic",
      "Static NAT address 0.0.0.0 of node a is an address in 0.0.0.0/8 (RFC 1122) and cannot be reached from outside; enter the public address.",
    ),
    fails("10.44.10.21", "ownAddress", "the node's own address", "address: 10.44.10.21"),
    fails("198.51.100.9", "ownAddress", "the node's own secondary_address", "secondary_address: 198.51.100.9"),
    fails("edge.example.com", "malformed", "is not an IPv4 address"),
    fails('"2001:db8::1"', "malformed", "is not an IPv4 address"),
    nodeCase("does not apply to a node without one", ["address: 10.44.10.21"], {
      verdict: "not-applicable",
      reason: "no static NAT address",
    }),
    {
      name: "does not know nodes that are not listed",
      deployment: "system_locations: []",
      expect: { "deployment:deployment": { verdict: "inconclusive" } },
    },
  ],
  { optional: ["address"] },
);
