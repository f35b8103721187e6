/** A list that may make its items when they are asked for. An array is one. */
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

/** A list that is gone through to find anything: for lists that make their items. */
export abstract class IterableSequence<T> implements Sequence<T> {
  abstract readonly length: number;
  abstract [Symbol.iterator](): Iterator<T>;

  at(index: number): T | undefined {
    const wanted = index < 0 ? this.length + index : index;
    return this.find((_, position) => position === wanted);
  }

  find(wanted: (item: T, index: number) => unknown): T | undefined {
    let index = 0;
    for (const item of this) if (Boolean(wanted(item, index++))) return item;
    return undefined;
  }

  some(wanted: (item: T, index: number) => unknown): boolean {
    return this.find(wanted) !== undefined;
  }

  every(wanted: (item: T, index: number) => unknown): boolean {
    return this.find((item, index) => !wanted(item, index)) === undefined;
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

  /** What `JSON.stringify` shows: an array. */
  toJSON(): readonly T[] {
    return [...this];
  }
}
