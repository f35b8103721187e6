/** The reads of a computation: its own, and those of kept results that it used. */
export class ReadScope<Read = unknown> {
  readonly reads = new Map<string, Read>();
  readonly inner = new Set<ReadScope<Read>>();
}

/** The scope that records reads now; null in every run without explanations. */
let current: ReadScope | null = null;
/** By the kept result. */
const scopes = new WeakMap<object, ReadScope>();

/** Records what `work` reads, including kept results, in a scope. Synchronous: nothing else is recorded meanwhile. */
export function readingInto<T>(scope: ReadScope, work: () => T): T {
  const before = current;
  current = scope;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Records a read if reads are recorded; the first one of a key counts. */
export function noteRead(key: string, read: unknown): void {
  if (current !== null && !current.reads.has(key)) current.reads.set(key, read);
}

/** Computes a result that will be kept. */
export function computed<T extends object>(compute: () => T): T {
  if (current === null) return compute();
  const scope = new ReadScope();
  current.inner.add(scope);
  const result = readingInto(scope, compute);
  scopes.set(result, scope);
  return result;
}

/** A kept result: using it reads everything that it was computed from. */
export function reused<T extends object>(result: T): T {
  if (current !== null) {
    const scope = scopes.get(result);
    if (scope !== undefined && scope !== current) current.inner.add(scope);
  }
  return result;
}

/** The value of a map for a key; computed and kept if there is none. */
export function keptIn<K, V extends object>(
  map: { readonly get: (key: K) => V | undefined; readonly set: (key: K, value: V) => unknown },
  key: K,
  compute: () => V,
): V {
  const kept = map.get(key);
  if (kept !== undefined) return reused(kept);
  const result = computed(compute);
  map.set(key, result);
  return result;
}
