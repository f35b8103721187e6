import rule from "../../../rules/vm/size-within-limits.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (
  name: string,
  plan: string,
  machine: string | null,
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: `conferencing_nodes: [{ name: a, hostname: a, ${plan} }]`,
  inventory: `virtual_machines: [${machine === null ? "" : `{ name: a, ${machine} }`}]`,
  expect: { "node:a": expected },
});

const PLAN = "vm_cpu_count: 4, vm_system_memory: 4096";

ruleTester.run(
  rule,
  [
    evaluated("passes the smallest node", "vm_cpu_count: 2, vm_system_memory: 2000", null, { verdict: "pass" }),
    evaluated("passes the largest node", "vm_cpu_count: 128, vm_system_memory: 64000", null, { verdict: "pass" }),
    evaluated("fails what is below both limits", "vm_cpu_count: «1», vm_system_memory: «1996»", null, {
      verdict: "fail",
      findings: [
        ["cpus", "Number of vCPUs of node a is 1; Pexip Infinity supports 2 to 128."],
        ["memory", "Memory of node a is 1996 MB; Pexip Infinity supports 2000 to 64000 MB."],
      ],
      severity: "error",
    }),
    evaluated("fails what is above both limits", "vm_cpu_count: «129», vm_system_memory: «64004»", null, {
      verdict: "fail",
      findings: [["cpus"], ["memory"]],
    }),
    evaluated("judges plan and VM alike", PLAN, "cpus: «1», memory_mb: «65536»", {
      verdict: "fail",
      findings: [
        ["cpus", "Number of vCPUs of VM a of node a is 1;"],
        ["memory", "Memory of VM a of node a is 65536 MB"],
      ],
    }),
    evaluated("passes a plan and a VM within the limits", PLAN, "cpus: 8, memory_mb: 8192", { verdict: "pass" }),
    evaluated(
      "fails the plan though the VM's memory is unknown",
      "vm_cpu_count: «1», vm_system_memory: 4096",
      "cpus: 4",
      {
        verdict: "fail",
        findings: [["cpus"]],
      },
    ),
    evaluated("needs the size of the VM", "description: x", "template: false", {
      verdict: "inconclusive",
      missing: ["virtual_machines.cpus is not in the inventory", "virtual_machines.memory_mb is not in the inventory"],
    }),
    {
      name: "needs the planned size of a node without a VM",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: "virtual_machines: []",
      expect: {
        "node:a": {
          verdict: "inconclusive",
          missing: [
            "conferencing_nodes.vm_cpu_count is not in the deployment",
            "conferencing_nodes.vm_system_memory is not in the deployment",
          ],
        },
      },
    },
    evaluated(
      "evaluates the VM alone where the deployment gives no size",
      "description: y",
      "cpus: 4, memory_mb: 4096",
      {
        verdict: "pass",
      },
    ),
    evaluated("does not take the planned memory for the VM's", PLAN, "cpus: 4", {
      verdict: "inconclusive",
      missing: ["virtual_machines.memory_mb is not in the inventory"],
    }),
    {
      name: "judges the plan while there is no inventory",
      deployment: `management_node: { name: m, hostname: m, ${PLAN} }`,
      expect: { "node:m": { verdict: "pass" } },
    },
    {
      name: "does not know whether there is a VM while the inventory does not list them",
      deployment: `management_node: { name: m, hostname: m, ${PLAN} }`,
      inventory: "hosts: []",
      expect: { "node:m": { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] } },
    },
    {
      name: "does not apply to a deployment without nodes",
      deployment: "conferencing_nodes: []",
      inventory: "virtual_machines: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["vm_cpu_count", "vm_system_memory"] },
);
