import { canonicalName } from "../../values/network/host-name.ts";
import { type Node, PortGroup } from "../deployment/deployment-objects.ts";
import type { SourceRef } from "../core/missing.ts";
import { byName } from "../core/names.ts";
import { ownName, type SiteObject } from "../core/site-object.ts";
import type { Site } from "../site.ts";

/**
 * Where the deployment names what is judged: for objects that stand in a workbook or on a server, and so on no line of
 * any file. A host is named by the node that is placed on it, or on its cluster; what hangs on a host, by that host's.
 */
export class Mentions {
  readonly #site: Site;
  #places: ReadonlyMap<SiteObject, SourceRef> | null = null;

  constructor(site: Site) {
    this.#site = site;
  }

  /** The nearest place in the deployment; its root for what no node leads to. */
  of(subject: SiteObject): SourceRef {
    const root = this.#site.deployment.sourceRef;
    if (subject.sourceRef.document === root.document) return subject.sourceRef;
    const named = subject instanceof PortGroup ? subject.host : subject;
    return (this.#places ??= placesOf(this.#site)).get(named) ?? root;
  }
}

/** The first node that names an object by its own name comes before the first that leads to it in some other way. */
function placesOf(site: Site): ReadonlyMap<SiteObject, SourceRef> {
  const exact = new Map<SiteObject, SourceRef>();
  const near = new Map<SiteObject, SourceRef>();
  const add = (object: SiteObject, node: Node, field: "host" | "cluster") => {
    const name = node.plan.read(field);
    if (name.known && canonicalName(name.value) === canonicalName(ownName(object))) {
      if (!exact.has(object)) exact.set(object, node.plan.sourceRefOf(field));
    } else if (!near.has(object)) near.set(object, nearestOf(node));
  };
  for (const node of site.nodes) {
    for (const host of node.candidateHosts.items) {
      add(host, node, "host");
      const cluster = host.read("inCluster");
      if (cluster.known && cluster.value !== null) add(cluster.value, node, "cluster");
    }
  }
  // A cluster none of whose hosts is known has only the plan that names it.
  const clusters = byName(site.clustersInUse.items, ownName);
  for (const node of site.nodes) {
    const name = node.plan.read("cluster");
    for (const cluster of (name.known && clusters.get(canonicalName(name.value))) || []) add(cluster, node, "cluster");
  }
  const sourceRefs = new Map([...near, ...exact]);
  for (const network of site.portGroupsInUse.items) {
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

/** What of a node's plan says where it is placed. */
function nearestOf(node: Node): SourceRef {
  const field = (["host", "cluster"] as const).find((name) => node.plan.isGiven(name));
  return field === undefined ? node.sourceRef : node.plan.sourceRefOf(field);
}
