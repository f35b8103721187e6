import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/**
 * Follows from the guide's "Standard disk access as required for most servers should be used to get good logging
 * performance" (L216): a disk with snapshots is slower, and grows until they are deleted.
 */
export default defineRule({
  id: "vm/no-snapshots",
  title: "Disallow snapshots of node VMs",
  severity: "info",
  since: "0.1.0",
  source: guide("Storage", "derived"),
  subject: "node",
  messages: {
    some: "VM {{vm}} of node {{node}} has snapshots ({{count}}); delete those that are no longer needed.",
  },
  remediation:
    "Delete the snapshots as soon as the change is accepted; use backups for longer retention. Deletion reduces disk performance: do it in Pexip maintenance mode.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    return machine == null ? [] : [command("vm/remove-snapshots", { vm: ownName(machine) })];
  },
  mutations: [{ edit: (node) => set(given(node, "virtualMachine"), "snapshots", 2) }],
  check(node, { need, fail, notApplicable }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    const count = need(machine, "snapshots");
    if (count > 0) fail("some", { at: [machine, "snapshots"], data: { vm: machine.name, node: node.name, count } });
  },
});
