import rule from "../../../rules/node/unique-name.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(rule, [
  {
    name: "passes names that differ",
    deployment: "conferencing_nodes:\n  - { name: a, hostname: x }\n  - { name: b, hostname: x }",
    expect: { "node:a": { verdict: "pass" }, "node:b": { verdict: "pass" } },
  },
  {
    name: "fails the later of two, whatever the case, and each further one",
    deployment:
      "conferencing_nodes:\n  - { name: oslo, hostname: a }\n  - { name: «OSLO», hostname: b }\n  - { name: «oslo», hostname: c }",
    expect: {
      "node:oslo": { verdict: "pass" },
      "node:OSLO#2": {
        verdict: "fail",
        findings: [["duplicate", "Node name OSLO is already used by another node; use a unique name."]],
      },
      "node:oslo#3": { verdict: "fail", findings: [["duplicate"]] },
    },
  },
  {
    name: "counts the management node in, where it stands in the file",
    deployment: "conferencing_nodes: [{ name: one, hostname: a }]\nmanagement_node: { name: «one», hostname: b }",
    expect: {
      "node:one": { verdict: "pass" },
      "node:one#2": { verdict: "fail", findings: [["duplicate"]] },
    },
  },
  {
    name: "does not apply without nodes",
    deployment: "conferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
  {
    name: "is inconclusive where the nodes are not listed",
    deployment: "expected_calls: 1",
    expect: {
      "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] },
    },
  },
]);
