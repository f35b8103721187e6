import rule from "../../../rules/node/distributed-database.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const node = (name: string, lines: readonly string[], expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - «1|name»: a\n    hostname: a\n${lines.map((line) => `    ${line}\n`).join("")}`,
  expect: { "node:a": expected },
});

ruleTester.run(rule, [
  {
    name: "fixes the setting where it is written",
    deployment: `conferencing_nodes:
  - { name: a, hostname: a, always_on: true, enable_distributed_database: «false» }`,
    fixed: `conferencing_nodes:
  - { name: a, hostname: a, always_on: true, enable_distributed_database: true }`,
    expect: { "node:a": { verdict: "fail", findings: [["off"]] } },
  },
  node("passes an always-on node with the database on by default", ["always_on: true"], { verdict: "pass" }),
  node("passes a part-time node with it off", ["always_on: false", "enable_distributed_database: false"], {
    verdict: "pass",
  }),
  node(
    "fails an always-on node with it off",
    ["always_on: true", "enable_distributed_database: «enable_distributed_database|false»"],
    {
      verdict: "fail",
      findings: [["off", "«enable_distributed_database»", "always on but has its distributed database disabled;"]],
    },
  ),
  node("fails a part-time node with it on by default, at the node", ["always_on: false"], {
    verdict: "fail",
    findings: [["on", "«1»", "Node a is not always on but has its distributed database enabled; disable it."]],
  }),
  node("is inconclusive where its hours are not given", ["enable_distributed_database: false"], {
    verdict: "inconclusive",
    missing: ["conferencing_nodes.always_on is not in the deployment"],
  }),
  {
    name: "does not apply to a deployment without Conferencing Nodes",
    deployment: "conferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
  {
    name: "is inconclusive where the nodes are not listed",
    deployment: "expected_calls: 1",
    expect: { "deployment:deployment": { verdict: "inconclusive" } },
  },
]);
