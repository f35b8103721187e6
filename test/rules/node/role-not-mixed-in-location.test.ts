import rule from "../../../rules/node/role-not-mixed-in-location.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const node = (name: string, location: string, type?: string) =>
  `  - { name: ${name}, hostname: ${name}${location === "" ? "" : `, system_location: ${location}`}${type === undefined ? "" : `, node_type: ${type}`} }\n`;

ruleTester.run(
  rule,
  [
    {
      name: "passes locations of one role each",
      deployment: `system_locations: [{ name: Oslo }, { name: DMZ }]\nconferencing_nodes:\n${node("a", "Oslo")}${node("b", "Oslo", "CONFERENCING")}${node("c", "DMZ", "PROXYING")}`,
      expect: { "location:Oslo": { verdict: "pass" }, "location:DMZ": { verdict: "pass" } },
    },
    {
      name: "fails a mixture at the location where both are as many; a node that says nothing is a transcoding one",
      deployment: `system_locations:\n  - «name»: Oslo\nconferencing_nodes:\n${node("a", "Oslo")}${node("b", "oslo", "PROXYING")}`,
      expect: {
        "location:Oslo": {
          verdict: "fail",
          findings: [["mixed", "Proxying Edge Nodes (b) and transcoding nodes (a)"]],
        },
      },
    },
    {
      name: "shortens long lists",
      deployment: `system_locations: [{ name: Oslo }]\nconferencing_nodes:\n${["a", "b", "c", "d", "e"].map((name) => node(name, "Oslo")).join("")}${node("p", "Oslo", "«PROXYING»")}`,
      expect: {
        "location:Oslo": { verdict: "fail", findings: [["mixed", "(a, b, c and 2 more)"]] },
      },
    },
    {
      name: "points at the node whose role fewer have, also where the role would stand",
      deployment: `system_locations: [{ name: DMZ }]\nconferencing_nodes:\n${node("a", "DMZ", "PROXYING")}${node("b", "DMZ").replace("name", "«name»")}${node("c", "DMZ", "PROXYING")}`,
      expect: { "location:DMZ": { verdict: "fail", findings: [["mixed", "transcoding nodes (b)"]] } },
    },
    {
      name: "does not apply to a location without nodes",
      deployment: `system_locations: [{ name: Oslo }]\nconferencing_nodes: []`,
      expect: { "location:Oslo": { verdict: "not-applicable", reason: "no Conferencing Node is in this location" } },
    },
    {
      name: "is inconclusive while a node may be in any location",
      deployment: `system_locations: [{ name: Oslo }]\nconferencing_nodes:\n${node("a", "Oslo")}${node("b", "", "PROXYING")}`,
      expect: { "location:Oslo": { verdict: "inconclusive", missing: ["conferencing_nodes.system_location"] } },
    },
    {
      name: "is inconclusive where locations are not listed",
      deployment: "conferencing_nodes: []",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["system_locations is not in the deployment"] },
      },
    },
  ],
  { optional: ["node_type"] },
);
