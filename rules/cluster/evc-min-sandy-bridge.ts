import { all, given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { evcMode, LOWEST_AVX_MODE } from "../../src/facts/evc-modes.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { exposesAvx } from "../../src/site/estate/cpu-feature.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/** The guide: "If you enable EVC, you must select the Sandy Bridge-compatible EVC mode as a minimum" (L261). */
export default defineRule({
  id: "cluster/evc-min-sandy-bridge",
  title: "Require EVC mode Sandy Bridge or later",
  severity: "error",
  since: "0.1.0",
  source: guide("Enhanced vMotion Compatibility (EVC)", "must"),
  subject: "cluster",
  messages: {
    tooLow:
      "EVC mode {{mode}} of cluster {{cluster}} does not expose AVX, which Pexip Infinity requires; use {{lowest}} or higher.",
  },
  remediation:
    "Raise the cluster's EVC mode to Sandy Bridge (AMD: Bulldozer) or later, or disable EVC. Running VMs use the new mode only after a power cycle.",
  commands: (cluster, { known }) => {
    const vendor = evcMode(known(cluster, "evc_mode") ?? "")?.vendor ?? "intel";
    return [command("cluster/raise-evc", { cluster: ownName(cluster), mode: LOWEST_AVX_MODE[vendor] })];
  },
  mutations: [
    { edit: (cluster) => set(cluster, "evc_mode", "intel-westmere") },
    /* As an export has it: all hosts and VMs of the cluster show it. */ {
      edit: (cluster, { site }) =>
        all(
          set(cluster, "evc_mode", "intel-westmere"),
          ...cluster.hosts.items.flatMap((host) => [
            set(host.cpu, "evc_mode", "intel-westmere"),
            set(host.features, "avx", false),
            set(host.features, "avx2", false),
            set(host.features, "avx512f", false),
          ]),
          ...site.estate.virtualMachines.items
            .filter((machine) => given(machine, "inCluster") === cluster)
            .map((machine) => set(machine, "min_required_evc_mode", "intel-westmere")),
        ),
    },
  ],
  check(cluster, { need, fail, notApplicable, inconclusive }) {
    const key = need(cluster, "evc_mode");
    if (key === null) return notApplicable("EVC is disabled on this cluster");
    if (exposesAvx(key, cluster.hosts.items) === true) return;
    const mode = evcMode(key);
    if (mode === undefined) return inconclusive(`EVC mode ${quoted(key)} is not in this program's table of modes`);
    fail("tooLow", {
      at: [cluster, "evc_mode"],
      data: { mode: key, cluster: cluster.name, lowest: LOWEST_AVX_MODE[mode.vendor] },
    });
  },
});
