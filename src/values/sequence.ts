/** A list that may create its items on access. An array is one. */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T | undefined;
  find(wanted: (item: T, index: number) => unknown): T | undefined;
  some(wanted: (item: T, index: number) => unknown): boolean;
  every(wanted: (item: T, index: number) => unknown): boolean;
  filter(wanted: (item: T, index: number) => unknown): T[];
  map<U>(change: (item: T, index: number) => U): U[];
  flatMap<U>(change: (item: T, index: number) => U | readonly U[]): U[];
}

/** A sequence that creates its items on every access and keeps none. */
export abstract class IterableSequence<T> implements Sequence<T> {
  constructor(readonly length: number) {}

  /** The items from position `start` up to, not including, `end`. */
  abstract between(start: number, end: number): Iterable<T>;

  [Symbol.iterator](): Iterator<T> {
    return this.between(0, this.length)[Symbol.iterator]();
  }

  at(index: number): T | undefined {
    const position = index < 0 ? this.length + index : index;
    const [item] = this.between(position, position + 1);
    return item;
  }

  find(wanted: (item: T, index: number) => unknown): T | undefined {
    let index = 0;
    for (const item of this) if (Boolean(wanted(item, index++))) return item;
    return undefined;
  }

  some(wanted: (item: T, index: number) => unknown): boolean {
    let index = 0;
    for (const item of this) if (Boolean(wanted(item, index++))) return true;
    return false;
  }

  every(wanted: (item: T, index: number) => unknown): boolean {
    return !this.some((item, index) => !wanted(item, index));
  }

  filter(wanted: (item: T, index: number) => unknown): T[] {
    const found: T[] = [];
    let index = 0;
    for (const item of this) if (Boolean(wanted(item, index++))) found.push(item);
    return found;
  }

  map<U>(change: (item: T, index: number) => U): U[] {
    return Array.from(this, change);
  }

  flatMap<U>(change: (item: T, index: number) => U | readonly U[]): U[] {
    return this.map(change).flat() as U[];
  }

  /** What `JSON.stringify` shows: the items as an array. */
  toJSON(): readonly T[] {
    return [...this];
  }
}

/** The items from position `start` up to, not including, `end`, without copying them. */
export function* itemsBetween<T>(items: Sequence<T>, start: number, end: number): Generator<T> {
  if (items instanceof IterableSequence) yield* (items as IterableSequence<T>).between(start, end);
  else for (let position = start; position < end; position++) yield items.at(position) as T;
}
