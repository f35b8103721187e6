import type { Topology } from "../schema/report.generated.ts";
import type { Node } from "../site/deployment/deployment-objects.ts";
import type { Site } from "../site/site.ts";
import { type Field, ownName } from "../site/core/site-object.ts";

/** The placement of nodes, with the names of the subjects of checks. */
export function topologyOf(site: Site): Topology {
  return {
    locations: site.locations.map(({ name }) => ({ name })),
    nodes: site.nodes.map((node) => ({
      name: node.name,
      role: node.role,
      location: locationOf(node),
      host: node.hostPlacement.host?.name ?? null,
      ...vmOf(node),
      cluster: node.hostPlacement.cluster?.name ?? null,
      certain: node.clusterHosts.hosts.missing.length === 0 && node.hostPlacement.open.length === 0,
    })),
    hosts: site.relations.hostsInUse.items.map((host) => ({
      name: host.name,
      cluster: nameIn(host.read("inCluster")),
    })),
    clusters: site.relations.clustersInUse.items.map(({ name }) => ({ name })),
  };
}

function locationOf(node: Node): string | null {
  return node.role === "management" ? null : nameIn(node.read("inLocation"));
}

function vmOf(node: Node): { readonly vm?: string } {
  const machine = node.read("virtualMachine");
  return machine.known && machine.value !== null ? { vm: ownName(machine.value) } : {};
}

function nameIn(field: Field<{ readonly name: string } | null>): string | null {
  return field.known ? (field.value?.name ?? null) : null;
}
