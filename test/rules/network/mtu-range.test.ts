import rule from "../../../rules/network/mtu-range.ts";
import { type RuleCase, ruleTester } from "../../support/rule-tester.ts";

const MANAGED = "management_node: { name: m, hostname: m }\n";

const evaluated = (name: string, mtu: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `${MANAGED}system_locations: [{ name: Oslo${mtu} }]`,
  expect: { "location:Oslo": expected, "node:m": { verdict: "pass" } },
});

ruleTester.run(
  rule,
  [
    {
      name: "fixes the largest jumbo frame size",
      deployment:
        "management_node: { name: m, hostname: m, mtu: «9216» }\nsystem_locations: [{ name: Oslo, mtu: «9217» }]",
      fixed: "management_node: { name: m, hostname: m, mtu: 1500 }\nsystem_locations: [{ name: Oslo, mtu: 9217 }]",
      expect: {
        "node:m": { verdict: "fail", findings: [["outOfRange"]] },
        "location:Oslo": { verdict: "fail", findings: [["outOfRange"]] },
      },
    },
    {
      name: "fixes a jumbo frame size, and no other number",
      deployment:
        "management_node: { name: m, hostname: m, mtu: «9000» }\nsystem_locations: [{ name: Oslo, mtu: «15000» }]",
      fixed: "management_node: { name: m, hostname: m, mtu: 1500 }\nsystem_locations: [{ name: Oslo, mtu: 15000 }]",
      expect: {
        "node:m": { verdict: "fail", findings: [["outOfRange"]] },
        "location:Oslo": { verdict: "fail", findings: [["outOfRange"]] },
      },
    },
    evaluated("passes the lowest", ", mtu: 512", { verdict: "pass" }),
    evaluated("passes the highest", ", mtu: 1500", { verdict: "pass" }),
    evaluated("passes none, which means Pexip's own 1500", "", { verdict: "pass" }),
    evaluated("does not mind the network's MTU", ", network_mtu: 9000", { verdict: "pass" }),
    evaluated("fails one below the lowest", ", mtu: «511»", {
      verdict: "fail",
      severity: "error",
      findings: [
        ["outOfRange", "MTU 511 of location Oslo is outside the range that Pexip Infinity supports, 512 to 1500"],
      ],
    }),
    evaluated("fails one above the highest", ", mtu: «1501»", {
      verdict: "fail",
      findings: [["outOfRange"]],
    }),
    {
      name: "judges the Management Node by its own MTU",
      deployment: "management_node: { name: m, hostname: m, mtu: «9000» }\nsystem_locations: []",
      expect: {
        "node:m": { verdict: "fail", findings: [["outOfRange", "MTU 9000 of node m"]] },
      },
    },
    {
      name: "does not know locations that are not listed",
      deployment: MANAGED,
      expect: {
        "node:m": { verdict: "pass" },
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["system_locations is not in the deployment"],
        },
      },
    },
    {
      name: "does not know a Management Node that is not described",
      deployment: "system_locations: []",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["management_node is not in the deployment"] },
      },
    },
  ],
  // A deployment always has a Management Node, described or not.
  { optional: ["mtu"], without: ["not-applicable"] },
);
