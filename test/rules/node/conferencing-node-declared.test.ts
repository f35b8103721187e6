import rule from "../../../rules/node/conferencing-node-declared.ts";
import { ruleTable } from "../../support/rule-table.ts";

ruleTable(
  rule,
  [
    {
      name: "passes one node",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      expect: { "deployment:deployment": { verdict: "pass" } },
    },
    {
      name: "fails an empty list",
      deployment: "expected_calls: 1\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "fail", findings: [["none", "deployment:2:21"]] } },
    },
    {
      name: "fails a deployment without the list: it declares none",
      deployment: "management_node: { name: m, hostname: m }",
      expect: { "deployment:deployment": { verdict: "fail", findings: [["none", "deployment:1:1"]] } },
    },
  ],
  ["inconclusive", "not-applicable"],
);
