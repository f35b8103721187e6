import { queryServers, type ServerAnswer } from "../shared/dns-answers.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { parseIpAddress, reverseName } from "../../src/values/network/ip-address.ts";
import { quoted } from "../../src/values/text/quoted.ts";
import { shortList } from "../../src/values/text/counted.ts";

/** Derived from "assign valid DNS names to all your Conferencing Nodes" (L628): logs and peers look addresses up. */
export default defineRule({
  id: "dns/node-reverse-record",
  title: "Require the reverse record of a node's address to name the node",
  severity: "info",
  since: "0.1.0",
  live: true,
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "derived"),
  subject: "node",
  messages: {
    noRecord: "Address {{address}} of node {{node}} has no PTR record (asked {{servers}}).",
    otherName:
      "Address {{address}} of node {{node}} leads back to {{actual}} (asked {{servers}}), not to {{expected}}.",
  },
  remediation: "Add a PTR record for the node's address that names the node, or correct the one that is there.",
  check(node, context) {
    const { need, known, fail, inconclusive } = context;
    const address = need(node, "address");
    if (parseIpAddress(address) === null) return inconclusive(`${quoted(address)} is not an IP address`);
    const answers = queryServers(reverseName(address), ["PTR"], node.dnsServers, context);
    const sourceRef = { at: [node, "address"] as const };
    const data = (those: readonly ServerAnswer[]) => ({
      ...{ address, node: node.name },
      servers: those.map(({ server }) => server).join(", "),
    });

    const without = answers.filter((one) => targetsOf(one).length === 0);
    if (without.length > 0) fail("noRecord", { ...sourceRef, data: data(without) });
    const expected = need(node, "fqdn");
    const alternative = canonicalName(known(node, "alternative_fqdn") ?? expected);
    const astray = answers.filter(
      (one) => !without.includes(one) && !targetsOf(one).some((name) => name === expected || name === alternative),
    );
    if (astray.length === 0) return;
    const actual = shortList([...new Set(astray.flatMap(targetsOf))]);
    fail("otherName", { ...sourceRef, data: { ...data(astray), actual, expected } });
  },
});

function targetsOf({ answer }: ServerAnswer): readonly string[] {
  return answer.records.flatMap((record) => (record.type === "PTR" ? [canonicalName(record.target)] : []));
}
