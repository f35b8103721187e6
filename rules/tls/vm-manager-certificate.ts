import { resolve } from "../shared/dns-answers.ts";
import { checkServed, SERVED_MESSAGE_SEVERITY, servedMessages } from "../shared/served-certificate.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide: "Verify TLS certificates" "Determines whether the certificate presented by the VM manager is verified before
 * the connection is allowed" (L497).
 */
export default defineRule({
  id: "tls/vm-manager-certificate",
  title: "Require a verifiable certificate on the VM manager",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "recommended"),
  subject: "vm-manager",
  messages: servedMessages("The certificate of VM manager {{manager}} at {{address}}"),
  messageSeverity: SERVED_MESSAGE_SEVERITY,
  options: {
    days: {
      type: "integer",
      minimum: 1,
      default: 30,
      description: "Minimum remaining validity of a certificate, in days.",
    },
  },
  remediation:
    "Install a valid certificate for the name that the deployment uses, and list its CA in ca_certificates; or set verify_tls: false and accept that the connection is not verified.",
  check(manager, context) {
    const { need, query, each, fail, notApplicable, inconclusive, options } = context;
    if (!need(manager, "verify_tls")) return notApplicable("verify_tls is off, so the certificate is not verified");
    const endpoint = need(manager, "endpoint");
    const { host: name, port } = endpoint;
    const addresses = resolve(endpoint, manager.resolvers, context);
    const ports = query(addresses.map((address) => ({ kind: "tcp" as const, address, port })));
    const tried = ports.map(({ status, reason }, index) => ({ status, reason, address: addresses[index] ?? "" }));
    // As for the port itself: an address that this machine has no route to is passed over while there is another one.
    const routed = tried.filter(({ reason }) => reason !== "own-network-error");
    each(routed.length > 0 ? routed : tried, ({ address, status, reason }) => {
      if (status !== "answered") return inconclusive(`connection to ${address} failed (${reason})`);
      const question = { kind: "tls" as const, address, port, name };
      const [answer] = query([question]);
      const certificate = answer?.certificate ?? null;
      if (answer === undefined || certificate === null) {
        return inconclusive(`${address} did not present a certificate (${answer?.reason ?? "not probed"})`);
      }
      checkServed(question, { ...answer, certificate }, options.days, context, (messageId, data) => {
        fail(messageId, {
          at: [manager, "address"],
          data: { manager: manager.name, address, ...data },
          key: address,
        });
      });
      if (!answer.problems.includes("untrusted") && !answer.problems.includes("incomplete-chain")) return;
      const host = name.includes(":") ? `[${name}]` : name;
      const site = `https://${host}${port === 443 ? "" : `:${port}`}/certs/download.zip`;
      // What would be an error was looked for in everything that it presented.
      return inconclusive(
        `the issuer of its certificate (${certificate.issuer}) is not in ca_certificates; download the CA certificates of vCenter Server from ${site}`,
        { severity: "warn" },
      );
    });
  },
});
