import type { Missing } from "./missing.ts";

/** A list that may be incomplete: what is known of it, and the gaps that may hide more. */
export interface PartialList<T> {
  readonly items: readonly T[];
  readonly missing: readonly Missing[];
}

/** A list that is known to be complete. */
export function complete<T>(items: readonly T[]): PartialList<T> {
  return { items, missing: [] };
}

/** One list of several, each item once, in order of first appearance; gaps that say the same at one place once. */
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
