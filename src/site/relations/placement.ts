import type { Cluster, Host, VirtualMachine } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import type { HostSet, NoHost } from "../estate/host-set.ts";
import { type HostLimit, limitOf } from "../estate/vm-host-rules.ts";
import type { HostPlacement, NetworkName, Node } from "../deployment/deployment-objects.ts";
import { complete, type PartialList } from "../core/partial-list.ts";
import { type Field, known, ownName, unknown } from "../core/site-object.ts";
import type { Missing } from "../core/missing.ts";

/**
 * The hosts that a node's VM runs on or may come to run on: its VM's host (or the planned one), and every host of its
 * cluster when HA or DRS is on or unknown, or when no host is known. Those that it may come to only if what is unknown
 * turns out that way are not certain.
 */
export function placementOf(node: Node, estate: Estate): HostPlacement {
  const machine = node.read("virtualMachine");
  const vm = machine.known ? machine.value : null;
  const { host, cluster } = vm === null ? planned(node, estate) : actual(vm);
  const none = nowhere(node);
  // Without knowing whether the node has a VM, the plan may be out of date.
  const gaps: readonly Missing[] = machine.known ? [] : machine.missing;
  const own: PartialList<Host> = host === null ? complete([]) : partialListOf(host);
  const [home = null] = own.items;
  const stays = { items: own.items, missing: [...gaps, ...own.missing] };
  const certainly = (inside: Cluster | null, clusterHosts: HostSet): HostPlacement => {
    return { host: home, cluster: inside, movedBy: null, clusterHosts, certainHosts: clusterHosts, open: [] };
  };
  const onItsHost = (hosts: PartialList<Host>) => certainly(null, estate.hostSets.of(hosts, none));
  if (!cluster.known) return onItsHost({ ...stays, missing: [...stays.missing, ...cluster.missing] });
  if (cluster.value === null) {
    const isNowhere = stays.items.length === 0 && stays.missing.length === 0;
    return onItsHost(isNowhere ? { items: [], missing: [none] } : stays);
  }

  // A VM whose host is not known is on one of its cluster's; a planned host that cannot be found may be any.
  const missing = [...gaps, ...(vm === null ? own.missing : [])];
  const limits =
    vm === null ? plannedLimits(node) : estate.vmHostRules.of(cluster.value, ownName(vm)).map((rule) => limitOf(rule));
  const all = estate.hostSets.inCluster(cluster.value, home, { missing, limits, none });
  if (host === null) return certainly(cluster.value, all);
  const { movedBy, missing: open } = movement(cluster.value, vm);
  if (movedBy === null && open.length === 0 && home !== null) return onItsHost(stays);
  const count = all.hosts.items.length;
  const isOnlyHost = count === 1 && cluster.value.hosts.missing.length === 0;
  if (movedBy !== null || isOnlyHost || count === own.items.length) {
    return { ...certainly(cluster.value, all), movedBy };
  }
  const certainHosts = estate.hostSets.of(stays, none);
  return { ...certainly(cluster.value, all), certainHosts, open: [...own.missing, ...open] };
}

interface Position {
  /** Null when no host is named: any host of the cluster is possible. */
  readonly host: Field<Host> | null;
  readonly cluster: Field<Cluster | null>;
}

function actual(machine: VirtualMachine): Position {
  const host = machine.read("onHost");
  const cluster = machine.read("inCluster");
  // In a cluster the host is one of its members; alone it is a gap.
  return host.known || cluster.known ? { host, cluster } : { host, cluster: known(null) };
}

function planned(node: Node, estate: Estate): Position {
  const datacenter = valueOf(node.plan.read("datacenter"));
  const hostName = valueOf(node.plan.read("host"));
  const clusterName = valueOf(node.plan.read("cluster"));
  const host = hostName === undefined ? null : estate.host(hostName, datacenter, node.plan.sourceRefOf("host"));
  if (clusterName !== undefined) {
    return { host, cluster: estate.cluster(clusterName, datacenter, node.plan.sourceRefOf("cluster")) };
  }
  if (host === null) return { host, cluster: known(null) };
  return { host, cluster: host.known ? host.value.read("inCluster") : unknown(...host.missing) };
}

/** Until a node has its VM, `vm.only_hosts` counts as enforced; vm/only-hosts checks that afterwards. */
function plannedLimits(node: Node): readonly HostLimit[] {
  const only = node.plan.read("only_hosts");
  if (!only.known || !node.read("virtualMachine").known) return [];
  const names = new Set(only.value.map(canonicalName));
  return [
    {
      key: `only ${[...names].join()}`,
      allows: (host) => names.has(canonicalName(ownName(host))),
      by: `vm.only_hosts of node ${node.name}`,
      sourceRef: node.plan.sourceRefOf("only_hosts"),
    },
  ];
}

const HA_MOVES = ["ha_enabled", "ha_host_monitoring"] as const;
const DRS_MOVES = ["drs_enabled"] as const;

/**
 * What may bring a VM to another host: HA or DRS. Null when nothing does, or with the gaps because of which it is
 * unknown. One of them is enough. HA does so only while it monitors hosts, and not for a VM without a restart priority;
 * DRS not for one that is excluded from it.
 */
function movement(
  cluster: Cluster,
  vm: VirtualMachine | null,
): { readonly movedBy: HostPlacement["movedBy"]; readonly missing: readonly Missing[] } {
  const priority = vm === null ? undefined : valueOf(vm.read("ha_restart_priority"));
  const isLeftByHa = priority?.trim().toLowerCase() === "disabled";
  const isLeftByDrs = vm !== null && valueOf(vm.read("drs_behavior")) === "disabled";
  const missing: Missing[] = [];
  const parts = [...(isLeftByHa ? [] : [HA_MOVES]), ...(isLeftByDrs ? [] : [DRS_MOVES])];
  for (const fields of parts) {
    const conditions = fields.map((field) => cluster.read(field));
    if (conditions.some((each) => each.known && !each.value)) continue;
    const [gaps] = conditions.flatMap((each) => (each.known ? [] : [each.missing]));
    if (gaps === undefined) return { movedBy: fields === HA_MOVES ? "HA" : "DRS", missing: [] };
    missing.push(...gaps);
  }
  if (missing.length === 0) return { movedBy: null, missing };
  const question = `it determines whether nodes may run on the other hosts of cluster ${cluster.name}`;
  return { movedBy: null, missing: missing.map((gap) => ({ ...gap, what: `${gap.what}; ${question}` })) };
}

function partialListOf<T>(field: Field<T>): PartialList<T> {
  return field.known ? complete([field.value]) : { items: [], missing: field.missing };
}

function nowhere(node: Node): NoHost {
  return {
    what: "the placement of the node is unknown: no VM in the inventory, no vm.host, no vm.cluster",
    sourceRef: node.plan.sourceRefOf("host"),
  };
}

/** The networks that a node's VM is attached to; the planned ones while it has no VM. */
export function networks(node: Node): PartialList<NetworkName> {
  const machine = node.read("virtualMachine");
  if (machine.known && machine.value !== null) return attachedNetworks(machine.value);
  const missing: Missing[] = machine.known ? [] : [...machine.missing];
  const items: NetworkName[] = [];
  for (const key of ["network", "secondary_network"] as const) {
    const name = node.plan.read(key);
    if (name.known) items.push({ name: name.value, sourceRef: node.plan.sourceRefOf(key) });
    else if (key === "network") missing.push(...name.missing);
  }
  return { items, missing };
}

function attachedNetworks(machine: VirtualMachine): PartialList<NetworkName> {
  const nics = machine.entries("nics");
  if (!nics.known) return { items: [], missing: nics.missing };
  const items: NetworkName[] = [];
  const missing: Missing[] = [];
  for (const nic of nics.value) {
    const network = nic.read("network");
    if (network.known) items.push({ name: network.value, sourceRef: nic.sourceRefOf("network") });
    else missing.push(...network.missing);
  }
  if (nics.value.length === 0) {
    const what = "the node's VM has no network adapter in the inventory";
    missing.push({ what, sourceRef: machine.sourceRefOf("nics") });
  }
  return missing.length === 0 ? complete(items) : { items, missing };
}

function valueOf<T>(field: Field<T>): T | undefined {
  return field.known ? field.value : undefined;
}
