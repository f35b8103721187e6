import rule from "../../../rules/node/location-exists.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(rule, [
  {
    name: "passes a declared location, whatever the case",
    deployment:
      "system_locations: [{ name: Oslo }]\nconferencing_nodes: [{ name: a, hostname: a, system_location: oslo }]",
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "fails one that is not declared",
    deployment:
      "system_locations: [{ name: Oslo }]\nconferencing_nodes: [{ name: a, hostname: a, system_location: «Olso» }]",
    expect: {
      "node:a": { verdict: "fail", findings: [["undeclared", "System location Olso of node a"]] },
    },
  },
  {
    name: "fails one that is declared twice, whatever the case: which one it is, nobody can say",
    deployment: `
system_locations: [{ name: Oslo }, { name: OSLO }]
conferencing_nodes:
  - { name: a, hostname: a, system_location: «oslo» }`,
    expect: {
      "node:a": {
        verdict: "fail",
        findings: [["ambiguous", "System location oslo of node a is declared 2 times"]],
      },
    },
  },
  {
    name: "fails one where none is declared at all",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, system_location: «Oslo» }]",
    expect: { "node:a": { verdict: "fail", findings: [["undeclared"]] } },
  },
  {
    name: "fails a node that names none",
    deployment: "system_locations: [{ name: Oslo }]\nconferencing_nodes:\n  - «name»: a\n    hostname: a",
    expect: {
      "node:a": { verdict: "fail", findings: [["missing", "Node a has no system location"]] },
    },
  },
  {
    name: "does not speak of the management node",
    deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
  {
    name: "is inconclusive where conferencing nodes are not listed",
    deployment: "management_node: { name: m, hostname: m }",
    expect: {
      "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] },
    },
  },
]);
