import { canonicalName } from "../../values/network/host-name.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { Cluster } from "../estate/estate-objects.ts";
import type { HostSet } from "../estate/host-set.ts";
import type { SourceRef } from "../core/missing.ts";
import { byName } from "../core/names.ts";
import { once } from "../core/once.ts";
import { ownName, type SiteObject } from "../core/site-object.ts";
import { PortGroup } from "./networks-in-use.ts";

/** The objects of a site by which the deployment refers to others. */
interface Source {
  readonly nodes: readonly Node[];
  readonly clusters: readonly Cluster[];
  readonly portGroups: readonly PortGroup[];
}

/**
 * Finds the source location in the deployment that refers to an object, for objects of a workbook or a server, which are
 * on no line of any file: a host at the node that is placed on it or on its cluster, and the port groups of a host at
 * that host's. The root of the deployment where no node leads to the object.
 */
export function deploymentReferences(root: SourceRef, source: () => Source): (subject: SiteObject) => SourceRef {
  const references = once(() => referencesOf(source()));
  return (subject) => {
    if (subject.sourceRef.document === root.document) return subject.sourceRef;
    return references().get(subject instanceof PortGroup ? subject.host : subject) ?? root;
  };
}

/** The first node that names an object directly comes before the first that refers to it in another way. */
function referencesOf({ nodes, clusters, portGroups }: Source): ReadonlyMap<SiteObject, SourceRef> {
  const exact = new Map<SiteObject, SourceRef>();
  const near = new Map<SiteObject, SourceRef>();
  const add = (object: SiteObject, node: Node, field: "host" | "cluster") => {
    const name = node.plan.read(field);
    if (name.known && canonicalName(name.value) === canonicalName(ownName(object))) {
      if (!exact.has(object)) exact.set(object, node.plan.sourceRefOf(field));
    } else if (!near.has(object)) near.set(object, nearestOf(node));
  };
  // Of nodes with the same hosts, the first leads to each of them; the others only to the one that they name.
  const seen = new Set<HostSet>();
  for (const node of nodes) {
    const set = node.clusterHosts;
    const { host: home } = node.hostPlacement;
    const hosts = seen.has(set) ? (home === null ? [] : [home]) : set.hosts.items;
    seen.add(set);
    for (const host of hosts) add(host, node, "host");
    for (const cluster of set.clusters.items) add(cluster, node, "cluster");
  }
  // A cluster none of whose hosts is known has only the plan that names it.
  const clustersByName = byName(clusters, ownName);
  for (const node of nodes) {
    const name = node.plan.read("cluster");
    for (const cluster of (name.known && clustersByName.get(canonicalName(name.value))) || [])
      add(cluster, node, "cluster");
  }
  const sourceRefs = new Map([...near, ...exact]);
  for (const network of portGroups) {
    const groups = network.read("distributed");
    const host = sourceRefs.get(network.host);
    if (!groups.known || host === undefined) continue;
    for (const group of groups.value) {
      const onSwitch = group.read("onSwitch");
      if (onSwitch.known && !sourceRefs.has(onSwitch.value)) sourceRefs.set(onSwitch.value, host);
    }
  }
  return sourceRefs;
}

/** The keys of a node's plan that determine its placement. */
function nearestOf(node: Node): SourceRef {
  const field = (["host", "cluster"] as const).find((name) => node.plan.isGiven(name));
  return field === undefined ? node.sourceRef : node.plan.sourceRefOf(field);
}
