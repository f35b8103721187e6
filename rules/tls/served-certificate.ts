import { checkServed, SERVED_MESSAGE_SEVERITY, servedMessages } from "../shared/served-certificate.ts";
import { withFixes } from "../shared/unreachable-fixes.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { canonicalIp } from "../../src/values/network/ip-address.ts";
import { quoted } from "../../src/values/text/quoted.ts";

const SIP_TLS = 5061;

/**
 * The guide: "You can use a tool … to verify certificates and the chain of trust (specify port 5061 …)" (L794). Clients
 * find it on the secondary interface, where there is one: it "is used for signaling and media communications to clients";
 * and over IPv6, where the node has such an address.
 */
export default defineRule({
  id: "tls/served-certificate",
  title: "Require running nodes to serve a valid certificate for their name",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: guide("Pexip Infinity Administrator interface", "recommended"),
  subject: "conferencing-node",
  messages: {
    ...servedMessages("The certificate that node {{node}} serves at {{address}} port 5061"),
    "incomplete-chain":
      "Node {{node}} does not send the certificate of its issuer {{issuer}} at {{address}} port 5061, and that issuer is not in ca_certificates.",
    refused:
      "Node {{node}} is running but refuses connections at {{address}} port 5061; enable SIP over TLS, or start the node's services.",
  },
  messageSeverity: { ...SERVED_MESSAGE_SEVERITY, "incomplete-chain": "warn", refused: "warn" },
  options: {
    days: {
      type: "integer",
      minimum: 1,
      default: 30,
      description: "Minimum remaining validity of a certificate, in days.",
    },
  },
  remediation: "Assign the right certificate to the node, and upload the intermediate certificates of its CA.",
  check(node, context) {
    const { need, known, query, each, fail, notApplicable, inconclusive, options } = context;
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    if (need(machine, "power_state") !== "poweredOn") return notApplicable("the node's VM is not running");
    const name = canonicalName(known(node, "alternative_fqdn") ?? need(node, "fqdn"));
    const first = known(node, "secondary_address") === undefined ? "address" : "secondary_address";
    const fields = [first, ...(known(node, "ipv6_address") === undefined ? [] : ["ipv6_address" as const])] as const;
    const tried = fields.map((field) => {
      const written = need(node, field);
      const address = canonicalIp(written);
      const question = { kind: "tls" as const, address: address ?? "", port: SIP_TLS, name };
      return { field, written, address, question };
    });
    const valid = tried.filter(({ address }) => address !== null);
    const reasons = query(valid.map(({ question }) => question)).map(({ reason }) => reason);
    const routed = tried.filter((one) => reasons[valid.indexOf(one)] !== "own-network-error");
    // An address family that this machine does not have is passed over while there is another one.
    each(routed.length > 0 ? routed : tried, (one) => {
      const { field, written, address, question } = one;
      if (address === null) return inconclusive(`${quoted(written)} is not an IP address`);
      const at = [node, field] as const;
      const [answer] = query([question]);
      const certificate = answer?.certificate ?? null;
      if (answer?.reason === "refused") {
        fail("refused", { at, data: { node: node.name, address }, key: address });
        return;
      }
      if (answer === undefined || certificate === null) {
        const reason = answer?.reason ?? "not probed";
        return inconclusive(
          `no certificate was received from ${address} port ${SIP_TLS} (${withFixes(reason, [reason])})`,
        );
      }
      if (answer.problems.includes("incomplete-chain")) {
        fail("incomplete-chain", { at, data: { node: node.name, address, issuer: certificate.issuer }, key: address });
      }
      // Whether its CA is trusted is for the clients to decide; not-self-signed reports the planned certificate.
      checkServed(question, { ...answer, certificate }, options.days, context, (messageId, data) => {
        fail(messageId, { at, data: { node: node.name, address, ...data }, key: address });
      });
    });
  },
});
