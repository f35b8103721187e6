import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { groupBy } from "../../src/site/core/names.ts";

/**
 * Follows from the guide: "Conferencing Nodes (and the Management Node) can be moved across host servers using vMotion"
 * (L247), which no VM can between Intel and AMD (VMware KB 1003212).
 */
export default defineRule({
  id: "cluster/single-cpu-vendor",
  title: "Require one CPU vendor per cluster",
  severity: "info",
  since: "0.1.0",
  source: guide("vMotion", "derived"),
  subject: "cluster",
  messages: {
    mixed:
      "Cluster {{cluster}} mixes CPU vendors: {{odd}} has {{oddVendor}}, {{other}} has {{otherVendor}}; running nodes cannot be migrated between them.",
  },
  remediation: "Use separate clusters for hosts with Intel CPUs and hosts with AMD CPUs.",
  mutations: [
    {
      edit: (cluster) =>
        cluster.hosts.items.length < 2
          ? null
          : set(cluster.hosts.items.at(-1)?.cpu, "vendor", (vendor) => (vendor === "amd" ? "intel" : "amd")),
    },
  ],
  check(cluster, { need, known, needAll, fail }) {
    const byVendor = groupBy(
      cluster.hosts.items.filter((host) => known(host.cpu, "vendor") !== undefined),
      (host) => known(host.cpu, "vendor"),
    );
    // The minority is reported; of two halves, the later one.
    const [[other] = [], [odd] = []] = [...byVendor.values()].sort((a, b) => b.length - a.length);
    if (odd === undefined || other === undefined) {
      for (const host of needAll(cluster.hosts)) need(host.cpu, "vendor");
      return;
    }
    fail("mixed", {
      at: [odd.cpu, "vendor"],
      data: {
        cluster: cluster.name,
        odd: odd.name,
        oddVendor: vendorName(known(odd.cpu, "vendor")),
        other: other.name,
        otherVendor: vendorName(known(other.cpu, "vendor")),
      },
      related: [{ message: `vendor of ${other.name}`, at: [other.cpu, "vendor"] }],
    });
  },
});

function vendorName(vendor: "intel" | "amd" | undefined): string {
  return vendor === "amd" ? "AMD" : "Intel";
}
