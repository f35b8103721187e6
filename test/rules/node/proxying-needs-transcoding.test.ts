import rule from "../../../rules/node/proxying-needs-transcoding.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const nodes = (name: string, types: readonly (string | null)[], expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `conferencing_nodes:${types.length === 0 ? " []" : ""}\n${types.map((type, index) => `  - name: n${index}\n    hostname: n${index}\n${type === null ? "" : `    node_type: ${type}\n`}`).join("")}`,
  expect: { "deployment:deployment": expected },
});

ruleTester.run(
  rule,
  [
    nodes("passes a transcoding node beside a proxying one", ["PROXYING", "CONFERENCING"], { verdict: "pass" }),
    nodes("takes a node that says nothing for a transcoding one", [null, "PROXYING"], { verdict: "pass" }),
    nodes("fails proxying nodes alone, at the first", ["«PROXYING»", "PROXYING"], {
      verdict: "fail",
      findings: [["alone", "first is n0),"]],
    }),
    nodes("does not apply without proxying nodes", [null], { verdict: "not-applicable" }),
    nodes("does not apply without nodes", [], { verdict: "not-applicable" }),
    {
      name: "is inconclusive where the nodes are not listed",
      deployment: "management_node: { name: m, hostname: m }",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] },
      },
    },
  ],
  { optional: ["node_type"] },
);
