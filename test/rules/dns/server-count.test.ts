import rule from "../../../rules/dns/server-count.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, servers: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
management_node: { name: m, hostname: m }
dns_servers: «[»${servers}]
`,
  expect: { "server-list:deployment/dns": expected },
});

ruleTester.run(rule, [
  evaluated("passes one", "10.0.0.1", { verdict: "pass" }),
  evaluated("passes three", "10.0.0.1, 10.0.0.2, 10.0.0.3", { verdict: "pass" }),
  evaluated("fails four", "10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4", {
    verdict: "fail",
    findings: [["tooMany", "the first 3 are used (10.0.0.1, 10.0.0.2, 10.0.0.3)"]],
    severity: "info",
  }),
  evaluated("counts a server once", '10.0.0.1, 10.0.0.2, 10.0.0.3, "10.0.0.1:53"', { verdict: "pass" }),
  evaluated("does not count an empty list", "", {
    verdict: "inconclusive",
    missing: ["no DNS server is declared where one is used"],
  }),
  {
    name: "does not count a list that is missing",
    deployment: "management_node: { name: m, hostname: m }",
    expect: { "server-list:deployment/dns": { verdict: "inconclusive" } },
  },
  {
    name: "does not apply where no list is used",
    deployment: "dns_servers: [10.0.0.1]\nconferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
  {
    name: "does not add up the lists",
    deployment: `
dns_servers: [10.0.0.1, 10.0.0.2]
management_node: { name: m, hostname: m, dns_servers: [10.0.0.3, 10.0.0.4] }
system_locations: [{ name: Oslo }]
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
    expect: {
      "server-list:management_node/dns": { verdict: "pass" },
      "server-list:deployment/dns": { verdict: "pass" },
    },
  },
  {
    name: "does not know the list of a node without a location",
    deployment: "dns_servers: [10.0.0.1]\nconferencing_nodes: [{ name: a, hostname: a }]",
    expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["system_location"] } },
  },
]);
