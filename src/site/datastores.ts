import { canonicalName } from "../values/host-name.ts";
import type { Inventory } from "./inventory.generated.ts";
import { byName } from "./names.ts";
import type { Roster } from "./roster.ts";
import { ownName, type SiteObject } from "./site-object.ts";

export type DatastoreRecord = NonNullable<Inventory["datastores"]>[number];

/** A datastore of the inventory. */
export type Datastore = SiteObject<Omit<DatastoreRecord, "name">>;

/** The datastores of the estate, by name. Local datastores of several hosts are often called the same. */
export class Datastores {
  readonly all: Roster<Datastore>;
  readonly #byName: ReadonlyMap<string, readonly Datastore[]>;
  readonly #clusters: ReadonlySet<string>;

  constructor(all: Roster<Datastore>) {
    this.all = all;
    this.#byName = byName(all.items, ownName);
    const clusters = all.items.map((datastore) => datastore.read("datastore_cluster"));
    this.#clusters = new Set(
      clusters.flatMap((cluster) => (cluster.known && cluster.value !== null ? [canonicalName(cluster.value)] : [])),
    );
  }

  /** Every datastore of that name; a gap when no inventory lists datastores. */
  called(name: string): Roster<Datastore> {
    return { items: this.#byName.get(canonicalName(name)) ?? [], missing: this.all.missing };
  }

  /** Whether a datastore cluster of that name holds a datastore. */
  hasCluster(name: string): boolean {
    return this.#clusters.has(canonicalName(name));
  }
}
