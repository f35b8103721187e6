import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide: "Upload any required chain of intermediate CA certificates to the Management Node" (L793). The order is that
 * of RFC 5246 section 7.4.2 (and RFC 8446 section 4.4.2): each certificate certifies the one before it; a root may be left out.
 */
export default defineRule({
  id: "tls/chain-complete",
  title: "Require complete certificate chains in the correct order",
  severity: "warn",
  since: "0.1.0",
  source: guide("Pexip Infinity Administrator interface", "recommended"),
  subject: "node-with-certificate",
  messages: {
    missingIssuer:
      "{{certificate}} was issued by {{issuer}}, whose certificate is neither in that file nor in ca_certificates.",
    leafNotFirst:
      "Certificate {{position}} of {{file}} is the node's own; move it to the first position, because a server presents the first certificate as its own.",
    wrongOrder:
      "The issuers in {{file}} are in the wrong order; put each after the certificate that it issued ({{order}}).",
    wrongKey:
      "{{certificate}} was not signed by the key of {{issuer}} ({{candidate}}), which matches its issuer by name only.",
    notCa: "{{certificate}} names {{issuer}} as its issuer, but {{candidate}} of that name is not a CA certificate.",
  },
  messageSeverity: { leafNotFirst: "error", wrongKey: "error", notCa: "error" },
  remediation:
    "Put the intermediate certificates of the CA into the file, after the node's own certificate and each after the one that it issued, or name them in ca_certificates.",
  mutations: [{ edit: (node) => setOwnCertificate(node, { issuer: "CN=Unknown CA", isIssuedBy: () => false }) }],
  check(node, { need, needAll, now, fail, notApplicable }) {
    const chain = need(node, "certificateChain");
    if (chain.leaf.certificate.isSelfSigned)
      return notApplicable("the certificate is self-signed and has no other issuer");
    const path = chain.path(now);
    const at = [node, "tls_certificate"] as const;
    if (!path.isLeafFirst) fail("leafNotFirst", { at, data: { file: chain.file, position: chain.leaf.position } });
    if (!path.isInOrder) {
      const order = path.items.flatMap(({ isDeclaredCa, position }) => (isDeclaredCa ? [] : [position])).join(", ");
      fail("wrongOrder", { at, data: { file: chain.file, order } });
    }
    if (path.isComplete) return;
    const top = path.items.at(-1) ?? chain.leaf;
    const data = { certificate: top.title, issuer: top.certificate.issuer };
    // The issuer may be in a CA file that cannot be read.
    needAll(path);
    if (path.impostor !== null) {
      const { title, certificate } = path.impostor;
      fail(certificate.isCa ? "wrongKey" : "notCa", { at, data: { ...data, candidate: lowerFirst(title) } });
      return;
    }
    fail("missingIssuer", { at, data });
  },
});

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
