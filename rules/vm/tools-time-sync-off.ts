import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/**
 * Follows from the guide's "Pexip Infinity uses NTP servers to obtain accurate system time" (L113): VMware
 * Tools would set the same clock from the host's.
 */
export default defineRule({
  id: "vm/tools-time-sync-off",
  title: "Disallow time synchronization by VMware Tools on node VMs",
  severity: "info",
  since: "0.1.0",
  source: guide("Synchronizing time", "derived"),
  subject: "node",
  messages: {
    on: "VMware Tools synchronizes the clock of VM {{vm}} of node {{node}} in addition to NTP; use NTP only.",
  },
  remediation: "Clear Edit Settings, VM Options, VMware Tools, Synchronize guest time with host.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    return machine == null ? [] : [command("vm/time-sync-off", { vm: ownName(machine) })];
  },
  mutations: [{ edit: (node) => set(given(node, "virtualMachine"), "tools_time_sync", true) }],
  check(node, { need, fail, notApplicable }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    if (!need(machine, "tools_time_sync")) return;
    fail("on", { at: [machine, "tools_time_sync"], data: { vm: machine.name, node: node.name } });
  },
});
