import type { Node } from "../deployment/deployment-objects.ts";
import type { Cluster, Host } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import { type PartialList, union } from "../core/partial-list.ts";
import type { Field } from "../core/site-object.ts";

/** The hosts that nodes run on or may come to run on. */
export function hostsOf({ items, missing }: PartialList<Node>): PartialList<Host> {
  return union<Host>([...items.map((node) => node.candidateHosts), { items: [], missing }]);
}

/** The clusters that nodes are placed on, or that hold one of their hosts. */
export function clustersOf({ items, missing }: PartialList<Node>, estate: Estate): PartialList<Cluster> {
  return union([...items.map((node) => clustersOfNode(node, estate)), { items: [], missing }]);
}

function clustersOfNode(node: Node, estate: Estate): PartialList<Cluster> {
  const hosts = node.candidateHosts;
  const clusters = [...namedClusters(node, estate), ...hosts.items.map((host) => host.read("inCluster"))];
  return {
    items: clusters.flatMap((cluster) => (cluster.known && cluster.value !== null ? [cluster.value] : [])),
    missing: [...hosts.missing, ...clusters.flatMap((cluster) => (cluster.known ? [] : cluster.missing))],
  };
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
