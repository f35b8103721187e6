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
