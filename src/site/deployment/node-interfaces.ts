import { whyNoHostAddress } from "../../values/network/address-use.ts";
import { type IpAddress, parseIpAddress } from "../../values/network/ip-address.ts";
import { edgeOf, type Ipv4Interface, prefixOfMask, subnetOf, subnetText } from "../../values/network/ipv4-subnet.ts";
import type { Node } from "./deployment-objects.ts";
import { type Field, known, unknown } from "../core/site-object.ts";

type InterfaceField = "address" | "netmask" | "secondary_address" | "secondary_netmask";

/** The first interface of a node. A gap if address or mask is missing or cannot be read. */
export function primaryInterface(node: Node): Field<Ipv4Interface> {
  return interfaceOf(node, "address", "netmask");
}

/** The second interface, which is optional; null if neither its address nor its mask is set. */
export function secondaryInterface(node: Node): Field<Ipv4Interface | null> {
  const given = [node.read("secondary_address"), node.read("secondary_netmask")].some((field) => field.known);
  return given ? interfaceOf(node, "secondary_address", "secondary_netmask") : known(null);
}

/** A gap at an unusable value, for which network/ipv4-address fails. */
function interfaceOf(
  node: Node,
  addressField: "address" | "secondary_address",
  maskField: "netmask" | "secondary_netmask",
): Field<Ipv4Interface> {
  const address = ipv4Of(node, addressField);
  if (!address.known) return address;
  if (maskField === "secondary_netmask" && !node.isGiven(maskField)) {
    // network/secondary-interface fails at the address.
    return unusable(node, addressField, `${address.value.canonical} of node ${node.name} has no secondary_netmask`);
  }
  const mask = ipv4Of(node, maskField);
  if (!mask.known) return mask;
  const { canonical } = address.value;
  const why = whyNoHostAddress(address.value);
  if (why !== null) return unusable(node, addressField, `${canonical} of node ${node.name} is ${why}`);
  const prefix = prefixOfMask(mask.value);
  if (prefix === null)
    return unusable(node, maskField, `${mask.value.canonical} of node ${node.name} is not a network mask`);
  const subnet = subnetOf(address.value, prefix);
  const edge = edgeOf(subnet, address.value);
  if (edge === null) return known({ address: address.value, subnet });
  return unusable(
    node,
    addressField,
    `${canonical} of node ${node.name} is the ${edge} address of ${subnetText(subnet)}`,
  );
}

function ipv4Of(node: Node, field: InterfaceField): Field<IpAddress> {
  const text = node.read(field);
  // network/ipv4-address fails where a value is missing that every node needs.
  if (!text.known) return unknown(...text.missing.map((gap) => ({ ...gap, isUnusable: true }) as const));
  const address = parseIpAddress(text.value);
  if (address?.version === 4) return known(address);
  return unusable(node, field, `${JSON.stringify(text.value)} of node ${node.name} is not an IPv4 address`);
}

function unusable(node: Node, field: InterfaceField, what: string): Field<never> {
  return unknown({ what: `${field} ${what}`, sourceRef: node.sourceRefOf(field), isUnusable: true });
}
