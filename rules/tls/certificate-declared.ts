import { remove } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "You must install TLS certificates on the Management Node and — when you deploy them — each Conferencing Node" (L472). */
export default defineRule({
  id: "tls/certificate-declared",
  title: "Require a TLS certificate for every node",
  severity: "error",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "node",
  messages: {
    none: "Node {{node}} has no TLS certificate and would keep its initial self-signed one; set tls_certificate.",
  },
  remediation: "Set tls_certificate to the PEM file of the node's certificate.",
  mutations: [{ edit: (node) => remove(node, "tls_certificate") }],
  check(node, { known, fail }) {
    // The key has no default: a node that does not name a certificate has none.
    if (known(node, "tls_certificate") !== undefined) return;
    fail("none", { at: [node, "tls_certificate"], data: { node: node.name } });
  },
});
