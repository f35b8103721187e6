import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { evcMode } from "../../src/facts/evc-modes.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { quoted } from "../../src/values/text/quoted.ts";
import { powerShellQuote } from "../../src/values/text/shell-quote.ts";

/**
 * The guide: "we recommend that you disable EVC (Enhanced vMotion Compatibility) for any clusters hosting Conferencing
 * Nodes where the cluster includes a mix of new and old CPUs" (L257; L590 and L679 recommend it strongly). That EVC below
 * equal CPUs is no better follows from L259: nodes then "assume they are running on older hardware".
 */
export default defineRule({
  id: "cluster/evc-disabled-on-mixed-cpus",
  title: "Disallow EVC modes below what all hosts support",
  severity: "warn",
  since: "0.1.0",
  source: guide("Disabling EVC", "strongly-recommended"),
  subject: "cluster-of-conferencing-node",
  messages: {
    mixed:
      "EVC is on ({{mode}}) in cluster {{cluster}} although its CPUs differ: {{first}} can do {{firstMode}}, {{second}} {{secondMode}}; disable EVC.",
    below:
      "EVC mode {{mode}} of cluster {{cluster}} hides features that the CPUs of all its hosts have; they can do {{highest}}.",
  },
  remediation:
    "Disable EVC on the cluster; where all its CPUs are equal, raising the mode to theirs serves as well. Running VMs see the new level only after a power cycle.",
  commands: (cluster) => [`Set-Cluster -Cluster ${powerShellQuote(ownName(cluster))} -EVCMode $null`],
  mutations: [{ edit: (cluster) => set(cluster, "evc_mode", "intel-broadwell") }],
  check(cluster, { need, known, needAll, fail, notApplicable, inconclusive }) {
    const mode = need(cluster, "evc_mode");
    if (mode === null) return notApplicable("EVC is disabled on this cluster");

    // Two hosts that differ are proof, whatever is missing of the others.
    const found = cluster.hosts.items.flatMap((host) => {
      const highest = known(host.cpu, "max_evc_mode");
      return highest == null ? [] : [{ host, highest }];
    });
    const [first] = found;
    const second = found.find(({ highest }) => first !== undefined && !sameMode(highest, first.highest));
    if (first !== undefined && second !== undefined) {
      const data = { mode, cluster: cluster.name, first: first.host.name, firstMode: first.highest };
      fail("mixed", {
        at: [cluster, "evc_mode"],
        data: { ...data, second: second.host.name, secondMode: second.highest },
        related: [first, second].map(({ host, highest }) => ({
          message: `${host.name} can do ${highest}`,
          at: [host.cpu, "max_evc_mode"] as const,
        })),
      });
      return;
    }
    for (const host of needAll(cluster.hosts)) {
      if (need(host.cpu, "max_evc_mode") === null) {
        return inconclusive(`${host.name} is said to support no EVC mode although EVC is on; one of the two is wrong`);
      }
    }
    if (first === undefined || sameMode(mode, first.highest)) return;

    const [active, highest] = [evcMode(mode), evcMode(first.highest)];
    if (active === undefined || highest === undefined) {
      const unknown = active === undefined ? mode : first.highest;
      return inconclusive(`EVC mode ${quoted(unknown)} is not in this program's table of modes`);
    }
    if (active.vendor !== highest.vendor || active.rank > highest.rank) {
      return inconclusive(
        `EVC mode ${mode} is one that the hosts cannot do (${first.highest}); one of the two is wrong`,
      );
    }
    const at = [cluster, "evc_mode"] as const;
    fail("below", {
      at,
      dependsOn: active.avx ? [] : [at],
      data: { mode, cluster: cluster.name, highest: first.highest },
    });
  },
});

function sameMode(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
