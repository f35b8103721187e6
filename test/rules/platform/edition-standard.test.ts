import rule from "../../../rules/platform/edition-standard.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, fields: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
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
    findings: [["below", "vSphere Standard or higher is recommended."]],
    severity: "info",
  }),
  ...["essentials", "essentials_plus", "standard", "enterprise_plus"].map((edition) =>
    evaluated(`passes ${edition}`, `edition: ${edition}`, { verdict: "pass" }),
  ),
  evaluated("does not apply to evaluation mode", "edition: evaluation", {
    verdict: "not-applicable",
    reason: "evaluation",
  }),
  evaluated("does not know other editions", "edition: other", {
    verdict: "inconclusive",
    reason: "the edition of the host is not in this program's table",
  }),
  evaluated("does not decide without an edition", "version: 6.7.0", {
    verdict: "inconclusive",
    missing: ["hosts.edition is not in the inventory"],
  }),
]);
