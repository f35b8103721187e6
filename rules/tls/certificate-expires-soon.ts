import { setOwnCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

const DAY = 24 * 60 * 60 * 1000;

/** Follows from the guide: certificates "are used by these systems to verify their identity to clients" (L472). */
export default defineRule({
  id: "tls/certificate-expires-soon",
  title: "Disallow certificates close to expiry",
  severity: "warn",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "derived"),
  subject: "node-with-certificate",
  messages: {
    expired: "{{certificate}} expired on {{date}}.",
    soon: "{{certificate}} expires on {{date}}, in less than {{limit}} days.",
  },
  options: {
    days: {
      type: "integer",
      minimum: 1,
      default: 30,
      description: "Minimum remaining validity of a certificate, in days.",
    },
  },
  stricterOptions: { days: "higher" },
  remediation: "Renew the certificate before it expires, and replace it in the file that the deployment refers to.",
  mutations: [
    { edit: (node, { now }) => setOwnCertificate(node, { validity: { from: now - 90 * DAY, to: now + DAY } }) },
  ],
  check(node, { need, each, now, options, fail, inconclusive }) {
    each(need(node, "certificateChain").path(now), ({ certificate, title, file, position }) => {
      const { validity } = certificate;
      if (validity === null) return inconclusive(`${title} has dates that cannot be read`);
      // The last second belongs to the validity (RFC 5280 section 4.1.2.5).
      const left = validity.to + 1000 - now;
      if (left >= options.days * DAY) return;
      const at = [node, "tls_certificate"] as const;
      fail(left <= 0 ? "expired" : "soon", {
        at,
        dependsOn: left <= 0 ? [at] : [],
        data: {
          certificate: title,
          date: new Date(validity.to).toISOString().slice(0, 10),
          limit: options.days,
          node: node.name,
        },
        key: `${file}#${position}`,
      });
    });
  },
});
