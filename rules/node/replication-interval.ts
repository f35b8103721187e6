import { all, given, replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "in very large deployments (more than 60 Conferencing Nodes), … replication intervals are extended" (L457). */
export default defineRule({
  id: "node/replication-interval",
  title: "Require at most 60 Conferencing Nodes for one-minute replication",
  severity: "info",
  since: "0.1.0",
  source: guide("Accessing the Pexip Infinity Administrator interface", "derived"),
  subject: "deployment",
  options: {
    nodes: {
      type: "integer",
      minimum: 1,
      default: 60,
      description: "Maximum number of Conferencing Nodes for which changes replicate within a minute.",
    },
  },
  messages: {
    many: "The deployment has {{count}} Conferencing Nodes; with more than {{limit}}, configuration changes take longer than a minute to replicate.",
  },
  stricterOptions: { nodes: "lower" },
  remediation: "No change is required; allow more time for configuration changes to take effect.",
  mutations: [
    {
      edit: (_, { site }) => {
        const { document } = site.deployment.sourceRef;
        const first = site.conferencingNodes[0];
        const network = (given(first, "address") ?? "").replace(/\d+$/, "");
        const crowd = Array.from({ length: 61 }, (_, index) => ({
          name: `selftest${index}`,
          hostname: `selftest${index}`,
          domain: "vc.example.com",
          system_location: given(first, "system_location"),
          address: `${network}${100 + index}`,
          netmask: given(first, "netmask"),
          gateway: given(first, "gateway"),
          alternative_fqdn: `selftest${index}.vc.example.com`,
        }));
        return all(
          ...crowd.map((node, index) =>
            replace({ document, path: ["conferencing_nodes", site.conferencingNodes.length + index] }, node),
          ),
        );
      },
      at: (deployment) => deployment.sourceRefOf("conferencing_nodes"),
      alsoFails: { "tls/certificate-declared": "the nodes that are added have no certificate" },
    },
  ],
  check(deployment, { site, needAll, fail, options }) {
    const count = needAll(site.conferencingNodeList).length;
    const limit = options.nodes;
    if (count > limit) fail("many", { at: [deployment, "conferencing_nodes"], data: { count, limit } });
  },
});
