import { canonicalName } from "../../values/network/host-name.ts";
import { type NetworkName, type Node, PortGroup } from "../deployment/deployment-objects.ts";
import type { Host } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import { type PartialList, union } from "../core/partial-list.ts";

export interface NetworksInUse {
  readonly portGroups: PartialList<PortGroup>;
  /** The one of that name on the host; also of a network and a host that no node brings together. */
  readonly on: (host: Host, network: NetworkName) => PortGroup;
}

/** The networks of the nodes on each of their possible hosts, one object a network and host. */
export function networksInUse(nodes: PartialList<Node>, estate: Estate): NetworksInUse {
  const found = new Map<string, PortGroup>();
  const gaps: PartialList<never>[] = [{ items: [], missing: nodes.missing }];
  const on = (host: Host, network: NetworkName) => {
    const key = keyOf(host, network.name);
    const group = found.get(key) ?? portGroup(host, network, estate);
    found.set(key, group);
    return group;
  };
  for (const { candidateHosts: hosts, networks } of nodes.items) {
    gaps.push({ items: [], missing: [...hosts.missing, ...networks.missing] });
    for (const host of hosts.items) for (const network of networks.items) on(host, network);
  }
  return { portGroups: { items: [...found.values()], missing: union(gaps).missing }, on };
}

function keyOf(host: Host, network: string): string {
  return `${canonicalName(host.name)}/${canonicalName(network)}`;
}

function portGroup(host: Host, { name, sourceRef }: NetworkName, estate: Estate): PortGroup {
  const full = `${host.name}/${name}`;
  const init = {
    kind: "port-group",
    name: full,
    descriptions: [],
    sourceRef,
    missing: () => estate.gaps.object("port-group", full, sourceRef),
    derived: {
      standard: () => estate.standardPortGroup(host, name),
      distributed: () => estate.distributedPortGroupsOn(host, name),
    },
  };
  return new PortGroup(init, host);
}
