import rule from "../../../rules/platform/standalone-host.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, fields: string, expected: RuleCase["expect"][string], version = "25"): RuleCase => ({
  name,
  deployment: `
platform: { version: "${version}" }
conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]
`,
  inventory: `
hosts:
  - { name: esxi01, cluster: null, ${fields} }
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

const alone = "managed_by_vcenter: «false»";

ruleTester.run(rule, [
  evaluated("passes a host that vCenter manages", "managed_by_vcenter: true", { verdict: "pass" }),
  evaluated("remarks on a standalone host", alone, {
    verdict: "fail",
    findings: [["standalone", "is not managed by vCenter;"]],
    severity: "info",
  }),
  evaluated("fails it from version 34 on", alone, { verdict: "fail", severity: "error" }, "34.2"),
  evaluated("fails it under a later version without a profile", alone, { verdict: "fail", severity: "error" }, "36"),
  evaluated(
    "does not know between versions 25 and 34",
    alone,
    {
      verdict: "inconclusive",
      severity: "warn",
      reason: "whether Pexip Infinity 33 supports that is unknown (v25 does, v34 does not)",
    },
    "33",
  ),
  evaluated("passes there a host that vCenter manages", "managed_by_vcenter: true", { verdict: "pass" }, "33"),
  evaluated(
    "does not decide there without knowing",
    "version: 6.7.0",
    { verdict: "inconclusive", severity: "warn", missing: ["hosts.managed_by_vcenter is not in the inventory"] },
    "33",
  ),
  evaluated(
    "does not decide under a version that cannot be read",
    alone,
    { verdict: "inconclusive", severity: "error" },
    "latest",
  ),
  evaluated("does not decide without knowing", "version: 6.7.0", {
    verdict: "inconclusive",
    missing: ["hosts.managed_by_vcenter is not in the inventory"],
  }),
  {
    name: "does not apply without hosts",
    deployment: "conferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
]);
