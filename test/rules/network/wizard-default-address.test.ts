import rule from "../../../rules/network/wizard-default-address.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const managed = (fields: string) => `management_node: { name: m, hostname: m${fields} }`;

ruleTester.run(
  rule,
  [
    {
      name: "fails the wizard's default",
      deployment: managed(", address: «192.168.0.100»"),
      expect: {
        "node:m": {
          verdict: "fail",
          severity: "info",
          findings: [["default", "192.168.0.100"]],
        },
      },
    },
    {
      name: "passes any other address",
      deployment: managed(", address: 192.168.0.101"),
      expect: { "node:m": { verdict: "pass" } },
    },
    {
      name: "does not know an address that is missing",
      deployment: managed(""),
      expect: {
        "node:m": { verdict: "inconclusive", missing: ["management_node.address is not in the deployment"] },
      },
    },
    {
      name: "judges the Management Node alone",
      deployment: `${managed(", address: 10.0.0.5")}\nconferencing_nodes: [{ name: a, hostname: a, address: 192.168.0.100 }]`,
      expect: { "node:m": { verdict: "pass" } },
    },
    {
      name: "does not know a Management Node that is not described",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "inconclusive" } },
    },
  ],
  { without: ["not-applicable"] },
);
