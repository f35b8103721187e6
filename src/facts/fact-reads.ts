/** A row of a facts table that was read. */
export interface FactRead {
  /** What the table is about: `hardware versions by ESXi release`. */
  readonly table: string;
  /** What was looked up. */
  readonly key: string;
  /** What the table has for it; null = it has no row. */
  readonly value: string | number | boolean | object | null;
  /** Where the row is from. */
  readonly source: string;
  /** False where the row is expected rather than confirmed by its source. */
  readonly confirmed: boolean;
}

type Observer = (read: FactRead) => void;

/** Receives reads: set while one check is explained, and null in every other run. */
let observer: Observer | null = null;

/** Passes every further read to `next`; null = reads are not recorded. */
export function observeFacts(next: Observer | null): void {
  observer = next;
}

/** Records a read and returns the value. The description of the read is created only if it is needed. */
export function noted<T>(value: T, describe: (value: T) => FactRead): T {
  observer?.(describe(value));
  return value;
}

/**
 * Limits that rules compare with, each noted when it is read: read them where they are compared, not once for all.
 *
 * @param source of all of them
 * @param labels keys that are no limits, but describe the others
 */
export function limits<const Limits extends Readonly<Record<string, FactRead["value"]>>>(
  table: string,
  source: string,
  values: Limits,
  labels: readonly (keyof Limits & string)[] = [],
): Limits {
  return new Proxy(values, {
    get(target, key, receiver): unknown {
      const value: unknown = Reflect.get(target, key, receiver);
      if (observer !== null && typeof key === "string" && Object.hasOwn(target, key) && !labels.includes(key)) {
        observer({ table, key, value: value as FactRead["value"], source, confirmed: true });
      }
      return value;
    },
  });
}
