import { computed, reused } from "./kept-reads.ts";

/** A value that is computed on first use, and then kept. */
export function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | null = null;
  return () => {
    if (kept === null) kept = computed(() => ({ value: compute() }));
    else reused(kept);
    return kept.value;
  };
}

/** The same for each argument: `compute` is called once per key. */
export function oncePer<K, T>(compute: (key: K) => T): (key: K) => T {
  const values = new Map<K, { readonly value: T }>();
  return (key) => {
    let found = values.get(key);
    if (found === undefined) values.set(key, (found = computed(() => ({ value: compute(key) }))));
    else reused(found);
    return found.value;
  };
}
