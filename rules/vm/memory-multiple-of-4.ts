import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { isLeftToMachine, machineOrPlan } from "../shared/virtual-hardware.ts";
import { MEMORY_STEP } from "../../src/facts/node-size.ts";

/** The guide: "The number entered must be a multiple of 4" (L529, L619). */
export default defineRule({
  id: "vm/memory-multiple-of-4",
  title: "Require node memory to be a multiple of 4 MB",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "must"),
  subject: "node",
  messages: {
    planned: "Memory of node {{node}} is {{actual}} MB, not a multiple of 4; use {{next}} MB.",
    deployed: "VM {{vm}} of node {{node}} has {{actual}} MB of memory, not a multiple of 4; use {{next}} MB.",
  },
  remediation: "Set the memory to the next higher multiple of 4 MB, in the deployment and on the VM.",
  fix: ({ messageId, data: { next } }) =>
    messageId === "planned" && typeof next === "number" ? { value: next } : null,
  mutations: [
    { edit: (node) => set(node, "vm_system_memory", (memory) => memory - 2) },
    { edit: (node) => set(given(node, "virtualMachine"), "memory_mb", (memory) => memory - 1) },
  ],
  check(node, context) {
    const { need, fail, each } = context;
    // What is typed into Pexip and what the VM has are evaluated separately: a gap in one hides nothing about the other.
    each(["plan", "vm"] as const, (of) => {
      if (of === "plan") {
        if (isLeftToMachine(node, "vm_system_memory", context)) return;
        const actual = need(node, "vm_system_memory");
        const next = nextMultiple(actual);
        if (actual !== next)
          fail("planned", { at: [node, "vm_system_memory"], data: { node: node.name, actual, next } });
        return;
      }
      const machine = machineOrPlan(node, context);
      if (machine === null) return;
      const actual = need(machine, "memory_mb");
      const next = nextMultiple(actual);
      if (actual === next) return;
      fail("deployed", { at: [machine, "memory_mb"], data: { vm: machine.name, node: node.name, actual, next } });
    });
  },
});

function nextMultiple(memory: number): number {
  return Math.ceil(memory / MEMORY_STEP) * MEMORY_STEP;
}
