import rule from "../../../rules/platform/free-edition.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (
  name: string,
  fields: string,
  expected: RuleCase["expect"][string],
  environment = "production",
): RuleCase => ({
  name,
  deployment: `
platform: { environment: ${environment} }
conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]
`,
  inventory: `
hosts:
  - { name: esxi01, cluster: null, ${fields} }
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

ruleTester.run(rule, [
  evaluated("fails the free edition", "edition: «free»", {
    verdict: "fail",
    findings: [["free", "esxi01 has the free edition"]],
    severity: "warn",
  }),
  ...["essentials", "standard", "enterprise_plus", "evaluation", "other"].map((edition) =>
    evaluated(`passes ${edition}`, `edition: ${edition}`, { verdict: "pass" }),
  ),
  evaluated(
    "does not apply in a test environment",
    "edition: free",
    { verdict: "not-applicable", reason: "test" },
    "test",
  ),
  evaluated("does not decide without an edition", "version: 6.7.0", {
    verdict: "inconclusive",
    missing: ["hosts.edition is not in the inventory"],
  }),
  {
    name: "takes a missing environment for production",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
    inventory: "hosts: [{ name: esxi01, cluster: null, edition: free }]\nvirtual_machines: []",
    expect: { "host:esxi01": { verdict: "fail" } },
  },
]);
