import rule from "../../../rules/access/vm-manager-declared.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const AUTOMATIC = `«1|conferencing_nodes»:
  - { name: a, hostname: a }
  - { name: b, hostname: b, deployment_type: AUTOMATIC }
`;

const evaluated = (name: string, deployment: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  expect: { "deployment:deployment": expected },
});

ruleTester.run(rule, [
  evaluated("passes a VM manager with an address", `vm_manager: { address: vcenter01.example.com }\n${AUTOMATIC}`, {
    verdict: "pass",
  }),
  evaluated("fails automatic deployment without a VM manager", AUTOMATIC, {
    verdict: "fail",
    findings: [["none", "«1»", "Node b uses automatic deployment, but no VM manager is declared; set vm_manager."]],
    severity: "error",
  }),
  evaluated("fails a VM manager that is said to be none", `vm_manager: «vm_manager|null»\n${AUTOMATIC}`, {
    verdict: "fail",
    findings: [["none", "«vm_manager»"]],
  }),
  evaluated("does not decide a VM manager without an address", `vm_manager: { type: vcenter }\n${AUTOMATIC}`, {
    verdict: "inconclusive",
    missing: ["vm_manager.address is not in the deployment"],
  }),
  evaluated("does not apply to manual deployment", "conferencing_nodes: [{ name: a, hostname: a }]", {
    verdict: "not-applicable",
    reason: "no node is deployed automatically",
  }),
  evaluated("does not decide without a list of nodes", "expected_calls: 40", {
    verdict: "inconclusive",
    missing: ["conferencing_nodes is not in the deployment"],
  }),
]);
