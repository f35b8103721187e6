import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { evcMode } from "../../src/facts/evc-modes.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { quoted } from "../../src/values/text/quoted.ts";

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
      "EVC mode {{mode}} is enabled on cluster {{cluster}}, but its CPUs differ: {{first}} supports {{firstMode}}, {{second}} {{secondMode}}; disable EVC.",
    below:
      "EVC mode {{mode}} of cluster {{cluster}} hides CPU features that all its hosts have; raise it to {{highest}}, or disable EVC.",
  },
  remediation:
    "Disable EVC on the cluster or, if all its CPUs are of the same generation, raise the mode to that generation. Running VMs use the new mode only after a power cycle.",
  commands: (cluster) => [command("cluster/disable-evc", { cluster: ownName(cluster) })],
  mutations: [{ edit: (cluster) => set(cluster, "evc_mode", "intel-broadwell") }],
  check(cluster, { need, known, needAll, fail, notApplicable, inconclusive }) {
    const mode = need(cluster, "evc_mode");
    if (mode === null) return notApplicable("EVC is disabled on this cluster");

    // Two hosts that differ are proof, regardless of values missing for others.
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
          message: `${host.name} supports ${highest}`,
          at: [host.cpu, "max_evc_mode"] as const,
        })),
      });
      return;
    }
    for (const host of needAll(cluster.hosts)) {
      if (need(host.cpu, "max_evc_mode") === null) {
        return inconclusive(
          `${host.name} supports no EVC mode according to the inventory, but EVC is enabled; the inventory is inconsistent`,
        );
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
        `EVC mode ${mode} is above what the hosts support (${first.highest}); the inventory is inconsistent`,
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
