import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide: "Upload any required chain of intermediate CA certificates to the Management Node" (L793). The order is that
 * of RFC 5246 section 7.4.2 (and RFC 8446 section 4.4.2): each certificate certifies the one before it; a root may be left out.
 */
export default defineRule({
  id: "tls/chain-complete",
  title: "Require the issuers of a node's certificate, in their order",
  severity: "warn",
  since: "0.1.0",
  source: guide("Pexip Infinity Administrator interface", "recommended"),
  subject: "node-with-certificate",
  messages: {
    missingIssuer:
      "{{certificate}} was issued by {{issuer}}, whose certificate is neither in that file nor in ca_certificates.",
    wrongOrder:
      "The certificates in {{file}} stand in the wrong order: the node's own comes first, then each issuer after what it issued ({{order}}).",
  },
  remediation:
    "Put the intermediate certificates of the CA into the file, after the node's own certificate and each after the one that it issued, or name them in ca_certificates.",
  mutations: [{ edit: (node) => setOwnCertificate(node, { issuer: "CN=Unknown CA", isIssuedBy: () => false }) }],
  check(node, { need, needAll, now, fail, notApplicable }) {
    const chain = need(node, "certificateChain");
    if (chain.leaf.certificate.isSelfSigned)
      return notApplicable("the certificate is self-signed, so nobody else issued it");
    const path = chain.path(now);
    if (!path.isInOrder) {
      const order = path.items.flatMap(({ isDeclaredCa, position }) => (isDeclaredCa ? [] : [position])).join(", ");
      fail("wrongOrder", { at: [node, "tls_certificate"], data: { file: chain.file, order } });
    }
    if (path.isComplete) return;
    // The issuer may be in a CA file that cannot be read.
    needAll(path);
    const top = path.items.at(-1) ?? chain.leaf;
    fail("missingIssuer", {
      at: [node, "tls_certificate"],
      data: { certificate: top.title, issuer: top.certificate.issuer },
    });
  },
});
