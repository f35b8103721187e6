import { withFixes } from "../shared/unreachable-fixes.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { canonicalIp } from "../../src/values/network/ip-address.ts";
import { quoted } from "../../src/values/text/quoted.ts";
import { shortList } from "../../src/values/text/counted.ts";

const SIP_TLS = 5061;

/** The length of the date in an RFC 3339 time. */
const DATE = 10;

/**
 * The guide: "You can use a tool … to verify certificates and the chain of trust (specify port 5061 …)" (L794). Clients
 * find it on the secondary interface, where there is one: it "is used for signaling and media communications to clients".
 */
export default defineRule({
  id: "tls/served-certificate",
  title: "Require running nodes to serve a complete, valid certificate for their name",
  severity: "info",
  since: "0.1.0",
  live: true,
  source: guide("Pexip Infinity Administrator interface", "recommended"),
  subject: "conferencing-node",
  messages: {
    expired:
      "The certificate that node {{node}} serves on port 5061, or one above it, has expired (its own on {{until}}).",
    "not-yet-valid":
      "The certificate that node {{node}} serves on port 5061, or one above it, is not valid yet (its own from {{from}}).",
    "incomplete-chain":
      "Node {{node}} does not send the certificate of its issuer {{issuer}} on port 5061, and it is no known CA.",
    "name-mismatch":
      "The certificate that node {{node}} serves on port 5061 does not cover {{name}}; it covers {{names}}.",
  },
  remediation: "Assign the right certificate to the node, and upload the intermediate certificates of its CA.",
  check(node, { need, known, query, fail, notApplicable, inconclusive }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("the node is not deployed yet");
    if (need(machine, "power_state") !== "poweredOn") return notApplicable("the node's VM is not running");
    const secondary = known(node, "secondary_address");
    const written = secondary ?? need(node, "address");
    const address = canonicalIp(written);
    if (address === null) return inconclusive(`${quoted(written)} is not an IP address`);
    const name = canonicalName(known(node, "alternative_fqdn") ?? need(node, "fqdn"));
    const [answer] = query([{ kind: "tls" as const, address, port: SIP_TLS, name }]);
    const certificate = answer?.certificate ?? null;
    if (answer === undefined || certificate === null) {
      const reason = answer?.reason ?? "not asked";
      return inconclusive(
        `no certificate could be seen at ${address} port ${SIP_TLS} (${withFixes(reason, [reason])})`,
      );
    }
    const data = {
      ...{ node: node.name, name, issuer: certificate.issuer },
      names: shortList(certificate.dns_names) || "no name at all",
      until: certificate.not_after?.slice(0, DATE) ?? "an unreadable date",
      from: certificate.not_before?.slice(0, DATE) ?? "an unreadable date",
    };
    const at = [node, secondary === undefined ? "address" : "secondary_address"] as const;
    // Whether its CA is trusted is for the clients to decide; not-self-signed speaks of the planned certificate.
    for (const problem of answer.problems) if (problem !== "untrusted") fail(problem, { at, data });
  },
});
