import rule from "../../../rules/platform/automatic-deployment-needs-api.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = (type: string) => `
conferencing_nodes:
  - name: a
    hostname: a
    deployment_type: ${type}
    vm: { cluster: one }
`;

const estate = (first: string, second = "edition: standard") => `
clusters: [{ name: one }]
hosts:
  - { name: esxi01, cluster: one, ${first} }
  - { name: esxi02, cluster: one, ${second} }
virtual_machines: []
`;

const evaluated = (
  name: string,
  inventory: string,
  expected: RuleCase["expect"][string],
  type = "«AUTOMATIC»",
): RuleCase => ({ name, deployment: deployment(type), inventory, expect: { "node:a": expected } });

ruleTester.run(rule, [
  evaluated("passes licensed hosts", estate("edition: essentials"), { verdict: "pass" }),
  evaluated(
    "passes evaluation mode, and editions that are not listed",
    estate("edition: evaluation", "edition: other"),
    {
      verdict: "pass",
    },
  ),
  evaluated("fails one host of the free edition among several", estate("edition: standard", "edition: free"), {
    verdict: "fail",
    findings: [["free", "esxi02 has the free edition"]],
    severity: "error",
  }),
  evaluated("fails although the edition of another host is missing", estate("version: 6.7.0", "edition: free"), {
    verdict: "fail",
    findings: [["free"]],
  }),
  evaluated("does not decide when an edition is missing", estate("version: 6.7.0"), {
    verdict: "inconclusive",
    missing: ["hosts.edition is not in the inventory"],
  }),
  evaluated(
    "does not apply to manual deployment",
    estate("edition: free"),
    { verdict: "not-applicable", reason: "not deployed automatically" },
    "MANUAL-ESXI-6.7",
  ),
  {
    name: "takes a missing deployment type for a manual one",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: one } }]",
    inventory: estate("edition: free"),
    expect: { "node:a": { verdict: "not-applicable" } },
  },
  {
    name: "does not decide without a placement",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, deployment_type: AUTOMATIC }]",
    inventory: estate("edition: standard"),
    expect: { "node:a": { verdict: "inconclusive", missing: [": no VM in the inventory, no vm.host"] } },
  },
]);
