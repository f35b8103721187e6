import { askServers } from "../../src/engine/dns-answers.ts";
import { defineRule } from "../../src/engine/rule.ts";
import { canonicalName } from "../../src/values/host-name.ts";
import { parseIpAddress } from "../../src/values/ip-address.ts";
import { reverseName } from "../../src/values/reverse-name.ts";

/** Derived from "assign valid DNS names to all your Conferencing Nodes" (L541): logs and peers look addresses up. */
export default defineRule({
  id: "dns/node-reverse-record",
  title: "Require the reverse record of a node's address to name the node",
  severity: "info",
  since: "0.1.0",
  live: true,
  source: {
    document: "guide-v25",
    section: "Manually deploying a Conferencing Node on an ESXi host",
    wording: "derived",
  },
  subject: "node",
  messages: {
    noRecord: "Address {{address}} of node {{node}} has no PTR record (asked {{servers}}).",
    otherName: "Address {{address}} of node {{node}} leads back to {{actual}}, not to {{expected}}.",
  },
  remediation: "Add a PTR record for the node's address that names the node, or correct the one that is there.",
  check(node, context) {
    const { need, known, fail, inconclusive } = context;
    const address = need(node, "address");
    const fqdn = need(node, "fqdn");
    const alternative = known(node, "alternative_fqdn");
    if (parseIpAddress(address) === null) return inconclusive(`${JSON.stringify(address)} is no address`);
    const answers = askServers(reverseName(address), ["PTR"], node.dnsServers, context);
    const at = { at: [node, "address"] as const };
    const without = answers.filter(({ answer }) => answer.records.length === 0).map(({ server }) => server);
    if (without.length > 0)
      fail("noRecord", { ...at, data: { address, node: node.name, servers: without.join(", ") } });
    const accepted = [fqdn, ...(alternative === undefined ? [] : [canonicalName(alternative)])];
    const targets = answers.flatMap(({ answer }) =>
      answer.records.flatMap((record) => (record.type === "PTR" ? [record.target] : [])),
    );
    if (targets.length === 0 || targets.some((target) => accepted.includes(target))) return;
    const actual = [...new Set(targets)].join(", ");
    fail("otherName", { ...at, data: { address, node: node.name, actual, expected: fqdn } });
  },
});
