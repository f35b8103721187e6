import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** Below 112 bits of strength, which NIST disallows (SP 800-131A revision 2, section 3; SP 800-57 part 1, table 2). */
const SMALLEST: Readonly<Record<string, number>> = { rsa: 2048, "rsa-pss": 2048, dsa: 2048, ec: 224 };

/** Hashes for which two texts with one signature can be made (SP 800-131A revision 2, section 9). */
const BROKEN_HASHES = ["MD2", "MD5", "SHA-1"];

/** Follows from the guide: certificates "are used by these systems to verify their identity to clients" (L472). */
export default defineRule({
  id: "tls/certificate-key-strength",
  title: "Disallow certificates with weak keys or signatures",
  severity: "warn",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "derived"),
  subject: "node-with-certificate",
  messages: {
    weakKey: "{{certificate}} has a key of {{bits}} bits ({{type}}); it must have at least {{limit}}.",
    weakHash: "{{certificate}} is signed with {{hash}}, which clients no longer accept; use SHA-256 or better.",
  },
  remediation:
    "Request a new certificate with an RSA key of at least 2048 bits or an EC key, signed with SHA-256 or better.",
  mutations: [
    { edit: (node) => setOwnCertificate(node, { key: { type: "rsa", bits: 1024 } }) },
    { edit: (node) => setOwnCertificate(node, { signature: { algorithm: "1.2.840.113549.1.1.5", hash: "SHA-1" } }) },
  ],
  check(node, { need, each, now, fail, inconclusive }) {
    const chain = need(node, "certificateChain");
    each(chain.path(now), (link) => {
      const { certificate, title } = link;
      const { key, signature } = certificate;
      const finding = { at: [node, "tls_certificate"] as const, key: `${link.file}#${link.position}` };

      // A root is trusted for what it is; nobody verifies its signature by itself.
      const isSignatureRead = link === chain.leaf || !certificate.isSelfSigned;
      if (isSignatureRead && signature.hash !== null && BROKEN_HASHES.includes(signature.hash)) {
        fail("weakHash", { ...finding, data: { certificate: title, hash: signature.hash } });
      }
      const limit = SMALLEST[key?.type ?? ""];
      if (key !== null && key.bits !== null && limit !== undefined && key.bits < limit) {
        const type = key.type.replace("-pss", "").toUpperCase();
        fail("weakKey", { ...finding, data: { certificate: title, type, bits: key.bits, limit } });
      }

      if (key === null || (limit !== undefined && key.bits === null)) {
        return inconclusive(`the size of the key of ${title} is not known to this program`);
      }
      if (isSignatureRead && signature.hash === null) {
        return inconclusive(`the signature algorithm ${signature.algorithm} of ${title} is not known to this program`);
      }
    });
  },
});
