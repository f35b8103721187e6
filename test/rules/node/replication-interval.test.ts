import rule from "../../../rules/node/replication-interval.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const nodes = (count: number) =>
  `expected_calls: 1\nconferencing_nodes:${count === 0 ? " []" : ""}\n${Array.from({ length: count }, (_, index) => `  ${index === 0 ? "«-»" : "-"} { name: n${index}, hostname: n${index} }\n`).join("")}`;

ruleTester.run(
  rule,
  [
    { name: "passes 60 nodes", deployment: nodes(60), expect: { "deployment:deployment": { verdict: "pass" } } },
    {
      name: "fails 61",
      deployment: nodes(61),
      expect: {
        "deployment:deployment": {
          verdict: "fail",
          findings: [["many", "61 Conferencing Nodes; with more than 60"]],
        },
      },
    },
    {
      name: "takes another limit",
      deployment: nodes(61),
      options: { nodes: 61 },
      expect: { "deployment:deployment": { verdict: "pass" } },
    },
    { name: "passes none", deployment: nodes(0), expect: { "deployment:deployment": { verdict: "pass" } } },
    {
      name: "is inconclusive where the nodes are not listed",
      deployment: "expected_calls: 1",
      expect: { "deployment:deployment": { verdict: "inconclusive" } },
    },
  ],
  { without: ["not-applicable"] },
);
