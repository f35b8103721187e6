import { withoutPrefixLength } from "../shared/entry-fixes.ts";
import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { whyNoHostAddress } from "../../src/values/network/address-use.ts";
import { parseIpAddress } from "../../src/values/network/ip-address.ts";
import { edgeOf, prefixOfMask, subnetOf, subnetText } from "../../src/values/network/ipv4-subnet.ts";

const INTERFACES = [
  { field: "address", maskField: "netmask" },
  { field: "secondary_address", maskField: "secondary_netmask" },
] as const;

/** The guide: "Enter the IP address to be assigned to this Conferencing Node when it is created." (L542; the mask: L543) */
export default defineRule({
  id: "network/ipv4-address",
  title: "Require a valid IPv4 address and network mask for every node",
  severity: "error",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "must"),
  subject: "node",
  messages: {
    missing: "Node {{node}} has no IPv4 address; set address.",
    malformed:
      "The {{field}} {{address}} of node {{node}} is not an IPv4 address; write four numbers from 0 to 255, separated by dots.",
    unusable: "The {{field}} {{address}} of node {{node}} is {{why}}; use a unicast address of the node's network.",
    edge: "The {{field}} {{address}} of node {{node}} is the {{edge}} address of {{subnet}}; use another address of the subnet.",
    mask: "The {{field}} {{mask}} of node {{node}} is not a network mask; use a contiguous mask such as 255.255.255.0.",
    wholeInternet:
      "The {{field}} {{mask}} of node {{node}} puts all addresses into the node's own subnet; enter the mask of its network.",
  },
  remediation: "Enter the node's own address and the mask of its network, as assigned by the network team.",
  // The prefix length repeats the mask and is then superfluous.
  fix: ({ data: { field, address } }, node, { known }) => {
    const own = INTERFACES.find((each) => each.field === field);
    const mask = own === undefined ? undefined : known(node, own.maskField);
    return withoutPrefixLength(address, mask);
  },
  mutations: [
    { edit: (node) => set(node, "address", "224.0.0.5") },
    { edit: (node) => set(node, "netmask", "255.255.0.255") },
  ],
  check(node, { need, known, each, fail, notApplicable }) {
    each(INTERFACES, ({ field, maskField }) => {
      const text = known(node, field);
      if (text === undefined && field === "secondary_address") notApplicable("the node has no secondary interface");
      if (text === undefined) {
        fail("missing", { at: [node, field], data: { node: node.name } });
        return;
      }

      const address = parseIpAddress(text);
      const why = address?.version === 4 ? whyNoHostAddress(address) : null;
      const data = { field, address: text, node: node.name };
      if (address?.version !== 4) fail("malformed", { at: [node, field], data });
      else if (why !== null) fail("unusable", { at: [node, field], data: { ...data, why } });

      // The gap is at the address, for which network/secondary-interface fails.
      if (maskField === "secondary_netmask" && known(node, maskField) === undefined) need(node, "secondaryInterface");
      const maskText = need(node, maskField);
      const mask = parseIpAddress(maskText);
      const prefix = mask === null ? null : prefixOfMask(mask);
      const maskData = { field: maskField, mask: maskText, node: node.name };
      if (prefix === null) {
        fail("mask", { at: [node, maskField], data: maskData });
        return;
      }
      if (prefix === 0) {
        fail("wholeInternet", { at: [node, maskField], data: maskData });
        return;
      }
      if (address?.version !== 4 || why !== null) return;
      const subnet = subnetOf(address, prefix);
      const edge = edgeOf(subnet, address);
      if (edge !== null) fail("edge", { at: [node, field], data: { ...data, edge, subnet: subnetText(subnet) } });
    });
  },
});
