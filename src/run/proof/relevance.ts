import type { SiteObject } from "../../site/core/site-object.ts";
import type { Path } from "../../values/location.ts";
import { keyOf, type ReadValue } from "./recording.ts";

/** A value that occurs in more records than this is not treated as a name of one of them. */
const MOST_NAMED_BY = 12;
/** A node, its VM, the VM's host, the host's cluster and that cluster's hosts. */
const STEPS = 4;

/**
 * The values that a check read, ordered by how likely they are to decide it: those of its subject, then of the objects
 * to which it refers, then of theirs; last those that were used only to link objects. Used only as the order in which
 * to try them.
 */
export function byRelevance(reads: readonly ReadValue[], subject: SiteObject): readonly ReadValue[] {
  const records = new Map<string, ReadValue[]>();
  for (const read of reads) {
    const key = keyOf(read.file, recordOf(read.path));
    const group = records.get(key);
    if (group === undefined) records.set(key, [read]);
    else group.push(read);
  }
  const namedBy = new Map<string, number>();
  for (const group of records.values()) {
    for (const text of textsOf(group)) namedBy.set(text, (namedBy.get(text) ?? 0) + 1);
  }
  const own = [subject.sourceRef, ...subject.descriptions.map(({ sourceRef }) => sourceRef)];
  const rank = new Map<string, number>(
    own.map(({ document, path }) => [keyOf(document.path, recordOf(path)), 0] as const),
  );
  const links = new Set([subject.name]);
  for (let step = 0; step < STEPS; step++) {
    for (const [key, group] of records) if (rank.get(key) === step) for (const text of textsOf(group)) links.add(text);
    for (const [key, group] of records) {
      const isLinked = [...textsOf(group)].some((text) => links.has(text) && (namedBy.get(text) ?? 0) <= MOST_NAMED_BY);
      if (isLinked && !rank.has(key)) rank.set(key, step + 1);
    }
  }
  const rankOf = ({ file, path, isLinked }: ReadValue) =>
    (rank.get(keyOf(file, recordOf(path))) ?? STEPS + 1) + (isLinked ? STEPS + 2 : 0);
  return [...reads].sort((one, other) => rankOf(one) - rankOf(other));
}

/** The list record that contains a value, else its top-level key in the document. */
function recordOf(path: Path): Path {
  const index = path.findIndex((step) => typeof step === "number");
  return path.slice(0, index < 0 ? 1 : index + 1);
}

function textsOf(group: readonly ReadValue[]): ReadonlySet<string> {
  return new Set(group.flatMap(({ value }) => (typeof value === "string" && value !== "" ? [value] : [])));
}
