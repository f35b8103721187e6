import { expect, it } from "vitest";
import rule from "../../../rules/vm/memory-multiple-of-4.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const planned = (memory: string) => `
conferencing_nodes:
  - name: a
    hostname: a
    ${memory}
`;
const NOT_DEPLOYED = "virtual_machines: []";
const deployed = (memory: string) => `
virtual_machines:
  - name: a
    ${memory}
`;

const plan = (name: string, memory: number, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: planned(`vm_system_memory: «${memory}»`),
  inventory: NOT_DEPLOYED,
  expect: { "node:a": expected },
});

const both = (
  name: string,
  { plan, vm }: { readonly plan: string; readonly vm: string },
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: planned(plan),
  inventory: deployed(vm),
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    {
      name: "fixes the plan, with its comment",
      deployment: planned("vm_system_memory: «8190» # MB"),
      inventory: NOT_DEPLOYED,
      fixed: planned("vm_system_memory: 8192 # MB"),
      expect: { "node:a": { verdict: "fail", findings: [["planned"]] } },
    },
    plan("passes a multiple", 8192, { verdict: "pass" }),
    plan("passes the multiple below", 8188, { verdict: "pass" }),
    plan("fails one more than a multiple", 8189, {
      verdict: "fail",
      findings: [["planned", "Memory of node a is 8189 MB, not a multiple of 4; use 8192 MB."]],
    }),
    plan("fails two more, though it is even", 8190, {
      verdict: "fail",
      findings: [["planned", "Memory of node a is 8190 MB, not a multiple of 4; use 8192 MB."]],
    }),
    plan("fails one less than a multiple", 8191, {
      verdict: "fail",
      findings: [["planned", "Memory of node a is 8191 MB, not a multiple of 4; use 8192 MB."]],
    }),
    plan("leaves too little to another rule", 4, { verdict: "pass" }),
    plan("counts exactly at the largest number there is", 2_147_483_647, {
      verdict: "fail",
      findings: [["planned", "Memory of node a is 2147483647 MB, not a multiple of 4; use 2147483648 MB"]],
    }),

    both(
      "passes when plan and VM are multiples, also different ones",
      { plan: "vm_system_memory: 8192", vm: "memory_mb: 4096" },
      { verdict: "pass" },
    ),
    both(
      "fails for the VM alone",
      { plan: "vm_system_memory: 8192", vm: "memory_mb: «8194»" },
      {
        verdict: "fail",
        findings: [["deployed", "VM a of node a has 8194 MB"]],
      },
    ),
    both(
      "fails for the plan alone, also when the VM is in order",
      { plan: "vm_system_memory: «8190»", vm: "memory_mb: 8192" },
      {
        verdict: "fail",
        findings: [["planned", "8190 MB"]],
      },
    ),
    both(
      "fails for both, each at its place",
      { plan: "vm_system_memory: «8190»", vm: "memory_mb: «8189»" },
      {
        verdict: "fail",
        findings: [
          ["planned", "8190 MB"],
          ["deployed", "8189 MB"],
        ],
      },
    ),

    {
      name: "fails for the plan before there is any inventory",
      deployment: planned("vm_system_memory: «8190»"),
      expect: { "node:a": { verdict: "fail", findings: [["planned"]] } },
    },
    {
      name: "passes a good plan before there is any inventory",
      deployment: planned("vm_system_memory: 8192"),
      expect: { "node:a": { verdict: "pass" } },
    },
    {
      name: "does not pass it when the inventory does not list VMs",
      deployment: planned("vm_system_memory: 8192"),
      inventory: "hosts: []",
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
      },
    },
    {
      name: "does not know the plan's memory when it is not written",
      deployment: planned("vm_cpu_count: 4"),
      inventory: NOT_DEPLOYED,
      expect: {
        "node:a": {
          verdict: "inconclusive",
          missing: ["conferencing_nodes.vm_system_memory is not in the deployment"],
        },
      },
    },
    both(
      "evaluates the VM alone where the deployment gives no size",
      { plan: "vm_cpu_count: 4", vm: "memory_mb: 8192" },
      { verdict: "pass" },
    ),
    both(
      "does not take the plan's memory for the VM's",
      { plan: "vm_system_memory: 8192", vm: "cpus: 4" },
      { verdict: "inconclusive", missing: ["virtual_machines.memory_mb is not in the inventory"] },
    ),
    both(
      "shows the VM's failure although the plan has a gap",
      { plan: "vm_cpu_count: 4", vm: "memory_mb: «8190»" },
      { verdict: "fail", findings: [["deployed"]] },
    ),
    both(
      "shows the plan's failure although the VM has a gap",
      { plan: "vm_system_memory: «8190»", vm: "cpus: 4" },
      { verdict: "fail", findings: [["planned"]] },
    ),
    {
      name: "does not choose between two VMs that fit",
      deployment: planned("vm_system_memory: 8192"),
      inventory: "virtual_machines:\n  - { name: a, memory_mb: 8192 }\n  - { name: A, memory_mb: 8192 }",
      expect: { "node:a": { verdict: "inconclusive", missing: ["more than one VM matches node a: a, A#2"] } },
    },
    {
      name: "does not choose between two inventories that differ",
      deployment: planned("vm_system_memory: 8192"),
      inventory: [deployed("memory_mb: 8192"), deployed("memory_mb: 4096")],
      expect: {
        "node:a": {
          verdict: "inconclusive",
          missing: ["two values for memory_mb: 8192 in inventory.yaml and 4096 in inventory2.yaml"],
        },
      },
    },

    {
      name: "judges the management node too",
      deployment: "management_node: { name: m, hostname: mgmt01, vm_system_memory: «4098» }\nconferencing_nodes: []",
      inventory: NOT_DEPLOYED,
      expect: { "node:m": { verdict: "fail", findings: [["planned"]] } },
    },
    {
      name: "does not apply where no node is declared",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no node" } },
    },
    {
      name: "does not take a deployment without the key for one without nodes",
      deployment: 'platform: { version: "25" }',
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["conferencing_nodes is not in the deployment"],
        },
      },
    },
  ],
  { optional: ["vm_system_memory"] },
);

it("puts names into its message unchanged, with any content", async () => {
  const hostile = String.raw`"a$& {x}%s\u001b[31m\u202e"`;
  const [check] = await checksOf(rule, {
    deployment: `conferencing_nodes: [{ name: ${hostile}, hostname: a, vm_system_memory: 2 }]`,
  });
  expect(check?.findings[0]?.message).toBe(
    "Memory of node a$& {x}%s\u001b[31m\u202e is 2 MB, not a multiple of 4; use 4 MB.",
  );
});
