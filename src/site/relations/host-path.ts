import type { Node } from "../deployment/deployment-objects.ts";
import type { Host } from "../estate/estate-objects.ts";
import { oncePer } from "../core/once.ts";
import type { SiteObject } from "../core/site-object.ts";

/** Why a host that no node is on matters to the deployment, in words, and the value of the plan that leads to it. */
export interface HostPath {
  readonly message: string;
  readonly at: readonly [object: SiteObject, field?: string];
}

/** How a node may come to run on another host of its cluster; nothing where it is on that host, or not in a cluster. */
export function pathsTo(host: Host, node: Node): readonly HostPath[] {
  const { host: home, cluster, movedBy } = node.hostPlacement;
  if (home === host || cluster === null) return [];
  const how =
    home === null
      ? `node ${node.name} is placed on that cluster`
      : movedBy === "HA"
        ? `HA may restart node ${node.name} there`
        : `${movedBy ?? "HA or DRS"} may move node ${node.name} there`;
  const field = (["cluster", "host"] as const).find((key) => node.plan.isGiven(key));
  const at: HostPath["at"] = field === undefined ? [node] : [node.plan, field];
  return [{ message: `${host.name} is in cluster ${cluster.name}; ${how}`, at }];
}

/** The same for hosts as subjects: by the first node that may come to run there; null for a host that a node is on. */
export function hostPaths(nodes: readonly Node[], nodesOn: (host: Host) => readonly Node[]) {
  const homes = new Set(nodes.map((node) => node.hostPlacement.host));
  return oncePer((host: Host): HostPath | null => {
    if (homes.has(host)) return null;
    for (const node of nodesOn(host)) for (const path of pathsTo(host, node)) return path;
    return null;
  });
}
