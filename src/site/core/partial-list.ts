import type { Missing } from "./missing.ts";

/** A list that may be incomplete: its known items, and the gaps that may hide more. */
export interface PartialList<T> {
  readonly items: readonly T[];
  readonly missing: readonly Missing[];
}

/** A list that is known to be complete. */
export function complete<T>(items: readonly T[]): PartialList<T> {
  return { items, missing: [] };
}

/** The union of several lists, in order of first appearance, without duplicate items and gaps. */
export function union<T>(partialLists: readonly PartialList<T>[]): PartialList<T> {
  return {
    items: [...new Set(partialLists.flatMap((partialList) => partialList.items))],
    missing: distinct(partialLists.flatMap((partialList) => partialList.missing)),
  };
}

function distinct(missing: readonly Missing[]): readonly Missing[] {
  if (missing.length < 2) return missing;
  const byKey = new Map(
    missing.map((gap) => [JSON.stringify([gap.what, gap.sourceRef?.document.path, gap.sourceRef?.path]), gap]),
  );
  return [...byKey.values()];
}
