import { canonicalName } from "../../values/network/host-name.ts";
import type { Description } from "./description.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What several files say of the entries of one list (`nics`, `port_groups`): for each entry its descriptions, in the
 * order of the first file. Null unless every file lists the same entries, each under a name or label of its own: two
 * lists of different entries are two values.
 */
export function sameEntries(
  descriptions: readonly Description[],
  field: string,
): readonly (readonly Description[])[] | null {
  const lists = descriptions.map((description) => entriesByName(description, field));
  const [first, ...others] = lists;
  if (first == null) return null;
  const isSame = others.every((list) => list?.size === first.size && [...first.keys()].every((name) => list.has(name)));
  return isSame ? [...first.keys()].map((name) => lists.flatMap((list) => list?.get(name) ?? [])) : null;
}

/** The fields that the descriptions of an entry agree on; what they differ in is left out. */
export function agreedFields(
  descriptions: readonly Description[],
  isEqual: (a: unknown, b: unknown) => boolean,
): Fields {
  const agreed: Record<string, unknown> = {};
  for (const key of new Set(descriptions.flatMap(({ record }) => Object.keys(record)))) {
    const values = descriptions.flatMap(({ record }) => (record[key] === undefined ? [] : [record[key]]));
    if (values.every((value) => isEqual(value, values[0]))) agreed[key] = values[0];
  }
  return agreed;
}

/** Null for what is no list of records that are told apart by their names. */
function entriesByName({ record, sourceRef }: Description, field: string): ReadonlyMap<string, Description> | null {
  const list = record[field];
  if (!Array.isArray(list)) return null;
  const entries = new Map<string, Description>();
  for (const [index, entry] of (list as readonly unknown[]).entries()) {
    if (typeof entry !== "object" || entry === null) return null;
    const fields = entry as Fields;
    const name = fields["name"] ?? fields["label"];
    if (typeof name !== "string" || entries.has(canonicalName(name))) return null;
    entries.set(canonicalName(name), {
      record: fields,
      sourceRef: { document: sourceRef.document, path: [...sourceRef.path, field, index] },
    });
  }
  return entries;
}
