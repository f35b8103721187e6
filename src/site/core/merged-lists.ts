import { canonicalName } from "../../values/network/host-name.ts";
import type { Description } from "./description.ts";
import { groupBy } from "./names.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The descriptions of one entry: of each file that lists it, and several of one file that lists its name twice. */
export type EntryDescriptions = readonly [Description, ...Description[]];

/**
 * What several files contain about the entries of one list (`nics`, `port_groups`): for each entry its descriptions, in the
 * order of the first file. Null unless every file lists the same names or labels: two lists of different entries are two
 * values.
 */
export function sameEntries(descriptions: readonly Description[], field: string): readonly EntryDescriptions[] | null {
  const lists = descriptions.map((description) => entriesByName(description, field));
  const [first, ...others] = lists;
  if (first == null) return null;
  const isSame = others.every((list) => list?.size === first.size && [...first.keys()].every((name) => list.has(name)));
  if (!isSame) return null;
  return [...first].map(([name, [one, ...more]]) => [
    one,
    ...more,
    ...others.flatMap((list): readonly Description[] => list?.get(name) ?? []),
  ]);
}

/**
 * The entries of a list in one file, in their order. Equal names or labels are one entry with several descriptions, at
 * the position of the first: on one host, switch or VM, vSphere has each name once.
 */
export function entriesOf(description: Description, field: string): readonly EntryDescriptions[] {
  const entries = itemsOf(description, field).map(({ item, sourceRef }): Description => {
    return { record: isFields(item) ? item : {}, sourceRef };
  });
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0) return [[only]];
  const groups = groupBy(entries, (entry) => nameOf(entry.record) ?? entry);
  return [...groups.values()].flatMap(([first, ...more]): readonly EntryDescriptions[] =>
    first === undefined ? [] : [[first, ...more]],
  );
}

/** The fields on which the descriptions of an entry agree; fields that differ are omitted. */
export function agreedFields(descriptions: readonly Description[], isEqual: Equality): Fields {
  const agreed: Record<string, unknown> = {};
  for (const key of new Set(descriptions.flatMap(({ record }) => Object.keys(record)))) {
    const given = descriptions.find(({ record }) => record[key] !== undefined);
    if (given === undefined || contradiction(descriptions, key, isEqual) !== null) continue;
    agreed[key] = given.record[key];
  }
  return agreed;
}

type Equality = (a: unknown, b: unknown) => boolean;

/**
 * Two descriptions that contradict each other in a field, or null. A value that another file does not contain is no
 * contradiction: each file may contain other values. A file that lists an entry twice, once without the value,
 * contradicts itself.
 */
export function contradiction(
  descriptions: readonly Description[],
  field: string,
  isEqual: Equality,
): readonly [Description, Description] | null {
  const first = descriptions.find(({ record }) => record[field] !== undefined);
  if (first === undefined) return null;
  for (const other of descriptions) {
    const value = other.record[field];
    if (value !== undefined) {
      if (!isEqual(value, first.record[field])) return [first, other];
    } else {
      const twin = descriptions.find(
        ({ record, sourceRef }) => sourceRef.document === other.sourceRef.document && record[field] !== undefined,
      );
      if (twin !== undefined) return [twin, other];
    }
  }
  return null;
}

/** Null for anything but a list of records with unique names. */
function entriesByName(description: Description, field: string): ReadonlyMap<string, EntryDescriptions> | null {
  if (!Array.isArray(description.record[field])) return null;
  if (!itemsOf(description, field).every(({ item }) => isFields(item) && nameOf(item) !== null)) return null;
  return new Map(entriesOf(description, field).map((entry) => [nameOf(entry[0].record) ?? "", entry]));
}

function itemsOf({ record, sourceRef: { document, path } }: Description, field: string) {
  const list = record[field];
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).map((item, index) => ({
    item,
    sourceRef: { document, path: [...path, field, index] },
  }));
}

function nameOf(record: Fields): string | null {
  const name = record["name"] ?? record["label"];
  return typeof name === "string" ? canonicalName(name) : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
