import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { isLinkLocal, whyNoHostAddress } from "../../src/values/network/address-use.ts";
import { parseIpAddress } from "../../src/values/network/ip-address.ts";

const INTERFACE_BITS = 64n;

/** The guide: "The IPv6 address for this Conferencing Node. Each Conferencing Node must have a unique IPv6 address." (L550) */
export default defineRule({
  id: "network/ipv6-address",
  title: "Require valid IPv6 addresses and gateways",
  severity: "error",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "derived"),
  subject: "node",
  messages: {
    malformed:
      "The {{field}} {{address}} of node {{node}} is not an IPv6 address; write it without a prefix length or zone.",
    unusable: "The ipv6_address {{address}} of node {{node}} is {{why}}; use a global or unique local unicast address.",
    unusableGateway:
      "The ipv6_gateway {{address}} of node {{node}} is {{why}}; a gateway is a router on the node's own link.",
    ownAddress:
      "The ipv6_gateway {{address}} of node {{node}} is the node's own address; enter the address of the router.",
    outOfReach:
      "The ipv6_gateway {{address}} of node {{node}} is neither in the /64 of {{own}} nor link-local (fe80::/10), so the node cannot reach it.",
    gatewayAlone: "Node {{node}} has an ipv6_gateway but no ipv6_address; enter both, or neither.",
  },
  remediation:
    "Enter the node's own IPv6 address and a router on the same link. Omit ipv6_gateway where the router sends Router Advertisements.",
  // Pexip requires no prefix length; interface identifiers are 64 bits long (RFC 4291 section 2.5.4).
  fix: ({ messageId, data: { address } }) => {
    const bare = String(address).replace(/\/64$/, "");
    return messageId === "malformed" && parseIpAddress(bare)?.version === 6 ? { value: bare } : null;
  },
  mutations: [{ edit: (node) => set(node, "ipv6_address", "ff02::1") }],
  check(node, { known, fail, notApplicable }) {
    const text = known(node, "ipv6_address");
    const gatewayText = known(node, "ipv6_gateway");
    if (text === undefined && gatewayText === undefined) return notApplicable("the node has no IPv6 address");

    const address = text === undefined ? null : parseIpAddress(text);
    if (text === undefined) {
      fail("gatewayAlone", { at: [node, "ipv6_address"], data: { node: node.name } });
    } else {
      const data = { field: "ipv6_address", address: text, node: node.name };
      const why = address?.version === 6 ? whyNoHostAddress(address) : null;
      if (address?.version !== 6) fail("malformed", { at: [node, "ipv6_address"], data });
      else if (why !== null) fail("unusable", { at: [node, "ipv6_address"], data: { ...data, why } });
    }

    if (gatewayText === undefined) return;
    const at = [node, "ipv6_gateway"] as const;
    const data = { field: "ipv6_gateway", address: gatewayText, node: node.name };
    const gateway = parseIpAddress(gatewayText);
    if (gateway?.version !== 6) {
      fail("malformed", { at, data });
      return;
    }
    if (isLinkLocal(gateway)) return;
    const why = whyNoHostAddress(gateway);
    if (why !== null) {
      fail("unusableGateway", { at, data: { ...data, why } });
      return;
    }
    if (address?.version !== 6) return;
    if (gateway.value === address.value) {
      fail("ownAddress", { at, data });
      return;
    }
    // Pexip requires no prefix length; interface identifiers are 64 bits long (RFC 4291 section 2.5.4).
    if (gateway.value >> INTERFACE_BITS !== address.value >> INTERFACE_BITS) {
      fail("outOfReach", { at, data: { ...data, own: address.canonical } });
    }
  },
});
