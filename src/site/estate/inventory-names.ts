import { canonicalName } from "../../values/network/host-name.ts";
import type { Document } from "../core/document.ts";
import type { Datastores } from "./datastores.ts";
import type { Cluster, DistributedPortGroup, Host } from "./estate-objects.ts";
import type { InventoryGaps } from "./inventory-gaps.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { type Missing, distinctGaps, type SourceRef } from "../core/missing.ts";
import { groupBy } from "../core/names.ts";
import { once } from "../core/once.ts";
import { complete, type PartialList } from "../core/partial-list.ts";
import { ownName, SiteObject } from "../core/site-object.ts";

/** The kinds of objects that a node can be placed on. */
export type NamedKind = "datacenter" | "cluster" | "host" | "resource pool" | "datastore" | "network";

type PoolRecord = NonNullable<Inventory["resource_pools"]>[number];
export type ResourcePool = SiteObject<Omit<PoolRecord, "name">>;

/** The parts of the estate that determine its names. */
interface Source {
  readonly gaps: InventoryGaps;
  readonly hosts: PartialList<Host>;
  readonly clusters: PartialList<Cluster>;
  readonly datastores: Datastores;
  readonly distributedPortGroups: PartialList<DistributedPortGroup>;
  readonly missingLists: (list: keyof Inventory) => readonly Missing[];
}

/** The names in the inventories, of any vCenter, host or switch. */
export class InventoryNames {
  readonly #pools: ReadonlyMap<string, readonly ResourcePool[]>;
  readonly #names: Readonly<Record<NamedKind, ReadonlySet<string>>>;
  readonly #missing: Readonly<Record<NamedKind, readonly Missing[]>>;

  readonly #segments: ReadonlySet<string>;
  readonly #networksOfMachines: () => ReadonlyMap<string, NetworkUser>;

  constructor(inventories: readonly Document<Inventory>[], estate: Source) {
    this.#networksOfMachines = once(() => networksOfMachines(inventories));
    this.#pools = poolIndex(poolsOf(inventories, estate));
    const datacenters = inventories.flatMap(({ value }) => value.datacenters ?? []);
    const portGroups = estate.hosts.items.map((host) => host.read("port_groups"));
    this.#names = {
      datacenter: setOf(datacenters.map(({ name }) => name)),
      cluster: setOf(estate.clusters.items.map(ownName)),
      host: setOf(estate.hosts.items.map(ownName)),
      "resource pool": new Set(this.#pools.keys()),
      datastore: setOf(
        estate.datastores.all.items.flatMap((datastore) => {
          const cluster = datastore.read("datastore_cluster");
          return [ownName(datastore), cluster.known ? cluster.value : null];
        }),
      ),
      network: setOf([
        ...portGroups.flatMap((groups) => (groups.known ? groups.value.map(({ name }) => name) : [])),
        ...estate.distributedPortGroups.items.map(ownName),
      ]),
    };
    this.#segments = setOf(inventories.flatMap(({ value }) => (value.nsx_segments ?? []).map(({ name }) => name)));
    this.#missing = {
      datacenter: [...estate.missingLists("datacenters"), ...namelessDatacenters(inventories)],
      cluster: estate.missingLists("clusters"),
      host: estate.missingLists("hosts"),
      "resource pool": estate.missingLists("resource_pools"),
      datastore: estate.missingLists("datastores"),
      network: distinctGaps([
        ...estate.missingLists("hosts"),
        ...portGroups.flatMap((groups) => (groups.known ? [] : groups.missing)),
        ...estate.missingLists("distributed_port_groups"),
      ]),
    };
  }

  /**
   * The name, where anything of that kind has it: a resource pool also by its path, a datastore cluster as a datastore.
   * Where nothing has it, the gaps are the lists that may and are missing.
   */
  called(kind: NamedKind, name: string): PartialList<string> {
    const isSegment = kind === "network" && this.#segments.has(canonicalName(name));
    if (isSegment || this.#names[kind].has(canonicalName(name))) return complete([name]);
    const used = kind === "network" ? this.networkInUse(name) : null;
    return { items: [], missing: [...(used === null ? [] : [used]), ...this.#missing[kind]] };
  }

  /**
   * A gap where VMs use a network of that name that no port group has: it exists, as a segment of NSX or one that the
   * inventory does not list. Null in all other cases.
   */
  networkInUse(name: string): Missing | null {
    if (this.#names.network.has(canonicalName(name))) return null;
    if (this.#segments.has(canonicalName(name))) {
      return {
        what: `network ${name} is an NSX segment, and vSphere does not show which hosts have it`,
        sourceRef: null,
      };
    }
    const at = this.#networksOfMachines().get(canonicalName(name));
    if (at === undefined) return null;
    const what = `no port group is named ${name}, but VM ${at.machine} uses a network of that name, such as an NSX segment`;
    return { what, sourceRef: at.sourceRef };
  }

  /** The resource pools of that name or path. */
  pools(name: string): readonly ResourcePool[] {
    return this.#pools.get(canonicalName(name)) ?? [];
  }
}

/** A VM that uses a network, with the source location. */
interface NetworkUser {
  readonly machine: string;
  readonly sourceRef: SourceRef;
}

/** The networks that VMs use, each with the first of them. */
function networksOfMachines(inventories: readonly Document<Inventory>[]): ReadonlyMap<string, NetworkUser> {
  const users = new Map<string, NetworkUser>();
  for (const document of inventories) {
    for (const [index, { name, nics = [] }] of (document.value.virtual_machines ?? []).entries()) {
      for (const [position, { network }] of nics.entries()) {
        if (network === undefined || users.has(canonicalName(network))) continue;
        const path = ["virtual_machines", index, "nics", position, "network"];
        users.set(canonicalName(network), { machine: name, sourceRef: { document, path } });
      }
    }
  }
  return users;
}

/** A datacenter without a name may be any. */
function namelessDatacenters(inventories: readonly Document<Inventory>[]): readonly Missing[] {
  return inventories.flatMap((document) =>
    (document.value.datacenters ?? []).flatMap(({ name }, index) =>
      name === undefined
        ? [
            {
              what: "datacenters.name is not in the inventory",
              sourceRef: { document, path: ["datacenters", index, "name"] },
            },
          ]
        : [],
    ),
  );
}

/** Pools by inventory path, which is unique. Equal names without a path are several pools: each parent has its own. */
function poolsOf(inventories: readonly Document<Inventory>[], estate: Source): readonly ResourcePool[] {
  const described = inventories.flatMap((document) =>
    (document.value.resource_pools ?? []).map((record, index) => ({
      record: { ...record },
      sourceRef: { document, path: ["resource_pools", index] },
    })),
  );
  const keyOf = ({ record, sourceRef: { document } }: (typeof described)[number]) =>
    record.path === undefined ? record : `${inventories.indexOf(document)} ${canonicalName(record.path)}`;
  return [...groupBy(described, keyOf).values()].flatMap((descriptions) => {
    const [first] = descriptions;
    if (first === undefined) return [];
    return [
      new SiteObject<Omit<PoolRecord, "name">>({
        kind: "resource-pool",
        name: first.record.name,
        descriptions,
        sourceRef: first.sourceRef,
        missing: (object, path) => estate.gaps.field("resource_pools", object, path),
      }),
    ];
  });
}

function poolIndex(pools: readonly ResourcePool[]): ReadonlyMap<string, readonly ResourcePool[]> {
  const index = new Map<string, ResourcePool[]>();
  for (const pool of pools) {
    const records = pool.descriptions.map(({ record }): Partial<PoolRecord> => record);
    for (const name of setOf(records.flatMap(({ name, path }) => [name, path]))) {
      const group = index.get(name);
      if (group === undefined) index.set(name, [pool]);
      else group.push(pool);
    }
  }
  return index;
}

function setOf(names: readonly (string | null | undefined)[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => (name == null ? [] : [canonicalName(name)])));
}
