import { resolve } from "../shared/dns-answers.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { shortList } from "../../src/values/text/counted.ts";

/** The length of the date in an RFC 3339 time. */
const DATE = 10;

/**
 * The guide: "Verify TLS certificates" "Determines whether the certificate presented by the VM manager is verified before
 * the connection is allowed" (L497).
 */
export default defineRule({
  id: "tls/vm-manager-certificate",
  title: "Require the VM manager to present a certificate that can be verified",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "recommended"),
  subject: "vm-manager",
  messages: {
    untrusted: "The certificate of VM manager {{manager}} is not trusted: no known CA stands behind {{issuer}}.",
    "incomplete-chain": "VM manager {{manager}} does not send the certificate of its issuer {{issuer}}.",
    "name-mismatch": "The certificate of VM manager {{manager}} does not cover {{name}}; it covers {{names}}.",
    expired: "The certificate of VM manager {{manager}}, or one above it, has expired (its own on {{until}}).",
    "not-yet-valid":
      "The certificate of VM manager {{manager}}, or one above it, is not valid yet (its own from {{from}}).",
    protocol: "VM manager {{manager}} accepts connections at {{address}}, but no TLS version in use today.",
  },
  remediation:
    "Install a valid certificate for the name that the deployment uses, and list its CA in ca_certificates; or say verify_tls: false and accept that the connection is not verified.",
  check(manager, context) {
    const { need, query, each, fail, notApplicable, inconclusive } = context;
    if (!need(manager, "verify_tls")) return notApplicable("verify_tls is off, so nobody verifies the certificate");
    const endpoint = need(manager, "endpoint");
    const { host: name, port } = endpoint;
    const addresses = resolve(endpoint, manager.resolvers, context);
    const ports = query(addresses.map((address) => ({ kind: "tcp" as const, address, port })));
    const tried = ports.map(({ status, reason }, index) => ({ status, reason, address: addresses[index] ?? "" }));
    // As for the port itself: an address that this machine has no route to is passed over while there is another one.
    const routed = tried.filter(({ reason }) => reason !== "own-network-error");
    each(routed.length > 0 ? routed : tried, ({ address, status, reason }) => {
      if (status !== "answered") return inconclusive(`${address} could not be connected to (${reason})`);
      const [answer] = query([{ kind: "tls" as const, address, port, name }]);
      const sourceRef = { at: [manager, "address"] as const, key: address };
      const certificate = answer?.certificate ?? null;
      if (certificate === null && answer?.reason === "protocol") {
        fail("protocol", { ...sourceRef, data: { manager: manager.name, address } });
        return;
      }
      if (answer === undefined || certificate === null) {
        return inconclusive(`${address} shows no certificate (${answer?.reason ?? "not asked"})`);
      }
      const { dns_names, ip_addresses, issuer, not_after, not_before } = certificate;
      const data = {
        ...{ manager: manager.name, name, issuer },
        names: shortList([...dns_names, ...ip_addresses]) || "no name at all",
        until: not_after?.slice(0, DATE) ?? "an unreadable date",
        from: not_before?.slice(0, DATE) ?? "an unreadable date",
      };
      for (const problem of answer.problems) fail(problem, { ...sourceRef, data });
    });
  },
});
