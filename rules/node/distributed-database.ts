import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "usually be enabled … for all Conferencing Nodes that are expected to be "always on"" (L643). */
export default defineRule({
  id: "node/distributed-database",
  title: "Require the distributed database on always-on nodes only",
  severity: "info",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "recommended"),
  subject: "conferencing-node",
  messages: {
    off: "Node {{node}} is always on but has its distributed database disabled; enable it.",
    on: "Node {{node}} is not always on but has its distributed database enabled; disable it.",
  },
  remediation:
    "Set enable_distributed_database to the value of always_on: true for nodes that are always on, false for others.",
  fix: ({ messageId }) => ({ value: messageId === "off" }),
  mutations: [{ edit: (node) => set(node, "enable_distributed_database", (enabled) => !enabled) }],
  check(node, { need, fail }) {
    const alwaysOn = need(node, "always_on");
    const enabled = need(node, "enable_distributed_database");
    if (enabled === alwaysOn) return;
    fail(alwaysOn ? "off" : "on", { at: [node, "enable_distributed_database"], data: { node: node.name } });
  },
});
