import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { memoryOf, type HardwareValue } from "../shared/virtual-hardware.ts";

/**
 * Follows from the guide: "The memory specified for the Pexip Infinity deployment should not be shared with other
 * processes" (L212). A host without enough memory shares or swaps it.
 */
export default defineRule({
  id: "host/memory-overcommit",
  title: "Disallow memory overcommitment on hosts",
  severity: "warn",
  since: "0.1.0",
  source: guide("Memory", "derived"),
  subject: "host",
  messages: { over: "Nodes on host {{host}} have {{actual}} MB of memory in total; the host has {{limit}} MB." },
  remediation: "Give the nodes less memory, spread them over more hosts, or add memory to the host.",
  mutations: [
    {
      edit: (host, { site }) => {
        const [first] = site.relations.occupancy.ours(host).items;
        return first === undefined ? null : set(host, "memory_mb", 1);
      },
    },
  ],
  check(host, context) {
    const { site, need, each, fail, notApplicable } = context;
    const ours = site.relations.occupancy.ours(host);
    if (ours.items.length === 0 && ours.missing.length === 0) return notApplicable("no node is on this host");
    const limit = need(host, "memory_mb");
    const sizes: (HardwareValue & { readonly node: string })[] = [];
    each(ours, ({ node }) => sizes.push({ ...memoryOf(node, context), node: node.name }));
    const actual = sizes.reduce((sum, { value }) => sum + value, 0);
    // Missing nodes can only add to the sum.
    if (actual <= limit) return;
    fail("over", {
      at: [host, "memory_mb"],
      // If the others fit without a node, that node decides alone.
      dependsOn: sizes.filter(({ value }) => actual - value <= limit).map(({ at }) => at),
      data: { host: host.name, actual, limit },
      related: sizes.map(({ node, value, at }) => ({ message: `node ${node} has ${value} MB`, at })),
    });
  },
});
