import type { Node } from "../deployment/deployment-objects.ts";
import type { Cluster, Host } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import type { HostSet } from "../estate/host-set.ts";
import { complete, type PartialList, union } from "../core/partial-list.ts";
import type { Field } from "../core/site-object.ts";

/** The hosts of some nodes, each once: those in their clusters, or those of them that can run the nodes. */
export function hostsOf(
  { items, missing }: PartialList<Node>,
  which: "clusterHosts" | "runnableHosts",
): PartialList<Host> {
  const sets = new Set(items.map((node) => node[which]));
  return union<Host>([...[...sets].map(({ hosts }) => hosts), { items: [], missing }]);
}

/** The clusters that nodes are placed on, or that contain one of their hosts. */
export function clustersOf({ items, missing }: PartialList<Node>, estate: Estate): PartialList<Cluster> {
  const seen = new Set<HostSet>();
  const found = items.flatMap((node): readonly PartialList<Cluster>[] => {
    const named = namedClusters(node, estate).map((cluster): PartialList<Cluster> => {
      if (!cluster.known) return { items: [], missing: cluster.missing };
      return complete(cluster.value === null ? [] : [cluster.value]);
    });
    const set = node.clusterHosts;
    if (seen.has(set)) return named;
    seen.add(set);
    return [...named, { items: [], missing: set.hosts.missing }, set.clusters];
  });
  return union([...found, { items: [], missing }]);
}

function namedClusters(node: Node, estate: Estate): readonly Field<Cluster | null>[] {
  const machine = node.read("virtualMachine");
  if (machine.known && machine.value !== null) return [machine.value.read("inCluster")];
  const name = node.plan.read("cluster");
  if (!name.known) return [];
  const datacenter = node.plan.read("datacenter");
  const scope = datacenter.known ? datacenter.value : undefined;
  return [estate.cluster(name.value, scope, node.plan.sourceRefOf("cluster"))];
}
