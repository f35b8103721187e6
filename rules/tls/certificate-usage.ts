import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { allowsClient, usageFaults } from "../../src/values/x509/server-usage.ts";

const NO_EXTENSIONS = {
  ...{ pathLength: null, keyUsage: null, extendedKeyUsage: null, nameConstraints: null },
  ...{ unknownCritical: [], subject: [] },
};

/**
 * Follows from the guide: certificates "are used by these systems to verify their identity to clients" (L472), which reject
 * one that its issuer made for something else (RFC 5280 section 6.1; what `openssl verify -purpose sslserver` checks).
 */
export default defineRule({
  id: "tls/certificate-usage",
  title: "Require certificates issued for TLS servers",
  severity: "error",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "derived"),
  subject: "node-with-certificate",
  messages: {
    noServerAuth:
      "{{certificate}} is not for TLS servers: its extended key usage ({{detail}}) does not include serverAuth. Request one with serverAuth.",
    noServerKeyUsage:
      "{{certificate}} cannot be used in a TLS handshake: its key usage ({{detail}}) has none of digitalSignature, keyEncipherment and keyAgreement.",
    unknownCritical: "{{certificate}} has an unknown critical extension ({{detail}}), so clients must reject it.",
    nameConstraint: "{{certificate}} does not permit certificates below it to cover {{detail}} (name constraints).",
    pathLength: "{{certificate}} allows {{detail}} CAs below it, but the chain has more.",
    anyExtendedKeyUsage:
      "{{certificate}} has extended key usage anyExtendedKeyUsage without serverAuth; some clients, including OpenSSL, reject it.",
    caLeaf: "{{certificate}} is a CA certificate; some clients reject it for a server. Request one with CA:FALSE.",
    noClientAuth:
      "{{certificate}} lacks extended key usage clientAuth, which peers of {{node}} may require for {{domain}}; use a private CA (public CAs no longer issue it).",
  },
  messageSeverity: { anyExtendedKeyUsage: "warn", caLeaf: "warn", noClientAuth: "warn" },
  remediation:
    "Request a certificate for a TLS server: extended key usage serverAuth (and clientAuth for federation), key usage digitalSignature and keyEncipherment, CA:FALSE.",
  mutations: [
    {
      edit: (node) =>
        setOwnCertificate(node, { extensions: { ...NO_EXTENSIONS, extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"] } }),
    },
    { edit: (node) => setOwnCertificate(node, { extensions: { ...NO_EXTENSIONS, keyUsage: ["keyCertSign"] } }) },
    { edit: (node) => setOwnCertificate(node, { extensions: { ...NO_EXTENSIONS, unknownCritical: ["1.2.3.4"] } }) },
  ],
  check(node, { site, need, needAll, each, now, fail, inconclusive }) {
    const chain = need(node, "certificateChain");
    const { items } = chain.path(now);
    const at = [node, "tls_certificate"] as const;
    for (const { kind, index, detail } of usageFaults(items.map(({ certificate }) => certificate))) {
      const link = items[index] ?? chain.leaf;
      fail(kind, { at, data: { certificate: link.title, detail }, key: `${link.file}#${link.position}` });
    }
    each(items, ({ certificate, title }) => {
      if (certificate.extensions === null) return inconclusive(`${title} has extensions that cannot be read`);
    });
    const { extensions } = chain.leaf.certificate;
    // The management node takes and makes no calls.
    if (node.role === "management" || extensions === null || allowsClient(extensions)) return;
    // Federation concerns those that declare it; whether domains are missing is not a matter of certificates.
    const federated = site.domainServices.items.filter(({ service }) => service === "sip_federation");
    if (federated.length === 0) return;
    const location = need(node, "inLocation", { severity: "warn" });
    each(federated, ({ domain, locations }) => {
      if (!needAll(locations).includes(location)) return;
      fail("noClientAuth", { at, data: { certificate: chain.leaf.title, node: node.name, domain }, key: domain });
    });
  },
});
