import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "we strongly recommend they are replaced with ones signed by either an external CA or a trusted internal CA" (L472). */
export default defineRule({
  id: "tls/not-self-signed",
  title: "Disallow self-signed certificates on nodes",
  severity: "warn",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "strongly-recommended"),
  subject: "node-with-certificate",
  messages: {
    selfSigned: "The certificate in {{file}} of node {{node}} is self-signed; use one issued by a CA.",
  },
  remediation: "Replace the certificate with one issued by an external CA or a trusted internal CA.",
  mutations: [{ edit: (node) => setOwnCertificate(node, { isSelfSigned: true }) }],
  check(node, { need, fail }) {
    const { leaf, file } = need(node, "certificateChain");
    if (!leaf.certificate.isSelfSigned) return;
    fail("selfSigned", { at: [node, "tls_certificate"], data: { file, node: node.name } });
  },
});
