import { defineRule } from "../../src/engine/rule.ts";
import { canonicalName } from "../../src/values/host-name.ts";
import { canonicalIp } from "../../src/values/ip-address.ts";

const SIP_TLS = 5061;

/** The guide: verify certificates and the chain of trust, "specify port 5061" (L794). */
export default defineRule({
  id: "tls/served-certificate",
  title: "Require running nodes to serve a complete, valid certificate for their name",
  severity: "info",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Pexip Infinity Administrator interface", wording: "recommended" },
  subject: "conferencing-node",
  messages: {
    expired: "Node {{node}} serves a certificate that expired on {{until}} (port 5061).",
    "not-yet-valid": "Node {{node}} serves a certificate that is not valid before {{from}} (port 5061).",
    "incomplete-chain": "Node {{node}} does not send the certificate of its issuer ({{issuer}}) on port 5061.",
    "name-mismatch":
      "Node {{node}} serves a certificate on port 5061 that does not cover {{name}}; it covers {{names}}.",
  },
  remediation: "Assign the right certificate to the node, and upload the intermediate certificates of its CA.",
  check(node, { need, known, ask, fail, notApplicable, inconclusive }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("the node is not deployed yet");
    if (need(machine, "power_state") !== "poweredOn") return notApplicable("the node's VM is not running");
    const written = need(node, "address");
    const address = canonicalIp(written);
    if (address === null) return inconclusive(`${JSON.stringify(written)} is no address`);
    const name = canonicalName(known(node, "alternative_fqdn") ?? need(node, "fqdn"));
    const [answer] = ask([{ kind: "tls" as const, address, port: SIP_TLS, name }]);
    const certificate = answer?.certificate ?? null;
    if (answer === undefined || certificate === null) {
      return inconclusive(
        `no certificate could be seen at ${address} port ${SIP_TLS} (${answer?.reason ?? "not asked"})`,
      );
    }
    const data = {
      node: node.name,
      name,
      names: certificate.dns_names.join(", ") || "no name at all",
      issuer: certificate.issuer,
      until: certificate.not_after ?? "an unreadable date",
      from: certificate.not_before ?? "an unreadable date",
    };
    // Whether its CA is trusted is for the clients to decide; not-self-signed speaks of the planned certificate.
    for (const problem of answer.problems) if (problem !== "untrusted") fail(problem, { at: [node, "address"], data });
  },
});
