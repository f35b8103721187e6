import { canonicalName } from "../../values/network/host-name.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { byName } from "../core/names.ts";
import { oncePer } from "../core/once.ts";
import type { Missing } from "../core/missing.ts";
import type { PartialList } from "../core/partial-list.ts";
import { type Field, known, ownName, type SiteObject } from "../core/site-object.ts";

export type DatastoreRecord = NonNullable<Inventory["datastores"]>[number];

/** A datastore of the inventory. */
export type Datastore = SiteObject<Omit<DatastoreRecord, "name">>;

/** The datastores of the estate by name. Local datastores of several hosts often have the same name. */
export class Datastores {
  readonly all: PartialList<Datastore>;
  readonly #byName: ReadonlyMap<string, readonly Datastore[]>;
  readonly #byCluster: ReadonlyMap<string, readonly Datastore[]>;
  readonly #hosts = oncePer((datastore: Datastore): Field<ReadonlySet<string>> => {
    const hosts = datastore.read("hosts");
    return hosts.known ? known(new Set(hosts.value.map(canonicalName))) : hosts;
  });

  constructor(
    all: PartialList<Datastore>,
    /** Why hosts may have the datastore besides those that it lists. */
    readonly moreHostsOf: (datastore: Datastore) => readonly Missing[],
  ) {
    this.all = all;
    this.#byName = byName(all.items, ownName);
    const clustered = all.items.flatMap((datastore) => {
      const cluster = datastore.read("datastore_cluster");
      return cluster.known && cluster.value !== null ? [{ name: cluster.value, datastore }] : [];
    });
    this.#byCluster = new Map(
      [...byName(clustered)].map(([name, found]) => [name, found.map(({ datastore }) => datastore)]),
    );
  }

  /** Every datastore of that name; a gap when no inventory lists datastores. */
  called(name: string): PartialList<Datastore> {
    return { items: this.#byName.get(canonicalName(name)) ?? [], missing: this.all.missing };
  }

  /** Whether a datastore cluster of that name contains a datastore. */
  hasCluster(name: string): boolean {
    return this.#byCluster.has(canonicalName(name));
  }

  /** The datastores of the datastore cluster of that name. */
  inCluster(name: string): readonly Datastore[] {
    return this.#byCluster.get(canonicalName(name)) ?? [];
  }

  /** The names of the hosts that can use a datastore, as names compare. */
  hostsOf(datastore: Datastore): Field<ReadonlySet<string>> {
    return this.#hosts(datastore);
  }
}
