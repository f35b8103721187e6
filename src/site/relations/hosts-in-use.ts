import type { Node } from "../deployment/deployment-objects.ts";
import type { Cluster, Host } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import type { HostSet } from "../estate/host-set.ts";
import { oncePer } from "../core/once.ts";
import type { Missing } from "../core/missing.ts";
import { type PartialList, union } from "../core/partial-list.ts";
import { type Field, known, type SiteObject } from "../core/site-object.ts";

/** The hosts of some nodes without duplicates: those of their clusters, or those of them that can run the nodes. */
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
  const clusters = new Set<Cluster>();
  const gaps: Missing[] = [];
  for (const node of items) {
    const named = namedCluster(node, estate);
    if (!named.known) gaps.push(...named.missing);
    else if (named.value !== null) clusters.add(named.value);
    const set = node.clusterHosts;
    if (seen.has(set)) continue;
    seen.add(set);
    for (const cluster of set.clusters.items) clusters.add(cluster);
    gaps.push(...set.hosts.missing, ...set.clusters.missing);
  }
  return union([{ items: [...clusters], missing: [...gaps, ...missing] }]);
}

function namedCluster(node: Node, estate: Estate): Field<Cluster | null> {
  const machine = node.read("virtualMachine");
  if (machine.known && machine.value !== null) return machine.value.read("inCluster");
  const name = node.plan.read("cluster");
  if (!name.known) return known(null);
  const datacenter = node.plan.read("datacenter");
  const scope = datacenter.known ? datacenter.value : undefined;
  return estate.cluster(name.value, scope, node.plan.sourceRefOf("cluster"));
}

/** Why a host without nodes matters to the deployment, in words, and the value of the plan that refers to it. */
export interface HostPath {
  readonly message: string;
  readonly at: readonly [object: SiteObject, field?: string];
}

/** How a node may move to another host of its cluster; undefined if it is on that host, or not in a cluster. */
export function pathsTo(host: Host, node: Node): readonly HostPath[] {
  const { host: home, cluster, movedBy } = node.hostPlacement;
  if (home === host || cluster === null) return [];
  const how =
    home === null
      ? `node ${node.name} is placed on that cluster`
      : movedBy === "HA"
        ? `HA may restart node ${node.name} on it`
        : `${movedBy ?? "HA or DRS"} may move node ${node.name} to it`;
  const field = (["cluster", "host"] as const).find((key) => node.plan.isGiven(key));
  const at: HostPath["at"] = field === undefined ? [node] : [node.plan, field];
  return [{ message: `${host.name} is in cluster ${cluster.name}; ${how}`, at }];
}

/** The same for hosts as subjects: for the first node that may run there; null for a host with a node. */
export function hostPaths(nodes: readonly Node[], nodesOn: (host: Host) => readonly Node[]) {
  const homes = new Set(nodes.map((node) => node.hostPlacement.host));
  return oncePer((host: Host): HostPath | null => {
    if (homes.has(host)) return null;
    for (const node of nodesOn(host)) for (const path of pathsTo(host, node)) return path;
    return null;
  });
}
