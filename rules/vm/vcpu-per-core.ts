import { all, given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { cpusOf } from "../shared/virtual-hardware.ts";

/**
 * The guide: "We recommend no more than one virtual CPU per physical core, unless you are making use of CPUs that
 * support hyperthreading." (L528, L618); and the number of cores per socket "determines the maximum number of vCPUs"
 * (L781).
 */
export default defineRule({
  id: "vm/vcpu-per-core",
  title: "Disallow nodes with more vCPUs than a CPU socket has cores",
  severity: "warn",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "recommended"),
  subject: "node",
  messages: {
    cores: "Node {{node}} has {{actual}} vCPUs, but one socket of {{host}} has only {{limit}} cores.",
    threads: "Node {{node}} has {{actual}} vCPUs, but one socket of {{host}} has only {{limit}} threads.",
  },
  remediation:
    "Give the node no more vCPUs than one socket of each candidate host has cores (with hyperthreading: threads), or use larger hosts.",
  mutations: [
    {
      edit: (node) =>
        given(node, "virtualMachine") === null
          ? all(set(node, "vm_cpu_count", 127), set(node, "vm_system_memory", 64_000))
          : null,
    },
  ],
  check(node, context) {
    const { value: actual, at } = cpusOf(node, context);
    const { sockets } = node.runnableHosts;
    const [smallest] = sockets.items;
    if (smallest === undefined || smallest.value.limit >= actual) {
      context.needAll(sockets);
      return;
    }
    const { unit, limit } = smallest.value;
    context.fail(unit, {
      at,
      dependsOn: [at],
      data: { node: node.name, actual, host: smallest.host.name, limit },
      related: sockets.items
        .filter(({ value }) => value.limit < actual)
        .map(({ host, value, at: sourceRef }) => ({
          message: `${host.name} has ${value.limit} ${value.unit} per socket`,
          at: sourceRef,
        })),
    });
  },
});
