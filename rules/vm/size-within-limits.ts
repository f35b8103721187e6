import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { isLeftToMachine, machineOrPlan } from "../shared/virtual-hardware.ts";
import { NODE_SIZE } from "../../src/facts/node-size.ts";

const { cpus: CPUS, memory: MEMORY } = NODE_SIZE;

/**
 * The limits of `vm_cpu_count` and `vm_system_memory` in Pexip's Management API (`worker_vm`), so what is typed into
 * Pexip is evaluated, and the VM that was created from it.
 */
export default defineRule({
  id: "vm/size-within-limits",
  title: "Require supported vCPU and memory sizes",
  severity: "error",
  since: "0.1.0",
  source: { document: "Pexip Infinity Management API", section: "configuration/v1/worker_vm", wording: "beyond" },
  subject: "node",
  messages: {
    cpus: "Number of vCPUs of {{what}} is {{actual}}; Pexip Infinity supports {{least}} to {{most}}.",
    memory: "Memory of {{what}} is {{actual}} MB; Pexip Infinity supports {{least}} to {{most}} MB.",
  },
  remediation: "Choose 2 to 128 vCPUs and 2000 to 64000 MB of memory, in the deployment and on the VM.",
  mutations: [
    { edit: (node) => (given(node, "virtualMachine") === null ? set(node, "vm_cpu_count", CPUS.least - 1) : null) },
    { edit: (node) => (given(node, "virtualMachine") === null ? set(node, "vm_cpu_count", CPUS.most + 1) : null) },
    {
      edit: (node) => (given(node, "virtualMachine") === null ? set(node, "vm_system_memory", MEMORY.least - 4) : null),
    },
    { edit: (node) => set(node, "vm_system_memory", MEMORY.most + 4) },
  ],
  check(node, context) {
    const { need, fail, each } = context;
    const planned = (field: "vm_cpu_count" | "vm_system_memory") => {
      if (isLeftToMachine(node, field, context)) return null;
      const value = need(node, field);
      return { what: `node ${node.name}`, value, at: [node, field] as const };
    };
    const deployed = (field: "cpus" | "memory_mb") => {
      const machine = machineOrPlan(node, context);
      if (machine === null) return null;
      const value = need(machine, field);
      return { what: `VM ${machine.name} of node ${node.name}`, value, at: [machine, field] as const };
    };
    // A gap in one of the four hides nothing about the others.
    each(
      [
        { message: "cpus", limits: NODE_SIZE.cpus, read: () => planned("vm_cpu_count") },
        { message: "memory", limits: NODE_SIZE.memory, read: () => planned("vm_system_memory") },
        { message: "cpus", limits: NODE_SIZE.cpus, read: () => deployed("cpus") },
        { message: "memory", limits: NODE_SIZE.memory, read: () => deployed("memory_mb") },
      ] as const,
      ({ message, limits, read }) => {
        const found = read();
        if (found === null || (found.value >= limits.least && found.value <= limits.most)) return;
        fail(message, { at: found.at, data: { what: found.what, actual: found.value, ...limits } });
      },
    );
  },
});
