import { defineRule } from "../../src/engine/rule.ts";
import { canonicalIp } from "../../src/values/ip-address.ts";

const ADDRESSES = ["address", "secondary_address", "static_nat_address", "ipv6_address"] as const;

/** The guide: "Each Conferencing Node must have a unique IPv6 address." (L550); so it is with every other address. */
export default defineRule({
  id: "network/unique-address",
  title: "Require every address of a node to be its own",
  severity: "error",
  since: "0.1.0",
  source: {
    document: "guide-v25",
    section: "Automatically deploying a new Conferencing Node on a VMware host",
    wording: "must",
  },
  subject: "deployment",
  messages: {
    twice: "The {{wrong}} is also {{other}}; give each node its own.",
    taken: "The {{wrong}} is also {{other}}; give the node an address of its own.",
    router: "The {{wrong}} is {{other}}; enter the address of the router.",
    server: "The {{wrong}} has {{other}}; name another server, or give the node an address of its own.",
  },
  remediation: "Give every node addresses that nothing else in its networks has.",
  check(_, { site, need, known, each, fail, inconclusive }) {
    for (const { kind, wrong, other } of site.addressConflicts.all) {
      const [, field] = wrong.at;
      const isOfNode = ADDRESSES.some((candidate) => candidate === field);
      // What names a node as its NTP server is the concern of time/ntp-not-self.
      if (kind === "ntp" && !isOfNode) continue;
      const id = kind === "node" ? "twice" : isOfNode ? "taken" : kind === "router" ? "router" : "server";
      fail(id, {
        at: wrong.at,
        data: { wrong: wrong.inFull, other: other.inShort },
        related: [{ message: other.inFull, at: other.at }],
      });
    }
    each(site.nodeRoster, (node) => {
      each(ADDRESSES, (field) => {
        const written = field === "address" ? need(node, field) : known(node, field);
        if (written === undefined || canonicalIp(written) !== null) return;
        inconclusive(`${field} ${JSON.stringify(written)} of node ${node.name} cannot be read`, [node, field]);
      });
    });
  },
});
