import { remove } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "Configure the SIP TLS FQDN on the Conferencing Nodes" (L790). */
export default defineRule({
  id: "node/sip-tls-fqdn-set",
  title: "Require a SIP TLS FQDN for Conferencing Nodes",
  severity: "warn",
  since: "0.1.0",
  source: guide("Pexip Infinity Administrator interface", "must"),
  subject: "conferencing-node",
  messages: {
    missing: "Node {{node}} has no SIP TLS FQDN; set alternative_fqdn.",
  },
  remediation: "Set alternative_fqdn to the name that clients connect to over SIP TLS, usually hostname.domain.",
  mutations: [{ edit: (node) => remove(node, "alternative_fqdn") }],
  check(node, { known, fail }) {
    if (known(node, "alternative_fqdn") === undefined) {
      fail("missing", { at: [node, "alternative_fqdn"], data: { node: node.name } });
    }
  },
});
