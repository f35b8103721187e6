import rule from "../../../rules/vm/memory-per-vcpu.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const planned = (name: string, size: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
conferencing_nodes:
  - name: a
    hostname: a
    ${size}
`,
  inventory: "virtual_machines: []",
  expect: { "node:a": expected },
});

const deployed = (name: string, size: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "management_node: { name: m, hostname: m, vm_cpu_count: 4, vm_system_memory: 4096 }",
  inventory: `virtual_machines: [{ name: m, ${size} }]`,
  expect: { "node:m": expected },
});

ruleTester.run(rule, [
  planned("passes 1024 MB for each vCPU", "vm_cpu_count: 8\n    vm_system_memory: 8192", {
    verdict: "pass",
  }),
  planned("fails 4 MB less", "vm_cpu_count: 8\n    vm_system_memory: «8188»", {
    verdict: "fail",
    findings: [["little", "8188 MB of memory for 8 vCPUs; 8192 MB is recommended"]],
    severity: "warn",
  }),
  planned(
    "leaves what the next multiple of 4 would put right to another rule",
    "vm_cpu_count: 8\n    vm_system_memory: 8189",
    {
      verdict: "pass",
    },
  ),
  planned("fails a size outside the limits", "vm_cpu_count: 1\n    vm_system_memory: «8192»", {
    verdict: "fail",
    findings: [["much"]],
  }),
  deployed("fails one that is too small for a Management Node", "cpus: 4, memory_mb: «4092»", {
    verdict: "fail",
    findings: [["little"]],
  }),
  planned("passes twice as much", "vm_cpu_count: 8\n    vm_system_memory: 16384", { verdict: "pass" }),
  planned("mentions more than that", "vm_cpu_count: 8\n    vm_system_memory: «16388»", {
    verdict: "fail",
    findings: [["much", "more than the recommended 8192 MB has little"]],
    severity: "info",
  }),
  planned("wants no more than Pexip takes", "vm_cpu_count: 64\n    vm_system_memory: 64000", { verdict: "pass" }),
  planned("wants that much from 63 vCPUs on", "vm_cpu_count: 63\n    vm_system_memory: «63996»", {
    verdict: "fail",
    findings: [["little", "64000 MB is recommended"]],
  }),
  planned("needs the number of vCPUs", "vm_system_memory: 8192", {
    verdict: "inconclusive",
    missing: ["conferencing_nodes.vm_cpu_count is not in the deployment"],
  }),
  planned("needs the memory", "vm_cpu_count: 8", {
    verdict: "inconclusive",
    missing: ["conferencing_nodes.vm_system_memory is not in the deployment"],
  }),
  deployed("passes a VM", "cpus: 2, memory_mb: 2048", { verdict: "pass" }),
  deployed("judges the VM, not the plan", "cpus: 6, memory_mb: «4096»", {
    verdict: "fail",
    findings: [["little", "4096 MB of memory for 6 vCPUs"]],
  }),
  deployed("does not take the planned memory for the VM's", "cpus: 4", {
    verdict: "inconclusive",
    missing: ["virtual_machines.memory_mb is not in the inventory"],
  }),
  deployed("does not take the planned vCPUs for the VM's", "memory_mb: 4096", {
    verdict: "inconclusive",
    missing: ["virtual_machines.cpus is not in the inventory"],
  }),
  {
    name: "does not apply to a deployment without nodes",
    deployment: "conferencing_nodes: []",
    inventory: "virtual_machines: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
]);
