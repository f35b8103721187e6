import type { Node, SystemLocation } from "../deployment/deployment-objects.ts";
import type { Host } from "../estate/estate-objects.ts";
import { type PartialList, union } from "../core/partial-list.ts";

/** The conferencing nodes of each location. A node that does not tell its location may be in any of them. */
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

/** The nodes that run, or may come to run, on each host. */
export function nodesByCandidateHost(nodes: readonly Node[]): ReadonlyMap<Host, readonly Node[]> {
  const groups = new Map<Host, Node[]>();
  for (const node of nodes) for (const host of node.candidateHosts.items) put(groups, host, node);
  return groups;
}

function put<K, T>(groups: Map<K, T[]>, key: K, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
