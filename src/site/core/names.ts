import { canonicalName } from "../../values/network/host-name.ts";

/**
 * Display names that are unique: the plain name, qualified by `qualifier` (the datacenter) where several share it,
 * then `#2`, `#3` in document order (the next free one, should something be called `name#2` by itself).
 */
export function uniqueNames<T>(
  items: readonly T[],
  name: (item: T) => string,
  qualifier: (item: T) => string | undefined = () => undefined,
): ReadonlyMap<T, string> {
  const keys = items.map((item) => canonicalName(name(item)));
  // Most lists have each name once.
  if (new Set(keys).size === keys.length) return new Map(items.map((item) => [item, name(item)]));
  const shared = countsOf(keys);
  const qualified = (item: T): string => {
    const scope = qualifier(item);
    const ambiguous = (shared.get(canonicalName(name(item))) ?? 0) > 1;
    return ambiguous && scope !== undefined ? `${scope}/${name(item)}` : name(item);
  };
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return new Map(
    items.map((item) => {
      const full = qualified(item);
      const key = canonicalName(full);
      let count = (counts.get(key) ?? 0) + 1;
      while (taken.has(count === 1 ? key : `${key}#${count}`)) count++;
      counts.set(key, count);
      taken.add(count === 1 ? key : `${key}#${count}`);
      return [item, count === 1 ? full : `${full}#${count}`];
    }),
  );
}

function countsOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Items by canonical name. */
export function byName<T extends { readonly name: string }>(
  items: readonly T[],
  name: (item: T) => string = (item) => item.name,
): ReadonlyMap<string, readonly T[]> {
  return groupBy(items, (item) => canonicalName(name(item)));
}

/** Items by a key, in their order. */
export function groupBy<K, T>(items: readonly T[], key: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const of = key(item);
    const group = groups.get(of);
    if (group === undefined) groups.set(of, [item]);
    else group.push(item);
  }
  return groups;
}
