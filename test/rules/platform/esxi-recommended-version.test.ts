import rule from "../../../rules/platform/esxi-recommended-version.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, version: string, esxi: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
platform: { version: "${version}" }
conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]
`,
  inventory: `
hosts:
  - { name: esxi01, cluster: null, ${esxi} }
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

ruleTester.run(rule, [
  evaluated("passes 6.0", "25", "version: 6.0.0", { verdict: "pass" }),
  evaluated("passes 6.7", "25", "version: 6.7.0", { verdict: "pass" }),
  evaluated("fails 5.5", "25", "version: «5.5.0»", {
    verdict: "fail",
    findings: [["other", "runs ESXi 5.5; ESXi 6.x is recommended"]],
    severity: "info",
  }),
  evaluated("fails a version that is not supported at all", "25", "version: «7.0.0»", {
    verdict: "fail",
    findings: [["other"]],
  }),
  evaluated("does not apply to version 34, which recommends none", "34", "version: 6.7.0", {
    verdict: "not-applicable",
    reason: "v34 does not recommend a specific ESXi version",
  }),
  evaluated("passes between profiles what the one that recommends any recommends", "30", "version: 6.7.0", {
    verdict: "pass",
  }),
  evaluated("does not know between profiles what else is recommended", "30", "version: 7.0.0", {
    verdict: "inconclusive",
    reason: "whether Pexip Infinity 30 recommends an ESXi version is unknown; v25 does",
    severity: "info",
  }),
  evaluated("does not decide without an ESXi version", "25", "edition: standard", {
    verdict: "inconclusive",
    missing: ["hosts.version is not in the inventory"],
  }),
]);
