import { resolve } from "../../src/engine/dns-answers.ts";
import { defineRule } from "../../src/engine/rule.ts";

/** The guide: "Verify TLS certificates" of the VM manager (L497). */
export default defineRule({
  id: "tls/vm-manager-certificate",
  title: "Require the VM manager to present a certificate that can be verified",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: {
    document: "guide-v25",
    section: "Automatically deploying a new Conferencing Node on a VMware host",
    wording: "recommended",
  },
  subject: "vm-manager",
  messages: {
    untrusted: "The certificate of {{manager}} is not signed by a known CA ({{issuer}}).",
    "incomplete-chain": "VM manager {{manager}} does not send the certificate of its issuer ({{issuer}}).",
    "name-mismatch": "The certificate of {{manager}} does not cover that name; it covers {{names}}.",
    expired: "The certificate of {{manager}} expired on {{until}}.",
    "not-yet-valid": "The certificate of {{manager}} is not valid before {{from}}.",
    protocol: "VM manager {{manager}} cannot agree on a TLS connection at {{address}}.",
  },
  remediation:
    "Install a valid certificate for the name that the deployment uses, list its CA in ca_certificates, or say verify_tls: false and accept that the connection is not verified.",
  check(manager, context) {
    const { need, known, ask, each, fail, notApplicable, inconclusive } = context;
    if (known(manager, "verify_tls") === false) return notApplicable("verify_tls is off");
    const endpoint = need(manager, "endpoint");
    const addresses = resolve(endpoint, manager.resolvers, context);
    const questions = addresses.map((address) => ({
      kind: "tls" as const,
      address,
      port: endpoint.port,
      name: endpoint.host,
    }));
    const tried = ask(questions).map((answer, index) => ({ ...answer, address: addresses[index] ?? "" }));
    each(tried, ({ address, reason, problems, certificate }) => {
      const at = { at: [manager, "address"] as const, key: address };
      if (certificate === null && reason === "protocol") {
        fail("protocol", { ...at, data: { manager: manager.name, address } });
        return;
      }
      if (certificate === null) return inconclusive(`${address} shows no certificate (${reason})`);
      const names = [...certificate.dns_names, ...certificate.ip_addresses].join(", ") || "no name at all";
      const data = {
        manager: manager.name,
        address,
        names,
        issuer: certificate.issuer,
        until: certificate.not_after ?? "an unreadable date",
        from: certificate.not_before ?? "an unreadable date",
      };
      for (const problem of problems) fail(problem, { ...at, data });
    });
  },
});
