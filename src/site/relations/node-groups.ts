import type { LocationFields, Node, SystemLocation } from "../deployment/deployment-objects.ts";
import type { Host } from "../estate/estate-objects.ts";
import { groupBy } from "../core/names.ts";
import { oncePer } from "../core/once.ts";
import { type PartialList, union } from "../core/partial-list.ts";
import type { Field, SiteObject } from "../core/site-object.ts";

/** The Conferencing Nodes of each location. A node without a known location may be in any of them. */
export function nodesByLocation({
  items,
  missing,
}: PartialList<Node>): (location: SystemLocation) => PartialList<Node> {
  const groups = new Map<SystemLocation, Node[]>();
  const gaps: PartialList<never>[] = [{ items: [], missing }];
  for (const node of items) {
    const location = node.read("inLocation");
    if (location.known) put(groups, location.value, node);
    else gaps.push({ items: [], missing: location.missing });
  }
  const unplaced = union(gaps).missing;
  return (location) => ({ items: groups.get(location) ?? [], missing: unplaced });
}

/** The nodes that run, or may run, on a host, in document order. */
export function nodesByHost(nodes: readonly Node[]): (host: Host) => readonly Node[] {
  const bySet = groupBy(nodes, (node) => node.clusterHosts);
  const order = new Map(nodes.map((node, index) => [node, index]));
  return oncePer((host: Host) => {
    const groups = [...bySet].flatMap(([set, group]) => (set.has(host) ? [group] : []));
    const [first = [], ...others] = groups;
    return others.length === 0 ? first : groups.flat().toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  });
}

/** The default MTU of Ethernet, and of a location or the Management Node. */
export const DEFAULT_MTU = 1500;

/** The object with a node's MTU: its location, or the Management Node itself. */
function mtuOwner(node: Node): Field<SiteObject<Pick<LocationFields, "mtu" | "network_mtu">>> {
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

function put<K, T>(groups: Map<K, T[]>, key: K, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
