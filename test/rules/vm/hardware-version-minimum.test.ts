import rule from "../../../rules/vm/hardware-version-minimum.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const NOT_DEPLOYED = "virtual_machines: []";

const planned = (name: string, version: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
management_node:
  name: mgmt
  hostname: mgmt
  vm: { name: vm-mgmt, ${version} }
`,
  inventory: NOT_DEPLOYED,
  expect: { "node:mgmt": expected },
});

const deployed = (name: string, version: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { hardware_version: 14 } }]",
  inventory: `
virtual_machines:
  - name: a
    ${version}
`,
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    planned("passes the lowest version that is planned", "hardware_version: 8", { verdict: "pass" }),
    planned("fails the one below", "hardware_version: «7»", {
      verdict: "fail",
      findings: [["tooOld", "Hardware version 7 of node mgmt is not supported; use 8 or later."]],
      severity: "error",
    }),
    planned("reads vSphere's spelling", "hardware_version: «vmx-07»", {
      verdict: "fail",
      findings: [["tooOld", "Hardware version 7"]],
    }),
    planned("needs a plan while there is no VM", "network: conferencing", {
      verdict: "inconclusive",
      missing: ["management_node.vm.hardware_version is not in the deployment"],
    }),
    deployed("passes a VM, in vSphere's spelling", "hardware_version: vmx-08", { verdict: "pass" }),
    deployed("judges the VM, not the plan", "hardware_version: «4»", {
      verdict: "fail",
      findings: [["tooOld", "Hardware version 4 of node a"]],
    }),
    deployed("does not take the plan for the VM", "cpus: 4", {
      verdict: "inconclusive",
      missing: ["virtual_machines.hardware_version is not in the inventory"],
    }),
    {
      name: "judges the plan while there is no inventory",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { hardware_version: 14 } }
  - { name: b, hostname: b, vm: { hardware_version: «7» } }
`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "fail", findings: [["tooOld"]] },
      },
    },
    {
      name: "does not pass a good plan while an inventory leaves it open whether there is a VM; a bad one fails",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { hardware_version: 14 } }
  - { name: b, hostname: b, vm: { hardware_version: «7» } }
`,
      inventory: "hosts: []",
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
        "node:b": { verdict: "fail", findings: [["tooOld"]] },
      },
    },
    {
      name: "does not apply to a deployment without nodes",
      deployment: "conferencing_nodes: []",
      inventory: NOT_DEPLOYED,
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no node" } },
    },
  ],
  { optional: ["name"] },
);
