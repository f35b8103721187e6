import rule from "../../../rules/host/cpu-cache-size.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, cpu: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
  inventory: `
hosts:
  - name: esxi01
    cluster: null
    cpu: { ${cpu} }
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

ruleTester.run(rule, [
  evaluated("passes 15 MB", "cache_mb: 15", { verdict: "pass" }),
  evaluated("fails 14 MB", "cache_mb: «14»", {
    verdict: "fail",
    findings: [["small", "14 MB; 15 MB or more"]],
    severity: "info",
  }),
  evaluated("does not tell it by the model", "model: Intel(R) Xeon(R) Gold 6242 CPU @ 2.80GHz", {
    verdict: "inconclusive",
    missing: ["hosts.cpu.cache_mb is not in the inventory"],
  }),
  {
    name: "does not ask it of the Management Node's host",
    deployment: "management_node: { name: m, hostname: m, vm: { host: esxi01 } }\nconferencing_nodes: []",
    inventory: "hosts: [{ name: esxi01, cluster: null, cpu: { cache_mb: 8 } }]\nvirtual_machines: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
]);
