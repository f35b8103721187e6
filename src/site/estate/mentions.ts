import { canonicalName } from "../../values/network/host-name.ts";
import { type Node, PortGroup } from "../deployment/deployment-objects.ts";
import type { Place } from "../core/missing.ts";
import { byName } from "../core/names.ts";
import { ownName, type SiteObject } from "../core/site-object.ts";
import type { Site } from "../site.ts";

/**
 * Where the deployment names what is judged: for objects that stand in a workbook or on a server, and so on no line of
 * any file. A host is named by the node that is placed on it, or on its cluster; what hangs on a host, by that host's.
 */
export class Mentions {
  readonly #site: Site;
  #places: ReadonlyMap<SiteObject, Place> | null = null;

  constructor(site: Site) {
    this.#site = site;
  }

  /** The nearest place in the deployment; its root for what no node leads to. */
  of(subject: SiteObject): Place {
    const root = this.#site.deployment.place;
    if (subject.place.document === root.document) return subject.place;
    const named = subject instanceof PortGroup ? subject.host : subject;
    return (this.#places ??= placesOf(this.#site)).get(named) ?? root;
  }
}

/** The first node that names an object by its own name comes before the first that leads to it in some other way. */
function placesOf(site: Site): ReadonlyMap<SiteObject, Place> {
  const exact = new Map<SiteObject, Place>();
  const near = new Map<SiteObject, Place>();
  const add = (object: SiteObject, node: Node, field: "host" | "cluster") => {
    const name = node.plan.read(field);
    if (name.known && canonicalName(name.value) === canonicalName(ownName(object))) {
      if (!exact.has(object)) exact.set(object, node.plan.placeOf(field));
    } else if (!near.has(object)) near.set(object, nearestOf(node));
  };
  for (const node of site.nodes) {
    for (const host of node.possibleHosts.items) {
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
  const places = new Map([...near, ...exact]);
  for (const network of site.portGroupsInUse.items) {
    const groups = network.read("distributed");
    const host = places.get(network.host);
    if (!groups.known || host === undefined) continue;
    for (const group of groups.value) {
      const onSwitch = group.read("onSwitch");
      if (onSwitch.known && !places.has(onSwitch.value)) places.set(onSwitch.value, host);
    }
  }
  return places;
}

/** What of a node's plan says where it is placed. */
function nearestOf(node: Node): Place {
  const field = (["host", "cluster"] as const).find((name) => node.plan.isGiven(name));
  return field === undefined ? node.place : node.plan.placeOf(field);
}
