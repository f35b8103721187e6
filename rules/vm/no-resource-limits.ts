import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";

const UNITS = { cpu_limit_mhz: "MHz of CPU", memory_limit_mb: "MB of memory" };

/**
 * Follows from the guide's "reserved specifically for its own use" (L200): a limit holds a node down even where the host
 * has room.
 */
export default defineRule({
  id: "vm/no-resource-limits",
  title: "Disallow CPU and memory limits on node VMs",
  severity: "warn",
  since: "0.1.0",
  source: guide("General recommendations", "derived"),
  subject: "node",
  messages: {
    limited: "VM {{vm}} of node {{node}} has a limit of {{limit}} {{unit}}; set it to unlimited.",
  },
  remediation: "Set the CPU and memory limits to unlimited.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    return machine == null ? [] : [command("vm/unlimited", { vm: ownName(machine) })];
  },
  mutations: [
    { edit: (node) => set(given(node, "virtualMachine"), "cpu_limit_mhz", 20_000) },
    { edit: (node) => set(given(node, "virtualMachine"), "memory_limit_mb", 16_384) },
  ],
  check(node, { need, each, fail, notApplicable }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    each(["cpu_limit_mhz", "memory_limit_mb"] as const, (field) => {
      const limit = need(machine, field);
      if (limit === null) return;
      fail("limited", {
        at: [machine, field],
        data: { vm: machine.name, node: node.name, limit, unit: UNITS[field] },
      });
    });
  },
});
