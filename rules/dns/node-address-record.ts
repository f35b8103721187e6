import { addressesIn, missingFamilies, queryServers, serversWithoutAddress } from "../shared/dns-answers.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { canonicalIp } from "../../src/values/network/ip-address.ts";

const ADDRESS_FIELDS = ["static_nat_address", "secondary_address", "address", "ipv6_address"] as const;

const messages = {
  noRecord: "Name {{name}} of node {{node}} has no A or AAAA record (queried {{servers}}).",
  noRecordOfFamily:
    "Name {{name}} of node {{node}} has no {{type}} record on {{servers}}, so {{family}} clients cannot reach the node by this name.",
  wrongAddress:
    "Name {{name}} of node {{node}} resolves to {{actual}} (queried {{servers}}); its addresses are {{expected}}.",
} as const;

/**
 * The guide: "Create DNS records for your Management Node administration" (L775), and "Create DNS records to allow
 * endpoints/clients to discover your Pexip Infinity Conferencing Nodes" (L776).
 */
export default defineRule({
  id: "dns/node-address-record",
  title: "Require correct address records for node names",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Prior to installation", "must"),
  subject: "node",
  messages,
  messageSeverity: { noRecordOfFamily: "warn" },
  remediation:
    "Add an A record (AAAA for IPv6) that points the name to the node's address, or correct the existing record.",
  check(node, context) {
    const fqdn = context.known(node, "fqdn");
    // The SIP TLS FQDN is optional, and often the FQDN once more.
    const alternative = canonicalName(context.known(node, "alternative_fqdn") ?? "");
    const fields = ["hostname", ...(alternative === "" || alternative === fqdn ? [] : ["alternative_fqdn"])];
    context.each(fields, (field) => {
      checkName(field === "hostname" ? context.need(node, "fqdn") : alternative, field, node, context);
    });
  },
});

function checkName(name: string, field: string, node: Node, context: RuleContext<typeof messages>): void {
  const answers = queryServers(name, ["A", "AAAA"], node.dnsServers, context);
  const servers = [...new Set(answers.map(({ server }) => server))];
  const without = serversWithoutAddress(answers);
  if (without.length > 0) {
    context.fail("noRecord", { at: [node, field], data: { name, node: node.name, servers: without.join(", ") } });
  }
  for (const { family, type, servers: lacking } of missingFamilies(node, answers, context)) {
    const data = { name, node: node.name, family, type, servers: lacking.join(", ") };
    context.fail("noRecordOfFamily", { at: [node, field], data, key: family });
  }
  const expected = addressesOf(node, context);
  for (const actual of addressesIn(answers)) {
    if (expected.includes(actual)) continue;
    const saying = servers.filter((server) =>
      addressesIn(answers.filter((answer) => answer.server === server)).includes(actual),
    );
    context.fail("wrongAddress", {
      at: [node, field],
      data: { name, actual, servers: saying.join(", "), node: node.name, expected: expected.join(", ") },
      key: actual,
    });
  }
}

/** The addresses a client may be led to, in canonical form; the primary one must be known. */
function addressesOf(node: Node, { need, known }: RuleContext<typeof messages>): readonly string[] {
  need(node, "address");
  return ADDRESS_FIELDS.flatMap((field) => {
    const address = known(node, field);
    return address === undefined ? [] : [canonicalIp(address) ?? address];
  });
}
