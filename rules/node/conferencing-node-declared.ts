import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "You must deploy at least one Conferencing Node before you can call into a conference" (L473). */
export default defineRule({
  id: "node/conferencing-node-declared",
  title: "Require at least one Conferencing Node",
  severity: "warn",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "deployment",
  messages: {
    none: "The deployment has no Conferencing Node, so it cannot host calls; declare at least one.",
  },
  remediation: "Declare the Conferencing Nodes under conferencing_nodes.",
  mutations: [
    {
      edit: (deployment) => replace(deployment.sourceRefOf("conferencing_nodes"), []),
      alsoFails: { "host/dedicated": "the VMs of the nodes that are no longer declared are foreign" },
    },
  ],
  check(deployment, { site, fail }) {
    if (site.conferencingNodes.length === 0) fail("none", { at: [deployment, "conferencing_nodes"] });
  },
});
