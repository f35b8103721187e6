import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { cpusOf, memoryOf } from "../shared/virtual-hardware.ts";
import { MANAGEMENT_SIZE } from "../../src/facts/node-size.ts";

/** Pexip's server design recommendations: at least 4 vCPUs and 4 GB of memory for a Management Node. */
export default defineRule({
  id: "vm/management-node-size",
  title: "Require at least 4 vCPUs and 4096 MB for the Management Node",
  severity: "warn",
  since: "0.1.0",
  source: {
    document: "Pexip Infinity server design recommendations",
    section: "Management Node",
    wording: "beyond",
  },
  subject: "management-node",
  messages: {
    cpus: "Management Node {{node}} has {{actual}} vCPUs; {{least}} or more are required.",
    memory: "Management Node {{node}} has {{actual}} MB of memory; {{least}} MB or more is required.",
  },
  remediation:
    "Give the Management Node at least 4 vCPUs and 4096 MB of memory (1024 MB per vCPU), and more for deployments of over 30 Conferencing Nodes. Shut the VM down before you change its size.",
  mutations: [{ edit: (node) => set(given(node, "virtualMachine"), "cpus", 3) }],
  check(node, context) {
    const sizes = [
      { what: "cpus", least: MANAGEMENT_SIZE.cpus, read: cpusOf },
      { what: "memory", least: MANAGEMENT_SIZE.memory, read: memoryOf },
    ] as const;
    context.each(sizes, ({ what, least, read }) => {
      const { value: actual, at } = read(node, context);
      if (actual < least) context.fail(what, { at, dependsOn: [at], data: { node: node.name, actual, least } });
    });
  },
});
