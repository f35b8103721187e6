import type { Cluster, Host, VirtualMachine } from "./estate-objects.ts";
import type { Estate } from "./estate.ts";
import type { NetworkName, Node } from "./deployment-objects.ts";
import { complete, type Roster } from "./roster.ts";
import { type Field, known, unknown } from "./site-object.ts";
import type { Missing } from "./missing.ts";

/** Where a node's VM runs or may come to run. */
export interface Home {
  /** Its VM's host, or the planned one; null when none is known. */
  readonly host: Host | null;
  /** The cluster on any of whose hosts it may come to run; null when it stays on its host, or none is known. */
  readonly cluster: Cluster | null;
  readonly possibleHosts: Roster<Host>;
}

/**
 * The hosts that a node's VM runs on or may come to run on: its VM's host (or the planned one), and every host of its
 * cluster when HA or DRS is on or unknown, or when no host is known.
 */
export function homeOf(node: Node, estate: Estate): Home {
  const machine = node.read("virtualMachine");
  const { host, cluster } = machine.known && machine.value !== null ? actual(machine.value) : planned(node, estate);
  // Without knowing whether the node has a VM, the plan may be out of date.
  const missing: Missing[] = machine.known ? [] : [...machine.missing];
  const items = new Set<Host>();
  if (host !== null) {
    if (host.known) items.add(host.value);
    else missing.push(...host.missing);
  }
  let movesIn: Cluster | null = null;
  if (!cluster.known) missing.push(...cluster.missing);
  else if (cluster.value !== null && (items.size === 0 || mayMove(cluster.value))) {
    movesIn = cluster.value;
    for (const member of movesIn.hosts.items) items.add(member);
    missing.push(...movesIn.hosts.missing);
  } else if (cluster.value === null && items.size === 0 && missing.length === 0) {
    missing.push(nowhere(node));
  }
  return {
    host: host?.known === true ? host.value : null,
    cluster: movesIn,
    possibleHosts: { items: [...items], missing },
  };
}

interface Position {
  /** Null when no host is named. */
  readonly host: Field<Host> | null;
  readonly cluster: Field<Cluster | null>;
}

function actual(machine: VirtualMachine): Position {
  const host = machine.read("onHost");
  const cluster = machine.read("inCluster");
  if (host.known) return { host, cluster };
  // In a cluster the host is one of its members; alone it is a gap.
  return cluster.known && cluster.value !== null ? { host: null, cluster } : { host, cluster: known(null) };
}

function planned(node: Node, estate: Estate): Position {
  const datacenter = valueOf(node.plan.read("datacenter"));
  const hostName = valueOf(node.plan.read("host"));
  const clusterName = valueOf(node.plan.read("cluster"));
  const host = hostName === undefined ? null : estate.host(hostName, datacenter, node.plan.placeOf("host"));
  if (clusterName !== undefined) {
    return { host, cluster: estate.cluster(clusterName, datacenter, node.plan.placeOf("cluster")) };
  }
  if (host === null) return { host, cluster: known(null) };
  return { host, cluster: host.known ? host.value.read("inCluster") : unknown(...host.missing) };
}

function mayMove(cluster: Cluster): boolean {
  return valueOf(cluster.read("ha_enabled")) !== false || valueOf(cluster.read("drs_enabled")) !== false;
}

function nowhere(node: Node): Missing {
  return {
    what: "neither a VM in the inventory nor vm.host or vm.cluster says where the node runs",
    place: node.plan.placeOf("host"),
  };
}

/** The networks that a node's VM is attached to; the planned ones while it has no VM. */
export function networks(node: Node): Roster<NetworkName> {
  const machine = node.read("virtualMachine");
  if (machine.known && machine.value !== null) return attachedNetworks(machine.value);
  const missing: Missing[] = machine.known ? [] : [...machine.missing];
  const items: NetworkName[] = [];
  for (const key of ["network", "secondary_network"] as const) {
    const name = node.plan.read(key);
    if (name.known) items.push({ name: name.value, place: node.plan.placeOf(key) });
    else if (key === "network") missing.push(...name.missing);
  }
  return { items, missing };
}

function attachedNetworks(machine: VirtualMachine): Roster<NetworkName> {
  const nics = machine.read("nics");
  if (!nics.known) return { items: [], missing: nics.missing };
  const { document, path } = machine.placeOf("nics");
  const items: NetworkName[] = [];
  const missing: Missing[] = [];
  for (const [index, nic] of nics.value.entries()) {
    const place = { document, path: [...path, index, "network"] };
    if (nic.network !== undefined) items.push({ name: nic.network, place });
    else missing.push({ what: "virtual_machines.nics.network is not in the inventory", place });
  }
  if (nics.value.length === 0)
    missing.push({ what: "the node's VM has no network adapter in the inventory", place: { document, path } });
  return missing.length === 0 ? complete(items) : { items, missing };
}

function valueOf<T>(field: Field<T>): T | undefined {
  return field.known ? field.value : undefined;
}
