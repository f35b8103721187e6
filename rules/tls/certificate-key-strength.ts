import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { weakHash, weakKey } from "../../src/values/x509/strength.ts";

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
    weakHash: "{{certificate}} is signed with {{hash}}, which clients no longer accept; use SHA-256 or stronger.",
  },
  remediation:
    "Request a new certificate with an RSA key of at least 2048 bits or an EC key, signed with SHA-256 or stronger.",
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

      // A root is trusted as such; its self-signature is not verified.
      const isSignatureRead = link === chain.leaf || !certificate.isSelfSigned;
      const hash = isSignatureRead ? weakHash(signature) : null;
      if (hash !== null && hash !== "unknown") fail("weakHash", { ...finding, data: { certificate: title, hash } });
      const weak = weakKey(key);
      if (weak !== null && weak !== "unknown") fail("weakKey", { ...finding, data: { certificate: title, ...weak } });

      if (weak === "unknown") return inconclusive(`${title} has a key whose size cannot be determined`);
      if (hash === "unknown") {
        return inconclusive(
          `${title} has a signature by algorithm ${signature.algorithm}, which is not in this program's table`,
        );
      }
    });
  },
});
