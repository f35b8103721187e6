import { canonicalName } from "../../values/network/host-name.ts";
import type { Document } from "../core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { SourceRef } from "../core/missing.ts";
import { groupBy, uniqueNames } from "../core/names.ts";
import { type Description, recordOf } from "../core/description.ts";
import { vcenterOf } from "./vcenters.ts";

/** An object of an inventory list, with every description of it. */
export interface ListedObject {
  /** Unique name for subject ids. */
  readonly name: string;
  /** The plain name, by which other objects refer to it. */
  readonly ownName?: string;
  readonly descriptions: readonly Description[];
  readonly sourceRef: SourceRef;
}

export type ListName =
  "hosts" | "clusters" | "datastores" | "virtual_machines" | "distributed_switches" | "distributed_port_groups";

interface Listed {
  readonly name: string;
  readonly datacenter?: string;
  readonly uuid?: string;
}

/** One description, with the values that distinguish its object from others. */
interface Entry {
  readonly record: Listed;
  readonly sourceRef: SourceRef;
  /** UUID, vCenter and datacenter, each undefined if it is not set. */
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
    const [{ record, sourceRef }] = object;
    return {
      name: names.get(object) ?? record.name,
      ownName: record.name,
      descriptions: object.map((entry) => ({ record: recordOf(entry.record), sourceRef: entry.sourceRef })),
      sourceRef,
    };
  });
}

/**
 * More objects of one name than an estate has, whose comparison with each other would take hours: they stay apart, and
 * what refers to that name is ambiguous.
 */
const MOST_NAMESAKES = 500;

/** The descriptions of one object, in the order of files. */
type Merged = readonly [Entry, ...Entry[]];

function identityIn(document: Document<Inventory>, { uuid, datacenter }: Listed): Entry["identity"] {
  const scope = datacenter === undefined ? undefined : canonicalName(datacenter);
  return [uuid?.toLowerCase(), vcenterOf(document), scope];
}

const NO_IDENTITY = [undefined, undefined, undefined] as const;

function entriesOf(inventories: readonly Document<Inventory>[], list: ListName): readonly Entry[] {
  let order = 0;
  return inventories.flatMap((document) => {
    const records: readonly Listed[] = document.value[list] ?? [];
    return records.map((record, index): Entry => {
      const sourceRef = { document, path: [list, index] };
      // Objects of one file are distinguished only by their position.
      const identity = inventories.length < 2 ? NO_IDENTITY : identityIn(document, record);
      return { record, sourceRef, identity, order: order++ };
    });
  });
}

function merged(entries: readonly Entry[]): readonly Merged[] {
  const parts = entries.map((entry): Merged => [entry]);
  const sameUuid = [...groupBy(parts, ([{ identity }]) => identity[0])].flatMap(([uuid, group]) =>
    uuid === undefined ? group : merge(group),
  );
  const sameName = groupBy(sameUuid, ([{ record }]) => canonicalName(record.name));
  return [...sameName.values()].flatMap(joined).toSorted(([a], [b]) => a.order - b.order);
}

/**
 * Joins what can only be one object. Parts with the most distinguishing values go first: a part with fewer is then
 * compared with every object that it could be, and joins none if there are two. Nothing here depends on the order of
 * the parts.
 */
function joined(parts: readonly Merged[]): readonly Merged[] {
  if (parts.length < 2 || parts.length > MOST_NAMESAKES) return parts;
  let objects: readonly Merged[] = [];
  for (const [, equals] of [...groupBy(parts, rank)].toSorted(([a], [b]) => b - a)) {
    const exact = [...groupBy(equals, identityText).values()].flatMap(merge);
    const options = exact.map((part) => ({ part, fitting: objects.filter((object) => fits(object, part)) }));
    // Another of the same rank may be meant instead, which is not the object that fits.
    const isSure = (part: Merged, object: Merged): boolean =>
      exact.every((other) => other === part || !fits(other, part) || fits(object, other));
    const joining = groupBy(options, ({ part, fitting: [only, ...more] }) =>
      only !== undefined && more.length === 0 && isSure(part, only) ? only : undefined,
    );
    const unfit = options.flatMap(({ part, fitting }) => (fitting.length === 0 ? [part] : []));
    const ambiguous = (joining.get(undefined) ?? []).flatMap(({ part, fitting }) => (fitting.length > 0 ? [part] : []));
    objects = [
      ...objects.flatMap((object) => merge([object, ...(joining.get(object) ?? []).map(({ part }) => part)])),
      ...components(unfit).flatMap(merge),
      ...ambiguous,
    ];
  }
  return objects;
}

/** One object of all parts if all of them are compatible, otherwise the parts. */
function merge(parts: readonly Merged[]): readonly Merged[] {
  // Of more parts than files, two are in one file; without looking at each pair.
  const documents = new Set(parts.flat().map(({ sourceRef }) => sourceRef.document));
  if (documents.size < parts.length) return parts;
  const agree = parts.every((one, index) => parts.slice(index + 1).every((other) => fits(one, other)));
  const [first, ...rest] = parts.flat().toSorted((a, b) => a.order - b.order);
  return agree && first !== undefined ? [[first, ...rest]] : parts;
}

/** Parts in groups of directly or indirectly compatible ones. */
function components(parts: readonly Merged[]): readonly (readonly Merged[])[] {
  return parts.reduce<readonly (readonly Merged[])[]>((groups, part) => {
    const touching = groups.filter((group) => group.some((other) => fits(other, part)));
    return [...groups.filter((group) => !touching.includes(group)), [...touching.flat(), part]];
  }, []);
}

/** The number of distinguishing values of a part. */
function rank(part: Merged): number {
  return [0, 1, 2].filter((which) => identityOf(part, which) !== undefined).length;
}

function identityText(part: Merged): string {
  return JSON.stringify([0, 1, 2].map((which) => identityOf(part, which) ?? null));
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
  return one.some((a) => other.some((b) => a.sourceRef.document === b.sourceRef.document));
}
