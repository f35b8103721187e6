import rule from "../../../rules/vm/management-node-size.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, plan: string, machines: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `management_node: { name: m, hostname: m, ${plan} }`,
  inventory: `virtual_machines: [${machines}]`,
  expect: { "node:m": expected },
});

const PLAN = "vm_cpu_count: 4, vm_system_memory: 4096";

ruleTester.run(
  rule,
  [
    evaluated("passes the smallest size", PLAN, "", { verdict: "pass" }),
    evaluated(
      "passes a VM of that size, whatever is planned",
      "vm_cpu_count: 2",
      "{ name: m, cpus: 4, memory_mb: 4096 }",
      {
        verdict: "pass",
      },
    ),
    evaluated("fails what is smaller", "vm_cpu_count: «3», vm_system_memory: «4092»", "", {
      verdict: "fail",
      findings: [
        ["cpus", "Management Node m has 3 vCPUs; 4 or more are required."],
        ["memory", "Management Node m has 4092 MB of memory; 4096 MB or more"],
      ],
      severity: "warn",
    }),
    evaluated("fails what Pexip does not take at all", "vm_cpu_count: «1», vm_system_memory: «1996»", "", {
      verdict: "fail",
      findings: [["cpus"], ["memory"]],
    }),
    evaluated("judges the VM, not the plan", PLAN, "{ name: m, cpus: «2», memory_mb: 4096 }", {
      verdict: "fail",
      findings: [["cpus", "has 2 vCPUs; 4 or more"]],
    }),
    evaluated("fails on one of two though the other is unknown", PLAN, "{ name: m, memory_mb: «2048» }", {
      verdict: "fail",
      findings: [["memory"]],
    }),
    evaluated("does not take the plan for the VM", PLAN, "{ name: m }", {
      verdict: "inconclusive",
      missing: ["virtual_machines.cpus is not in the inventory", "virtual_machines.memory_mb is not in the inventory"],
    }),
    evaluated("needs a plan while there is no VM", "vm_cpu_count: 4", "", {
      verdict: "inconclusive",
      missing: ["management_node.vm_system_memory is not in the deployment"],
    }),
    {
      name: "leaves Conferencing Nodes alone, and misses a Management Node",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm_cpu_count: 2, vm_system_memory: 2048 }]",
      inventory: "virtual_machines: []",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["management_node is not in the deployment"] },
      },
    },
  ],
  { without: ["not-applicable"] },
);
