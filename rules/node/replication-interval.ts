import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "in very large deployments (more than 60 Conferencing Nodes), … replication intervals are extended" (L457). */
export default defineRule({
  id: "node/replication-interval",
  title: "Require at most 60 conferencing nodes for replication every minute",
  severity: "info",
  since: "0.1.0",
  source: guide("Accessing the Pexip Infinity Administrator interface", "derived"),
  subject: "deployment",
  options: {
    nodes: {
      type: "integer",
      minimum: 1,
      default: 60,
      description: "Most conferencing nodes for which replication is not slowed down.",
    },
  },
  messages: {
    many: "The deployment has {{count}} conferencing nodes; beyond {{limit}}, configuration takes longer than a minute to reach them.",
  },
  remediation: "Nothing needs to be changed; allow more time for configuration changes to take effect.",
  check(deployment, { site, needAll, fail, options }) {
    const count = needAll(site.conferencingNodeList).length;
    const limit = options.nodes;
    if (count > limit) fail("many", { at: [deployment, "conferencing_nodes"], data: { count, limit } });
  },
});
