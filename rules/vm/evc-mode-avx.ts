import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { evcMode, LOWEST_AVX_MODE } from "../../src/facts/evc-modes.ts";
import { exposesAvx } from "../../src/site/estate/cpu-feature.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/**
 * Follows from the guide's "the lowest EVC mode that supports the AVX instruction set, which is the minimum required to
 * run the Pexip Infinity platform" (L261): a VM can have an EVC level of its own, below that of its cluster.
 */
export default defineRule({
  id: "vm/evc-mode-avx",
  title: "Require AVX in the EVC mode of running node VMs",
  severity: "error",
  since: "0.1.0",
  source: guide("Enhanced vMotion Compatibility (EVC)", "derived"),
  subject: "node",
  messages: {
    tooLow:
      "VM {{vm}} of node {{node}} runs with EVC mode {{level}}, which does not expose AVX; use {{lowest}} or higher.",
  },
  remediation:
    "Shut the VM down (a Conferencing Node in Pexip maintenance mode). If it has its own EVC mode (vSphere Client: Configure, VMware EVC), raise that to Sandy Bridge (AMD: Bulldozer) or later, or disable it; otherwise raise the cluster's. Then power the VM on; a reboot is not enough.",
  mutations: [{ edit: (node) => set(given(node, "virtualMachine"), "min_required_evc_mode", "intel-westmere") }],
  check(node, { need, known, fail, notApplicable, inconclusive }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    // A suspended VM keeps its level (vSphere API, VirtualMachineRuntimeInfo.minRequiredEVCModeKey).
    if (need(machine, "power_state") === "poweredOff") return notApplicable("the node's VM is powered off");
    const level = need(machine, "min_required_evc_mode");
    if (level === null) return notApplicable("EVC does not apply to the node's VM");
    const [host, cluster] = [known(machine, "onHost"), known(machine, "inCluster")];
    const hosts = [...(host === undefined ? [] : [host]), ...(cluster?.hosts.items ?? [])];
    if (exposesAvx(level, hosts) === true) return;
    const mode = evcMode(level);
    if (mode === undefined) return inconclusive(`EVC mode ${quoted(level)} is not in this program's table of modes`);
    const clusterMode = cluster == null ? undefined : known(cluster, "evc_mode");
    const isByCluster = clusterMode != null && evcMode(clusterMode)?.avx === false;
    fail("tooLow", {
      at: [machine, "min_required_evc_mode"],
      dependsOn: cluster != null && isByCluster ? [[cluster, "evc_mode"]] : [],
      data: { vm: machine.name, node: node.name, level, lowest: LOWEST_AVX_MODE[mode.vendor] },
    });
  },
});
