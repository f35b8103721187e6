import rule from "../../../rules/node/conferencing-node-declared.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(
  rule,
  [
    {
      name: "passes one node",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      expect: { "deployment:deployment": { verdict: "pass" } },
    },
    {
      name: "fails an empty list",
      deployment: "expected_calls: 1\nconferencing_nodes: «[]»",
      expect: { "deployment:deployment": { verdict: "fail", findings: [["none"]] } },
    },
    {
      name: "fails a deployment without the list: it declares none",
      deployment: "«management_node»: { name: m, hostname: m }",
      expect: { "deployment:deployment": { verdict: "fail", findings: [["none"]] } },
    },
  ],
  { without: ["inconclusive", "not-applicable"] },
);
