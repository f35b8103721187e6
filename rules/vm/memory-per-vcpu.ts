import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { cpusOf, memoryOf } from "../shared/virtual-hardware.ts";
import { MEMORY_STEP, NODE_SIZE } from "../../src/facts/node-size.ts";

/** MB. */
const PER_VCPU = 1024;

/** The guide: "We recommend 1024 MB (1 GB) RAM for each virtual CPU." (L529, L619); more brings little (L212). */
export default defineRule({
  id: "vm/memory-per-vcpu",
  title: "Enforce 1024 MB of memory per vCPU",
  severity: "warn",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "recommended"),
  subject: "node",
  messages: {
    little: "Node {{node}} has {{actual}} MB of memory for {{cpus}} vCPUs; {{wanted}} MB is recommended.",
    much: "Node {{node}} has {{actual}} MB of memory for {{cpus}} vCPUs; more than the recommended {{wanted}} MB has little benefit.",
  },
  messageSeverity: { much: "info" },
  remediation:
    "Give the node 1024 MB of memory per vCPU, at most 64000 MB. Shut the VM down before you change its memory.",
  mutations: [
    {
      edit: (node) =>
        given(node, "virtualMachine") === null
          ? set(node, "vm_system_memory", 512 * (given(node, "vm_cpu_count") ?? 0))
          : null,
    },
    {
      edit: (node) =>
        given(node, "virtualMachine") === null
          ? set(node, "vm_system_memory", 2052 * (given(node, "vm_cpu_count") ?? 0))
          : null,
    },
  ],
  check(node, context) {
    const [size, memory] = [cpusOf(node, context), memoryOf(node, context)];
    const [cpus, actual] = [size.value, memory.value];
    // 63 vCPUs and more want no more.
    const wanted = Math.min(PER_VCPU * cpus, NODE_SIZE.memory.most);
    // What lacks less than a step of 4 MB is the matter of vm/memory-multiple-of-4.
    const isLittle = Math.ceil(actual / MEMORY_STEP) * MEMORY_STEP < wanted;
    if (!isLittle && actual <= 2 * wanted) return;
    const data = { node: node.name, actual, cpus, wanted };
    context.fail(isLittle ? "little" : "much", { at: memory.at, dependsOn: [size.at, memory.at], data });
  },
});
