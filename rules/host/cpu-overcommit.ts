import { all, given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { cpusOf, type HardwareValue } from "../shared/virtual-hardware.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/**
 * Follows from the guide: "no more than one virtual CPU per physical core, unless you are making use of CPUs that support
 * hyperthreading" (L528), for all nodes of a host together, whose resources should be theirs alone (L200).
 */
export default defineRule({
  id: "host/cpu-overcommit",
  title: "Disallow CPU overcommitment on hosts",
  severity: "warn",
  since: "0.1.0",
  source: guide("General recommendations", "derived"),
  subject: "runnable-host",
  messages: { over: "Nodes on host {{host}} have {{actual}} vCPUs in total; the host has {{limit}} {{unit}}." },
  remediation:
    "Give the nodes fewer vCPUs, or spread them over more hosts. Plan one vCPU per thread on hosts with hyperthreading, one per core on others.",
  mutations: [
    {
      edit: (host, { site }) => {
        const machines = site.nodes
          .flatMap((node) => given(node, "virtualMachine") ?? [])
          .filter((machine) => given(machine, "inCluster") === given(host, "inCluster"));
        const cpus = machines.reduce((sum, machine) => sum + (given(machine, "cpus") ?? 0), 0);
        return cpus > (given(host.cpu, "cores") ?? cpus)
          ? all(
              set(host.cpu, "hyperthreading_active", false),
              ...machines.map((machine) => set(machine, "host", ownName(host))),
            )
          : null;
      },
      at: (host) => host.cpu.sourceRefOf("cores"),
    },
  ],
  check(host, context) {
    const { site, need, each, fail, notApplicable } = context;
    const ours = site.relations.occupancy.ours(host);
    if (ours.items.length === 0 && ours.missing.length === 0) return notApplicable("no node is on this host");
    const unit = need(host.cpu, "hyperthreading_active") ? "threads" : "cores";
    const limit = need(host.cpu, unit);
    const sizes: (HardwareValue & { readonly node: string })[] = [];
    each(ours, ({ node }) => sizes.push({ ...cpusOf(node, context), node: node.name }));
    const actual = sizes.reduce((sum, { value }) => sum + value, 0);
    // Missing nodes can only add to the sum.
    if (actual <= limit) return;
    fail("over", {
      at: [host.cpu, unit],
      // If the others fit without a node, that node decides alone.
      dependsOn: sizes.filter(({ value }) => actual - value <= limit).map(({ at }) => at),
      data: { host: host.name, actual, limit, unit },
      related: sizes.map(({ node, value, at }) => ({ message: `node ${node} has ${value} vCPUs`, at })),
    });
  },
});
