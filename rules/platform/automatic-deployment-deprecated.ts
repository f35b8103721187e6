import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide: "Automatic deployment of Conferencing Nodes in VMware environments was deprecated in Pexip Infinity v23 and will
 * be removed in a future release" (L484). No version profile is older than that.
 */
export default defineRule({
  id: "platform/automatic-deployment-deprecated",
  title: "Disallow automatic deployment",
  severity: "warn",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "strongly-recommended"),
  subject: "conferencing-node",
  messages: {
    deprecated: "Node {{node}} uses automatic deployment, which Pexip deprecated in version 23; deploy it manually.",
  },
  remediation:
    "Use the MANUAL deployment type that matches the node's hosts, and deploy the file that Pexip Infinity generates. No VM manager is then required.",
  mutations: [{ edit: (node) => set(node, "deployment_type", "AUTOMATIC") }],
  check(node, { known, fail }) {
    // Absent, it means the product's default, which is a manual one.
    if (known(node, "deployment_type") !== "AUTOMATIC") return;
    fail("deprecated", { at: [node, "deployment_type"], data: { node: node.name } });
  },
});
