import { canonicalName } from "../values/host-name.ts";
import { type NetworkName, type Node, PortGroup } from "./deployment-objects.ts";
import type { Host } from "./estate-objects.ts";
import type { Estate } from "./estate.ts";
import { type Roster, union } from "./roster.ts";

export interface NetworksInUse {
  readonly portGroups: Roster<PortGroup>;
  /** The one of that name on the host. */
  readonly on: (host: Host, network: string) => PortGroup | undefined;
}

/** The networks of the nodes on each of their possible hosts, one object a network and host. */
export function networksInUse(nodes: Roster<Node>, estate: Estate): NetworksInUse {
  const found = new Map<string, PortGroup>();
  const gaps: Roster<never>[] = [{ items: [], missing: nodes.missing }];
  for (const { possibleHosts: hosts, networks } of nodes.items) {
    gaps.push({ items: [], missing: [...hosts.missing, ...networks.missing] });
    for (const host of hosts.items) {
      for (const network of networks.items) {
        const key = keyOf(host, network.name);
        if (!found.has(key)) found.set(key, portGroup(host, network, estate));
      }
    }
  }
  return {
    portGroups: { items: [...found.values()], missing: union(gaps).missing },
    on: (host, network) => found.get(keyOf(host, network)),
  };
}

function keyOf(host: Host, network: string): string {
  return `${canonicalName(host.name)}/${canonicalName(network)}`;
}

function portGroup(host: Host, { name, place }: NetworkName, estate: Estate): PortGroup {
  const full = `${host.name}/${name}`;
  const init = {
    kind: "port-group",
    name: full,
    descriptions: [],
    place,
    missing: () => estate.gaps.object("port-group", full, place),
    derived: {
      standard: () => estate.standardPortGroup(host, name),
      distributed: () => estate.distributedPortGroupsOn(host, name),
    },
  };
  return new PortGroup(init, host);
}
