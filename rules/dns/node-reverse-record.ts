import { queryServers, type ServerAnswer } from "../shared/dns-answers.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { parseIpAddress, reverseName } from "../../src/values/network/ip-address.ts";
import { quoted } from "../../src/values/text/quoted.ts";
import { shortList } from "../../src/values/text/counted.ts";

const messages = {
  noRecord: "Address {{address}} of node {{node}} has no PTR record (queried {{servers}}).",
  otherName:
    "PTR record of address {{address}} of node {{node}} points to {{actual}} (queried {{servers}}), not {{expected}}.",
} as const;

/** Derived from "assign valid DNS names to all your Conferencing Nodes" (L628): logs and peers look addresses up. */
export default defineRule({
  id: "dns/node-reverse-record",
  title: "Require matching PTR records for node addresses",
  severity: "info",
  since: "0.1.0",
  live: true,
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "derived"),
  subject: "node",
  messages,
  remediation: "Add a PTR record that points the node's address to its name, or correct the existing record.",
  check(node, context) {
    const { need, known, each } = context;
    need(node, "address");
    const fields = known(node, "ipv6_address") === undefined ? FIELDS.slice(0, 1) : FIELDS;
    each(fields, (field) => checkAddress(need(node, field), field, node, context));
  },
});

const FIELDS = ["address", "ipv6_address"] as const;

function checkAddress(address: string, field: string, node: Node, context: RuleContext<typeof messages>): void {
  const { need, known, fail, inconclusive } = context;
  if (parseIpAddress(address) === null) return inconclusive(`${quoted(address)} is not an IP address`);
  const answers = queryServers(reverseName(address), ["PTR"], node.dnsServers, context);
  const sourceRef = { at: [node, field] as const };
  const data = (those: readonly ServerAnswer[]) => ({
    ...{ address, node: node.name },
    servers: those.map(({ server }) => server).join(", "),
  });

  const without = answers.filter((one) => targetsOf(one).length === 0);
  if (without.length > 0) fail("noRecord", { ...sourceRef, data: data(without) });
  const expected = need(node, "fqdn");
  const alternative = canonicalName(known(node, "alternative_fqdn") ?? expected);
  const named = answers.filter((one) => !without.includes(one));
  const isExpected = (name: string) => name === expected || name === alternative;
  if (named.every((one) => targetsOf(one).some(isExpected))) return;
  // RFC 2181 section 10.2: a PTR record names the canonical name; the node's own name may be an alias of that.
  const aliases = queryServers(expected, ["A", "AAAA"], node.dnsServers, context);
  const canonical = new Set(aliases.flatMap(({ answer: { chain } }) => chain.slice(-1)));
  const astray = named.filter((one) => !targetsOf(one).some((name) => isExpected(name) || canonical.has(name)));
  if (astray.length === 0) return;
  const actual = shortList([...new Set(astray.flatMap(targetsOf))]);
  fail("otherName", { ...sourceRef, data: { ...data(astray), actual, expected } });
}

function targetsOf({ answer }: ServerAnswer): readonly string[] {
  return answer.records.flatMap((record) => (record.type === "PTR" ? [canonicalName(record.target)] : []));
}
