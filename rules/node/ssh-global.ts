import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "Default: Use Global SSH setting" (L644). */
export default defineRule({
  id: "node/ssh-global",
  title: "Require the global SSH setting on nodes",
  severity: "info",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "recommended"),
  subject: "conferencing-node",
  messages: {
    own: "Node {{node}} overrides the global SSH setting ({{setting}}); set enable_ssh to GLOBAL.",
  },
  remediation: "Set enable_ssh to GLOBAL, and enable or disable SSH for the whole platform.",
  mutations: [{ edit: (node) => set(node, "enable_ssh", "ON") }],
  check(node, { need, fail }) {
    const setting = need(node, "enable_ssh");
    if (setting !== "GLOBAL") fail("own", { at: [node, "enable_ssh"], data: { node: node.name, setting } });
  },
});
