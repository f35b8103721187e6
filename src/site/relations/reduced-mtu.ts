import type { LocationFields, Node } from "../deployment/deployment-objects.ts";
import type { Host } from "../estate/estate-objects.ts";
import type { Field, SiteObject } from "../core/site-object.ts";
import { nodesByHost } from "./node-groups.ts";

/** Ethernet's usual MTU, which a location or the Management Node has where it gives none. */
export const DEFAULT_MTU = 1500;

/** What gives a node its MTU: its location, or the Management Node itself. */
export function mtuOwner(node: Node): Field<SiteObject<Pick<LocationFields, "mtu" | "network_mtu">>> {
  return node.role === "management" ? { known: true, value: node } : node.read("inLocation");
}

/** The nodes on each host whose MTU may be below that of their network; for most sites, none. */
export function nodesWithReducedMtu(nodes: readonly Node[]): (host: Host) => readonly Node[] {
  return nodesByHost(nodes.filter(mayBeReduced));
}

function mayBeReduced(node: Node): boolean {
  const owner = mtuOwner(node);
  if (!owner.known) return true;
  const [own, network] = [owner.value.read("mtu"), owner.value.read("network_mtu")];
  return (own.known ? own.value : DEFAULT_MTU) < (network.known ? network.value : DEFAULT_MTU);
}
