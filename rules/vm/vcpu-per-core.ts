import { all, given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { cpusOf } from "../shared/virtual-hardware.ts";
import type { Host } from "../../src/site/estate/estate-objects.ts";

/**
 * The guide: "We recommend no more than one virtual CPU per physical core, unless you are making use of CPUs that
 * support hyperthreading." (L528, L618); and the number of cores per socket "determines the maximum number of vCPUs"
 * (L781).
 */
export default defineRule({
  id: "vm/vcpu-per-core",
  title: "Disallow more vCPUs than one socket of a host has cores",
  severity: "warn",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "recommended"),
  subject: "node",
  messages: {
    cores: "Node {{node}} has {{actual}} vCPUs, but one socket of {{host}} has only {{limit}} cores.",
    threads: "Node {{node}} has {{actual}} vCPUs, but one socket of {{host}} has only {{limit}} threads.",
  },
  remediation:
    "Give the node no more vCPUs than one socket of each host that it may run on has cores (with hyperthreading: threads), or keep it on larger hosts.",
  mutations: [
    {
      edit: (node) =>
        given(node, "virtualMachine") === null
          ? all(set(node, "vm_cpu_count", 127), set(node, "vm_system_memory", 64_000))
          : null,
    },
  ],
  check(node, context) {
    const { need, each, fail } = context;
    const { value: actual, at } = cpusOf(node, context);
    const small: { readonly host: Host; readonly unit: "cores" | "threads"; readonly limit: number }[] = [];
    each(node.candidateHosts, (host) => {
      const unit = need(host.cpu, "hyperthreading_active") ? "threads" : "cores";
      const limit = Math.floor(need(host.cpu, unit) / need(host.cpu, "sockets"));
      if (actual > limit) small.push({ host, unit, limit });
    });
    const [smallest] = small.sort((a, b) => a.limit - b.limit);
    if (smallest === undefined) return;
    const { host, unit, limit } = smallest;
    fail(unit, {
      at,
      dependsOn: [at],
      data: { node: node.name, actual, host: host.name, limit },
      related: small.map((each) => ({
        message: `${each.host.name} has ${each.limit} ${each.unit} a socket`,
        at: [each.host.cpu, each.unit],
      })),
    });
  },
});
