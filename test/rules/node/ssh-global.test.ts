import rule from "../../../rules/node/ssh-global.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const node = (name: string, ssh: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - name: a\n    hostname: a\n${ssh}`,
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    node("passes the default", "", { verdict: "pass" }),
    node("passes the global setting", "    enable_ssh: GLOBAL\n", { verdict: "pass" }),
    node("fails a node that is always open", "    enable_ssh: «ON»\n", {
      verdict: "fail",
      findings: [["own", "Node a overrides the global SSH"]],
    }),
    node("fails a node that is always closed", "    enable_ssh: «OFF»\n", {
      verdict: "fail",
      findings: [["own"]],
    }),
    {
      name: "does not apply without nodes",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
    {
      name: "is inconclusive where the nodes are not listed",
      deployment: "expected_calls: 1",
      expect: { "deployment:deployment": { verdict: "inconclusive" } },
    },
  ],
  { optional: ["enable_ssh"] },
);
