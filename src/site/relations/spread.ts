import { canonicalName } from "../../values/network/host-name.ts";
import type { Datastore } from "../estate/datastores.ts";
import type { NetworkName, Node } from "../deployment/deployment-objects.ts";
import type { PortGroup } from "./networks-in-use.ts";
import type { DistributedSwitch, Host } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import type { HostSet } from "../estate/host-set.ts";
import { type Missing, distinctGaps, positionsOf } from "../core/missing.ts";
import { oncePer } from "../core/once.ts";
import type { PartialList } from "../core/partial-list.ts";
import { type Field, known, ownName, type SiteObject, unknown } from "../core/site-object.ts";
import { keptIn } from "../core/kept-reads.ts";

type At = readonly [object: SiteObject, field: string];

/** The hosts of a set that have a network or datastore. */
export interface Reach {
  /** The hosts that have it. */
  readonly on: readonly Host[];
  /**
   * The hosts that are known not to have it, each with the source location where it would be; null for a datastore that
   * no list has.
   */
  readonly off: readonly { readonly host: Host; readonly at: At | null }[];
  /** Why it is unknown for each other host. */
  readonly open: ReadonlyMap<Host, readonly Missing[]>;
  /** All of these gaps, without duplicates. */
  readonly missing: readonly Missing[];
}

/** A network or datastore that a node uses, and which of its hosts have it. */
export interface Use {
  readonly kind: "network" | "datastore";
  readonly name: string;
  /** Where the node's VM names it, or its plan while there is no VM. */
  readonly namedAt: At;
  readonly reach: Reach;
}

/** The networks and datastores that a node uses, without duplicates, with the gaps that may hide more. */
export interface Spread {
  readonly networks: PartialList<Use>;
  /** Networks that the plan names though the node has a VM, which is not attached to them. */
  readonly plannedNetworks: readonly Use[];
  /** A gap, too, when no datastore is planned yet. */
  readonly datastores: PartialList<Use>;
}

/** Networks and datastores on the hosts that nodes may run on, found once for all nodes with the same hosts. */
export class Spreads {
  readonly #estate: Estate;
  readonly #portGroupOn: (host: Host, network: NetworkName) => PortGroup;
  readonly #networks = oncePer<HostSet, Map<string, Reach>>(() => new Map());
  readonly #datastoresOf = oncePer((node: Node): PartialList<Use> => {
    const { names, missing } = datastoreNames(node);
    return { items: names.map((named) => this.#datastore(named, node)), missing };
  });
  readonly #datastores = oncePer<HostSet, Map<string, Reach>>(() => new Map());

  constructor(estate: Estate, portGroupOn: (host: Host, network: NetworkName) => PortGroup) {
    this.#estate = estate;
    this.#portGroupOn = portGroupOn;
  }

  /** The networks and datastores of a node. */
  of(node: Node): Spread {
    const networks = distinct(networkNames(node));
    const names = new Set(networks.map(({ name }) => canonicalName(name)));
    const planned = distinct(plannedNames(node)).filter(({ name }) => !names.has(canonicalName(name)));
    return {
      networks: { items: networks.map((named) => this.#network(named, node)), missing: node.networks.missing },
      plannedNetworks: planned.map((named) => this.#network(named, node)),
      datastores: this.datastoresOf(node),
    };
  }

  /** Its datastores alone. */
  datastoresOf(node: Node): PartialList<Use> {
    return this.#datastoresOf(node);
  }

  #network({ name, at }: Named, { clusterHosts }: Node): Use {
    const [object, field] = at;
    const network = { name, sourceRef: object.sourceRefOf(field) };
    const reach = keptIn(this.#networks(clusterHosts), canonicalName(name), () =>
      networkReach(network, clusterHosts.hosts.items, this.#portGroupOn, this.#estate),
    );
    return { kind: "network", name, namedAt: at, reach };
  }

  #datastore({ name, at }: Named, { clusterHosts, hostPlacement }: Node): Use {
    const called = this.#estate.datastores.called(name);
    // Of several with one name, it depends on the node's host which is the node's.
    const key = called.items.length < 2 ? "" : (hostPlacement.host?.name ?? "");
    const fullKey = `${canonicalName(name)} ${key}`;
    const reach = keptIn(this.#datastores(clusterHosts), fullKey, () =>
      datastoreReach(name, clusterHosts.hosts.items, hostPlacement.host, this.#estate),
    );
    return { kind: "datastore", name, namedAt: at, reach };
  }
}

interface Named {
  readonly name: string;
  readonly at: At;
}

function networkNames(node: Node): readonly Named[] {
  const machine = node.read("virtualMachine");
  if (!machine.known || machine.value === null) return plannedNames(node);
  const nics = machine.value.entries("nics");
  return nics.known ? nics.value.flatMap((nic) => namesIn(nic, "network")) : [];
}

function plannedNames(node: Node): readonly Named[] {
  return [...namesIn(node.plan, "network"), ...namesIn(node.plan, "secondary_network")];
}

function namesIn<K extends string>(object: SiteObject<{ readonly [F in K]?: string }>, field: K): readonly Named[] {
  const name = object.read(field) as Field<string>;
  return name.known ? [{ name: name.value, at: [object, field] }] : [];
}

function distinct(names: readonly Named[]): readonly Named[] {
  if (names.length < 2) return names;
  return [...new Map(names.toReversed().map((named) => [canonicalName(named.name), named])).values()].toReversed();
}

function networkReach(
  network: NetworkName,
  hosts: readonly Host[],
  portGroupOn: (host: Host, network: NetworkName) => PortGroup,
  estate: Estate,
): Reach {
  // Nothing carries the network, and VMs use it: what they use is not listed.
  const unlisted = estate.names.networkInUse(network.name);
  const found = hosts.map((host) => {
    const carrier = carrierOf(portGroupOn(host, network));
    const isNowhere = carrier.known && carrier.value === null;
    return { host, carrier: unlisted !== null && isNowhere ? unknown(unlisted) : carrier };
  });
  const carriers = found.flatMap(({ carrier }) => (carrier.known ? [carrier.value] : []));
  const distributed = carriers.find((carrier) => carrier !== null && carrier !== "standard");
  return {
    on: found.filter(({ carrier }) => carrier.known && carrier.value !== null).map(({ host }) => host),
    off: found
      .filter(({ carrier }) => carrier.known && carrier.value === null)
      .map(({ host }) => ({ host, at: distributed == null ? [host, "port_groups"] : [distributed, "hosts"] })),
    ...openOn(found.map(({ host, carrier }) => ({ host, field: carrier }))),
  };
}

function openOn(
  found: readonly { readonly host: Host; readonly field: Field<unknown> }[],
): Pick<Reach, "open" | "missing"> {
  const open = found.flatMap(({ host, field }) => (field.known ? [] : [[host, field.missing] as const]));
  return { open: new Map(open), missing: distinctGaps(open.flatMap(([, missing]) => missing)) };
}

/** The switch of a network on a host: a standard switch, a distributed one of which the host is a member, or none. */
function carrierOf(portGroup: PortGroup): Field<"standard" | DistributedSwitch | null> {
  const standard = portGroup.read("standard");
  if (standard.known && standard.value !== null) return known("standard");
  const gaps: Missing[] = standard.known ? [] : [...standard.missing];
  const groups = portGroup.read("distributed");
  if (!groups.known) return unknown(...gaps, ...groups.missing);
  for (const group of groups.value) {
    const onSwitch = group.read("onSwitch");
    const members = onSwitch.known ? onSwitch.value.read("memberNames") : onSwitch;
    if (!onSwitch.known || !members.known) gaps.push(...(members.known ? [] : members.missing));
    else if (members.value.has(canonicalName(ownName(portGroup.host)))) return known(onSwitch.value);
    else
      gaps.push({
        what: "distributed_switches.hosts.name is not in the inventory",
        sourceRef: onSwitch.value.sourceRef,
      });
  }
  return gaps.length === 0 ? known(null) : unknown(...gaps);
}

function datastoreNames(node: Node): { readonly names: readonly Named[]; readonly missing: readonly Missing[] } {
  const machine = node.read("virtualMachine");
  const deployed = machine.known ? machine.value : null;
  const disks = deployed === null ? known([node.plan]) : deployed.entries("disks");
  if (!disks.known) return { names: [], missing: disks.missing };
  const gaps = disks.value.flatMap((disk: SiteObject<{ readonly datastore?: string }>) => {
    const name = disk.read("datastore");
    return name.known ? [] : name.missing;
  });
  if (deployed !== null && disks.value.length === 0) {
    gaps.push({ what: "the node's VM has no disk in the inventory", sourceRef: deployed.sourceRefOf("disks") });
  }
  return {
    names: distinct(disks.value.flatMap((disk) => namesIn(disk, "datastore"))),
    missing: distinctGaps([...(machine.known ? [] : machine.missing), ...gaps]),
  };
}

/**
 * A datastore cluster serves a host when one of its datastores does. Of several datastores of one name the node's is any
 * that reaches its host (one of its hosts while none is known).
 */
function datastoreReach(name: string, hosts: readonly Host[], home: Host | null, estate: Estate): Reach {
  const called = estate.datastores.called(name);
  const near = called.items.filter((datastore) => mayReach(datastore, home === null ? hosts : [home], estate));
  const equals = near.length > 0 ? near : called.items;
  const candidates = equals.length > 0 ? equals : estate.datastores.inCluster(name);
  const unlisted = candidates.length === 0 ? called.missing : [];
  const found = hosts.map((host) => {
    const serving = servingOf(host, candidates, unlisted, estate);
    return { host, serving: equals.length > 1 ? unlessAmbiguous(serving, host, equals, estate) : serving };
  });
  const inUse = found.flatMap(({ serving }) => (serving.known ? (serving.value ?? []) : []));
  const [expected] = [...inUse, ...candidates];
  return {
    on: found.filter(({ serving }) => serving.known && serving.value !== null).map(({ host }) => host),
    off: found
      .filter(({ serving }) => serving.known && serving.value === null)
      .map(({ host }) => ({ host, at: expected === undefined ? null : [expected, "hosts"] })),
    ...openOn(found.map(({ host, serving }) => ({ host, field: serving }))),
  };
}

function mayReach(datastore: Datastore, hosts: readonly Host[], estate: Estate): boolean {
  const reached = estate.datastores.hostsOf(datastore);
  if (estate.datastores.moreHostsOf(datastore).length > 0) return true;
  return !reached.known || hosts.some((host) => reached.value.has(canonicalName(ownName(host))));
}

/** A gap if only some of several datastores of one name are available on a host: the node's may be either. */
function unlessAmbiguous(
  serving: Field<Datastore | null>,
  host: Host,
  equals: readonly Datastore[],
  estate: Estate,
): Field<Datastore | null> {
  if (!serving.known || serving.value === null) return serving;
  if (equals.every((datastore) => mayReach(datastore, [host], estate))) return serving;
  const positions = positionsOf(equals.map((datastore) => datastore.sourceRefOf("hosts")));
  return unknown({
    what: `more than one datastore is named ${ownName(serving.value)}, with different hosts (${positions})`,
    sourceRef: equals[1]?.sourceRefOf("hosts") ?? null,
  });
}

/** The candidate that is available on a host, or null. Unknown for a host without inventory. */
function servingOf(
  host: Host,
  candidates: readonly Datastore[],
  unlisted: readonly Missing[],
  estate: Estate,
): Field<Datastore | null> {
  const reach = candidates.map((datastore) => ({ datastore, hosts: estate.datastores.hostsOf(datastore) }));
  const name = canonicalName(ownName(host));
  const serving = reach.find(({ hosts }) => hosts.known && hosts.value.has(name));
  if (serving !== undefined) return known(serving.datastore);
  const gaps = [
    ...unlisted,
    ...reach.flatMap(({ datastore, hosts }) =>
      hosts.known ? estate.datastores.moreHostsOf(datastore) : hosts.missing,
    ),
  ];
  if (host.descriptions.length === 0) gaps.push(estate.gaps.object("host", ownName(host), host.sourceRef));
  return gaps.length === 0 ? known(null) : unknown(...gaps);
}
