import { counted } from "../../values/text/counted.ts";
import type { Cluster, ClusterRecord, Host, VirtualMachineRecord } from "./estate-objects.ts";
import type { DistributedSwitchRecord } from "./estate-objects.ts";
import type { DatastoreRecord } from "./datastores.ts";
import { type Missing, type SourceRef, distinctGaps } from "../core/missing.ts";
import type { PartialList } from "../core/partial-list.ts";
import type { Described } from "../core/description.ts";
import { once } from "../core/once.ts";
import type { Field } from "../core/site-object.ts";

/** The parts of the estate that determine the members of clusters. */
interface Source {
  readonly hosts: PartialList<Host>;
  /** What may name hosts that the list of hosts lacks. */
  readonly machines: readonly Described[];
  readonly datastores: readonly Described[];
  readonly switches: readonly Described[];
  /** Their VM/Host rules may, too. */
  readonly clusters: readonly Cluster[];
  readonly host: (name: string, datacenter: string | undefined, namedAt: SourceRef) => Field<Host>;
  readonly cluster: (name: string, datacenter: string | undefined, namedAt: SourceRef) => Field<Cluster>;
}

/**
 * The hosts of each cluster: according to the hosts themselves, and those that only a VM, with its cluster, or a
 * VM/Host rule names. Any cluster may have more while the cluster of a host is missing: a host described without it, or
 * one that is named but in no inventory.
 */
export class ClusterMembers {
  readonly #source: Source;
  readonly #named = once(() => this.#findNamed());
  readonly #grouped = once(() => this.#group());

  constructor(source: Source) {
    this.#source = source;
  }

  of(cluster: Cluster): PartialList<Host> {
    const { members, gaps } = this.#grouped();
    const items = members.get(cluster) ?? [];
    const hidden = hiddenHosts(cluster, items.length);
    if (items.length > 0 || gaps.length > 0) return { items, missing: [...gaps, ...hidden] };
    return {
      items,
      missing: [{ what: `no host of cluster ${cluster.name} is in the inventory`, sourceRef: cluster.sourceRef }],
    };
  }

  /** The cluster that VMs give for a host which no inventory describes; undefined when none does, or they differ. */
  clusterOf(host: Host): Cluster | null | undefined {
    const clusters = [...(this.#named().get(host)?.clusters ?? [])];
    return clusters.length === 1 ? clusters[0] : undefined;
  }

  #group(): { readonly members: ReadonlyMap<Cluster, readonly Host[]>; readonly gaps: readonly Missing[] } {
    const { hosts } = this.#source;
    const members = new Map<Cluster, Host[]>();
    const gaps: Missing[] = [...hosts.missing];
    const put = (cluster: Cluster, host: Host) => {
      const group = members.get(cluster);
      if (group === undefined) members.set(cluster, [host]);
      else group.push(host);
    };
    for (const host of hosts.items) {
      const membership = host.read("inCluster");
      if (!membership.known) gaps.push(...membership.missing);
      else if (membership.value !== null) put(membership.value, host);
    }
    // Without a list of hosts at all, that is the gap.
    const isUnlisted = hosts.items.length === 0 && hosts.missing.length > 0;
    const named = isUnlisted ? new Map<Host, NamedHost>() : this.#named();
    for (const [host, { clusters, by, sourceRef }] of named) {
      for (const cluster of clusters) if (cluster !== null) put(cluster, host);
      if (clusters.size > 0) continue;
      gaps.push({ what: `host ${host.name}, which ${by} names, is not in the inventory`, sourceRef });
    }
    return { members, gaps: distinctGaps(gaps) };
  }

  /** The hosts that no inventory describes. Linear: each name is looked up once. */
  #findNamed(): NamedHosts {
    const { machines, datastores, switches, clusters, host: find, cluster: findCluster } = this.#source;
    const named = new Map<Host, NamedHost>();
    const note = (name: string, datacenter: string | undefined, by: string, sourceRef: SourceRef) => {
      const host = find(name, datacenter, sourceRef);
      // A name that several hosts have is one of theirs.
      if (!host.known || host.value.descriptions.length > 0) return null;
      let entry = named.get(host.value);
      if (entry === undefined) named.set(host.value, (entry = { clusters: new Set(), by, sourceRef }));
      return entry;
    };
    each<VirtualMachineRecord>(machines, ({ host, cluster, datacenter }, at, { name }) => {
      const entry = host === undefined ? null : note(host, datacenter, `VM ${name}`, at("host"));
      if (entry === null || cluster === undefined) return;
      const found = cluster === null ? null : findCluster(cluster, datacenter, at("cluster"));
      if (found === null) entry.clusters.add(null);
      else if (found.known) entry.clusters.add(found.value);
    });
    each<DatastoreRecord>(datastores, ({ hosts = [] }, at, { name }) => {
      for (const [index, host] of hosts.entries()) note(host, undefined, `datastore ${name}`, at("hosts", index));
    });
    each<DistributedSwitchRecord>(switches, ({ hosts = [], datacenter }, at, { name }) => {
      for (const [index, host] of hosts.entries()) {
        const sourceRef = at("hosts", index, "name");
        if (host.name !== undefined) note(host.name, datacenter, `distributed switch ${name}`, sourceRef);
      }
    });
    for (const cluster of clusters) {
      const { name } = cluster;
      each<ClusterRecord>([cluster], ({ vm_host_rules: rules = [], datacenter }, at) => {
        for (const [order, rule] of rules.entries()) {
          for (const field of ["affine_hosts", "anti_affine_hosts"] as const) {
            for (const [index, host] of (rule[field] ?? []).entries()) {
              const by = `VM/Host rule ${rule.name} of cluster ${name}`;
              note(host, datacenter, by, at("vm_host_rules", order, field, index))?.clusters.add(cluster);
            }
          }
        }
      });
    }
    return named;
  }
}

/** A gap where a cluster has more hosts than are shown: an account sees only those that it has a role on. */
function hiddenHosts(cluster: Cluster, listed: number): readonly Missing[] {
  const count = cluster.read("host_count");
  if (!count.known) return cluster.isGiven("host_count") ? count.missing : [];
  if (count.value <= listed) return [];
  const what = `cluster ${cluster.name} has ${counted(count.value, "host")}, and the inventory shows ${listed} of them`;
  return [{ what, sourceRef: cluster.sourceRefOf("host_count") }];
}

type NamedHosts = ReadonlyMap<Host, NamedHost>;

interface NamedHost {
  /** Null: according to a VM, it is in none. */
  readonly clusters: Set<Cluster | null>;
  /** What names it first, and where. */
  readonly by: string;
  readonly sourceRef: SourceRef;
}

function each<R>(
  objects: readonly Described[],
  look: (record: Partial<R>, at: (...path: readonly (string | number)[]) => SourceRef, object: Described) => void,
): void {
  for (const object of objects) {
    for (const { record, sourceRef } of object.descriptions) {
      look(
        record as Partial<R>,
        (...path) => ({ document: sourceRef.document, path: [...sourceRef.path, ...path] }),
        object,
      );
    }
  }
}
