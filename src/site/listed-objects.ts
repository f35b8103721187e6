import { canonicalName } from "../values/host-name.ts";
import type { Document } from "./document.ts";
import type { Inventory } from "./inventory.generated.ts";
import type { Place } from "./missing.ts";
import { groupBy, uniqueNames } from "./names.ts";
import type { Description } from "./site-object.ts";
import { vcenterOf } from "./vcenter.ts";

/** An object of an inventory list, with every description of it. */
export interface ListedObject {
  /** Unique name for subject ids. */
  readonly name: string;
  /** The plain name, by which other objects refer to it. */
  readonly ownName?: string;
  readonly descriptions: readonly Description[];
  readonly place: Place;
}

export type ListName =
  "hosts" | "clusters" | "datastores" | "virtual_machines" | "distributed_switches" | "distributed_port_groups";

interface Listed {
  readonly name: string;
  readonly datacenter?: string;
  readonly uuid?: string;
}

/** One description, with what tells its object from others. */
interface Entry {
  readonly record: Listed;
  readonly place: Place;
  /** UUID, vCenter and datacenter, each undefined where it is not said. */
  readonly identity: readonly (string | undefined)[];
  /** Position over all files. */
  readonly order: number;
}

/**
 * The objects of one list over all inventories, in the order of their first description. Objects of different files
 * merge by vCenter, datacenter and name (virtual machines by `uuid` when both have one); an absent qualifier matches
 * where that leaves one candidate, whatever the order of the files. Equal names inside one file stay distinct objects.
 */
export function listObjects(inventories: readonly Document<Inventory>[], list: ListName): readonly ListedObject[] {
  const entries = entriesOf(inventories, list);
  const objects = inventories.length < 2 ? entries.map((entry): Merged => [entry]) : merged(entries);
  const names = uniqueNames(
    objects,
    ([first]) => first.record.name,
    ([first]) => first.record.datacenter,
  );
  return objects.map((object) => {
    const [{ record, place }] = object;
    return {
      name: names.get(object) ?? record.name,
      ownName: record.name,
      descriptions: object.map((entry) => ({ record: { ...entry.record }, place: entry.place })),
      place,
    };
  });
}

/** The descriptions of one object, in the order of files. */
type Merged = readonly [Entry, ...Entry[]];

function entriesOf(inventories: readonly Document<Inventory>[], list: ListName): readonly Entry[] {
  let order = 0;
  return inventories.flatMap((document) => {
    const records: readonly Listed[] = document.value[list] ?? [];
    return records.map((record, index): Entry => {
      const datacenter = record.datacenter === undefined ? undefined : canonicalName(record.datacenter);
      const place = { document, path: [list, index] };
      const identity = [record.uuid?.toLowerCase(), vcenterOf(document), datacenter] as const;
      return { record, place, identity, order: order++ };
    });
  });
}

function merged(entries: readonly Entry[]): readonly Merged[] {
  const parts = entries.map((entry): Merged => [entry]);
  const sameUuid = [...groupBy(parts, ([{ identity }]) => identity[0])].flatMap(([uuid, group]) =>
    uuid === undefined ? group : joined(group),
  );
  const sameName = groupBy(sameUuid, ([{ record }]) => canonicalName(record.name));
  return [...sameName.values()].flatMap(joined).toSorted(([a], [b]) => a.order - b.order);
}

/**
 * Joins what can only be one object. Parts that say most of themselves go first: one that says little then sees every
 * object that it could be, and joins none when there are two. Nor do two parts of one file join the same object.
 */
function joined(parts: readonly Merged[]): readonly Merged[] {
  if (parts.length < 2) return parts;
  const objects: Merged[] = [];
  for (const [, equals] of [...groupBy(parts, rank)].toSorted(([a], [b]) => b - a)) {
    for (const part of equals) {
      const fitting = objects.filter((object) => fits(object, part));
      const [only] = fitting;
      const isRival = (other: Merged) =>
        other !== part && shareFile(other, part) && only !== undefined && fits(only, other);
      if (only === undefined || fitting.length > 1 || equals.some(isRival)) objects.push(part);
      else objects[objects.indexOf(only)] = union(only, part);
    }
  }
  return objects;
}

/** How much a part says of itself. */
function rank(part: Merged): number {
  return [0, 1, 2].filter((which) => identityOf(part, which) !== undefined).length;
}

function fits(object: Merged, part: Merged): boolean {
  if (shareFile(object, part)) return false;
  const agrees = (which: number): boolean | undefined => {
    const [a, b] = [identityOf(object, which), identityOf(part, which)];
    return a === undefined || b === undefined ? undefined : a === b;
  };
  return agrees(0) ?? (agrees(1) !== false && agrees(2) !== false);
}

function identityOf(part: Merged, which: number): string | undefined {
  return part.find(({ identity }) => identity[which] !== undefined)?.identity[which];
}

function shareFile(one: Merged, other: Merged): boolean {
  return one.some((a) => other.some((b) => a.place.document === b.place.document));
}

function union(one: Merged, other: Merged): Merged {
  const [first, ...rest] = [...one, ...other].toSorted((a, b) => a.order - b.order);
  return first === undefined ? one : [first, ...rest];
}
