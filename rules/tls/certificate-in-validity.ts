import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { validityAt } from "../../src/site/deployment/certificate.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Follows from the guide: certificates "are used by these systems to verify their identity to clients" (L472). */
export default defineRule({
  id: "tls/certificate-in-validity",
  title: "Require certificates within their validity period",
  severity: "error",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "derived"),
  subject: "node-with-certificate",
  messages: {
    expired: "{{certificate}} expired on {{date}}.",
    notYetValid: "{{certificate}} is not valid before {{date}}.",
  },
  remediation: "Renew the certificate, and replace it in the file that the deployment refers to.",
  mutations: [
    { edit: (node, { now }) => setOwnCertificate(node, { validity: { from: now - 90 * DAY, to: now - DAY } }) },
  ],
  check(node, { need, each, now, fail, inconclusive }) {
    each(need(node, "certificateChain").path(now), ({ certificate, title, file, position }) => {
      const { validity } = certificate;
      if (validity === null) return inconclusive(`${title} has dates that cannot be read`);
      const state = validityAt(certificate, now);
      if (state === "valid") return;
      const date = new Date(state === "expired" ? validity.to : validity.from).toISOString().slice(0, 10);
      fail(state === "expired" ? "expired" : "notYetValid", {
        at: [node, "tls_certificate"],
        data: { certificate: title, date, node: node.name },
        key: `${file}#${position}`,
      });
    });
  },
});
