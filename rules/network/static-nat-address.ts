import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { whyNotPublic } from "../../src/values/network/address-use.ts";
import { canonicalIp, parseIpAddress } from "../../src/values/network/ip-address.ts";

/** The guide: "The public IPv4 address used by this Conferencing Node when it is located behind a NAT device." (L552) */
export default defineRule({
  id: "network/static-nat-address",
  title: "Require public static NAT addresses",
  severity: "warn",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "derived"),
  subject: "node",
  messages: {
    malformed: "Static NAT address {{address}} of node {{node}} is not an IPv4 address.",
    notPublic:
      "Static NAT address {{address}} of node {{node}} is {{why}} and cannot be reached from outside; enter the public address.",
    ownAddress:
      "Static NAT address {{address}} of node {{node}} is the node's own {{field}}; without NAT, omit static_nat_address.",
  },
  remediation:
    "Enter the public address that the NAT device translates to the node's address, or omit static_nat_address where there is no NAT. Waive the rule for sites that use NAT between private networks only.",
  mutations: [{ edit: (node) => set(node, "static_nat_address", () => "192.168.4.4") }],
  check(node, { known, fail, notApplicable }) {
    const written = known(node, "static_nat_address");
    if (written === undefined) return notApplicable("the node has no static NAT address");
    const at = [node, "static_nat_address"] as const;
    const data = { address: written, node: node.name };
    const address = parseIpAddress(written);
    if (address?.version !== 4) {
      fail("malformed", { at, data });
      return;
    }
    const field = (["address", "secondary_address"] as const).find((candidate) => {
      const own = known(node, candidate);
      return own !== undefined && canonicalIp(own) === address.canonical;
    });
    if (field !== undefined) {
      fail("ownAddress", { at, data: { ...data, field } });
      return;
    }
    const why = whyNotPublic(address);
    if (why !== null) fail("notPublic", { at, data: { ...data, why } });
  },
});
