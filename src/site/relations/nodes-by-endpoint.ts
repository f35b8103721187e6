import type { Endpoint } from "../../values/network/endpoint.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { canonicalIp } from "../../values/network/ip-address.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { Missing } from "../core/missing.ts";
import { complete, type PartialList } from "../core/partial-list.ts";

const ADDRESSES = ["address", "secondary_address", "static_nat_address", "ipv6_address"] as const;
const NAMES = ["hostname", "fqdn", "alternative_fqdn"] as const;

/**
 * Finds the nodes of an endpoint by their addresses and names, without contacting servers. The result has the gaps that
 * may hide one: a node without `address`, with one that cannot be read or, for a name with a domain, without `domain`.
 */
export function nodesByEndpoint(nodes: readonly Node[]): (endpoint: Endpoint) => PartialList<Node> {
  const index = new Map<string, Node[]>();
  const add = (key: string, node: Node) => {
    const group = index.get(key) ?? [];
    if (!group.includes(node)) group.push(node);
    index.set(key, group);
  };
  const addressGaps: Missing[] = [];
  const nameGaps: Missing[] = [];
  for (const node of nodes) {
    for (const field of ADDRESSES) {
      const address = node.read(field);
      if (!address.known) {
        if (field === "address") addressGaps.push(...address.missing);
        continue;
      }
      const canonical = canonicalIp(address.value);
      if (canonical !== null) add(canonical, node);
      else addressGaps.push(notAnAddress(node, field, address.value));
    }
    for (const field of NAMES) {
      const name = node.read(field);
      if (name.known) add(canonicalName(name.value), node);
      else if (field === "fqdn") nameGaps.push(...name.missing);
    }
  }
  return ({ host, isAddress }) => {
    const items = index.get(host) ?? [];
    if (isAddress) return { items, missing: addressGaps };
    return host.includes(".") ? { items, missing: nameGaps } : complete(items);
  };
}

function notAnAddress(node: Node, field: (typeof ADDRESSES)[number], written: string): Missing {
  return {
    what: `${field} ${quoted(written)} of node ${node.name} is not an IP address`,
    sourceRef: node.sourceRefOf(field),
    isUnusable: true,
  };
}
