import { canonicalName } from "../../values/network/host-name.ts";
import type { NetworkName, Node } from "../deployment/deployment-objects.ts";
import type { DistributedPortGroup, DistributedSwitch, Host, StandardPortGroup } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import type { HostSet } from "../estate/host-set.ts";
import { once } from "../core/once.ts";
import { complete, type PartialList, union } from "../core/partial-list.ts";
import { derivedTable, type Field, SiteObject, type SiteObjectInit, unknown } from "../core/site-object.ts";
import { keptIn } from "../core/kept-reads.ts";

/** A network in use on one host: the standard port group and the distributed ones of that name. */
export interface PortGroupFields {
  readonly standard?: StandardPortGroup | null;
  readonly distributed?: readonly DistributedPortGroup[];
}

/** A port group in use on a host: `esxi01.example.com/conferencing`. */
export class PortGroup extends SiteObject<PortGroupFields> {
  constructor(
    init: SiteObjectInit<PortGroupFields>,
    readonly host: Host,
  ) {
    super(init);
  }

  /** Whether the host is known to have no port group of that name. */
  get isAbsent(): boolean {
    const distributed = this.read("distributed");
    if (!distributed.known || distributed.value.length > 0) return false;
    const standard = this.read("standard");
    return standard.known && standard.value === null;
  }
}

/**
 * The networks of the nodes on each of the hosts that can run them, one object per network and host. A host that is known
 * to lack a network is left to vm/network-on-every-host, unless it is a node's own host, or no host has the network.
 */
export class NetworksInUse {
  readonly portGroups: PartialList<PortGroup>;
  readonly #estate: Estate;
  readonly #found = new Map<string, PortGroup>();
  readonly #distributedSwitches = once(() => distributedSwitchesOf(this.portGroups, this.#estate));

  constructor(nodes: PartialList<Node>, estate: Estate) {
    this.#estate = estate;
    const gaps: PartialList<never>[] = [{ items: [], missing: nodes.missing }];
    const inUse = new Set<PortGroup>();
    const seen = new Map<HostSet, Set<string>>();
    for (const { runnableHosts, hostPlacement, networks } of nodes.items) {
      let names = seen.get(runnableHosts);
      if (names === undefined) {
        seen.set(runnableHosts, (names = new Set()));
        gaps.push({ items: [], missing: runnableHosts.hosts.missing });
      }
      if (networks.missing.length > 0) gaps.push({ items: [], missing: networks.missing });
      for (const network of networks.items) {
        const name = canonicalName(network.name);
        if (!names.has(name)) {
          const groups = runnableHosts.hosts.items.map((host) => this.on(host, network));
          const present = groups.filter((group) => !group.isAbsent);
          for (const group of present.length > 0 ? present : groups) inUse.add(group);
        }
        names.add(name);
        if (hostPlacement.host !== null) inUse.add(this.on(hostPlacement.host, network));
      }
    }
    this.portGroups = { items: [...inUse], missing: union(gaps).missing };
  }

  /** Distributed switches that carry a network of a node. */
  get distributedSwitches(): PartialList<DistributedSwitch> {
    return this.#distributedSwitches();
  }

  /** The network of that name on the host; also of a network and a host that no node brings together. */
  on(host: Host, network: NetworkName): PortGroup {
    const key = keyOf(host, network.name);
    return keptIn(this.#found, key, () => portGroup(host, network, this.#estate));
  }

  /** The networks of a node on one of its candidate hosts; the secondary one second. */
  of(node: Node, host: Host): PartialList<PortGroup> {
    const { items, missing } = node.networks;
    return { items: items.map((network) => this.on(host, network)), missing };
  }
}

function distributedSwitchesOf(
  { items, missing }: PartialList<PortGroup>,
  estate: Estate,
): PartialList<DistributedSwitch> {
  const switches = items.flatMap((network): readonly Field<DistributedSwitch>[] => {
    // What carries a network that no switch of the inventory has is not known: it may be a distributed one.
    if (network.isAbsent) return [unknown(estate.gaps.object("port-group", network.name, network.sourceRef))];
    const groups = network.read("distributed");
    if (groups.known) return groups.value.map((group) => group.read("onSwitch"));
    // A network that a standard switch carries needs no distributed one.
    const standard = network.read("standard");
    return standard.known && standard.value !== null ? [] : [groups];
  });
  return union([
    { items: [], missing },
    ...switches.map((found) => (found.known ? complete([found.value]) : { items: [], missing: found.missing })),
  ]);
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
    derived: derivedTable<PortGroupFields>({
      standard: () => estate.standardPortGroup(host, name),
      distributed: () => estate.distributedPortGroupsOn(host, name),
    }),
  };
  return new PortGroup(init, host);
}
