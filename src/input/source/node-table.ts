import type { Path, PathSegment, TextLocation } from "../../values/location.ts";
import type { Locator } from "./text-lines.ts";

/** Columns of a row: offsets into the text, then row numbers. */
const START = 0;
const END = 1;
const KEY_START = 2;
const KEY_END = 3;
const NEXT = 4;
const LINK = 5;
const WIDTH = 6;

const NONE = -1;

/**
 * Locations of every key and value of a document: one row of numbers per value in document order, a collection before
 * its items, so that a large file costs 24 bytes a value instead of an object. Row 0 is the document's top level.
 */
export class NodeTable {
  #cells: Int32Array;
  #count = 0;
  readonly #merges = new Set<number>();
  readonly #aliases = new Map<number, { readonly anchor: string; readonly target: number }>();
  readonly #children = new Map<number, ReadonlyMap<string, number>>();

  /**
   * @param capacity how many values to expect; the table grows when there are more
   * @param keyOf the decoded key of a row that has one
   */
  constructor(
    capacity: number,
    private readonly keyOf: (node: number) => string,
  ) {
    this.#cells = new Int32Array(Math.max(16, capacity) * WIDTH);
  }

  /** Adds a value that begins at `start`; key offsets are -1 for a sequence item and the top level. */
  open(start: number, keyStart = NONE, keyEnd = NONE): number {
    const node = this.#count++;
    const base = node * WIDTH;
    if (base + WIDTH > this.#cells.length) {
      const larger = new Int32Array(this.#cells.length * 2);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells[base + START] = start;
    this.#cells[base + KEY_START] = keyStart;
    this.#cells[base + KEY_END] = keyEnd;
    return node;
  }

  /** Ends a value after all of its items were added. */
  close(node: number, end: number): void {
    this.#cells[node * WIDTH + END] = end;
    this.#cells[node * WIDTH + NEXT] = this.#count;
  }

  /** Makes an alias refer to the value at its anchor: the same location, the same items. */
  link(node: number, target: number): void {
    this.#cells[node * WIDTH + LINK] = target;
  }

  /** Notes that a value is an alias of the row with this anchor; -1 where the anchor is on a key. */
  alias(node: number, anchor: string, target: number): void {
    this.#aliases.set(node, { anchor, target });
  }

  /** Marks the value of a merge key (`<<`): its keys belong to the mapping around it. */
  merge(node: number): void {
    this.#merges.add(node);
  }

  isMerge(node: number): boolean {
    return this.#merges.has(node);
  }

  get count(): number {
    return this.#count;
  }

  start(node: number): number {
    return this.#cell(node, START);
  }

  end(node: number): number {
    return this.#cell(node, END);
  }

  keyStart(node: number): number {
    return this.#cell(node, KEY_START);
  }

  keyEnd(node: number): number {
    return this.#cell(node, KEY_END);
  }

  hasKey(node: number): boolean {
    return this.#cell(node, KEY_START) !== NONE;
  }

  key(node: number): string {
    return this.keyOf(node);
  }

  /** The first row behind this value and everything in it. */
  next(node: number): number {
    return this.#cell(node, NEXT);
  }

  /** The rows of the entries of a collection, as they were written. */
  itemsOf(node: number): readonly number[] {
    const items: number[] = [];
    for (let child = node + 1; child < this.next(node); child = this.next(child)) items.push(child);
    return items;
  }

  /** The location of the value at `path`, or where it belongs; see `ParsedSource.locate`. */
  locate(path: Path, at: Locator): TextLocation {
    let node = 0;
    for (const segment of path) {
      const child = this.#child(node, segment);
      if (child === undefined) return this.#fallback(node, at);
      node = child;
    }
    return at(this.start(node), this.end(node));
  }

  /** The location of the key at `path`; see `ParsedSource.locateKey`. */
  locateKey(path: Path, at: Locator): TextLocation {
    let node: number | undefined = 0;
    for (const segment of path) node = node === undefined ? node : this.#child(node, segment);
    if (node === undefined || !this.hasKey(node)) return this.locate(path, at);
    return at(this.keyStart(node), this.keyEnd(node));
  }

  /**
   * The row of the value that is written at `path` and the row around it; null when there is no such value. What comes
   * through an alias or a merge key has no row of its own, and what others use under another key is not written for this
   * path alone: then the anchor, null for a mapping that is merged where it is written.
   */
  written(path: Path): { readonly row: number; readonly parent: number } | { readonly anchor: string | null } | null {
    const way = [0];
    for (const segment of path) {
      const node = way.at(-1) ?? 0;
      const alias = this.#aliases.get(node);
      if (alias !== undefined) return { anchor: alias.anchor };
      const child = this.#child(node, segment);
      if (child === undefined) return null;
      if (!this.#isOwn(node, child)) return { anchor: this.#mergedThrough(node, child) };
      way.push(child);
    }
    const row = way.at(-1) ?? 0;
    const anchor = this.#aliases.get(row)?.anchor ?? this.#sharedThrough(way);
    return anchor === null ? { row, parent: way.at(-2) ?? row } : { anchor };
  }

  /** The paths of some rows, given in their order, as they were written (not through aliases). */
  pathsOf(rows: readonly number[]): Path[] {
    const paths: Path[] = [];
    // The rows around the one at hand, outermost first, with their index in a sequence and how many items they had.
    const context: { node: number; index: number; items: number }[] = [];
    const last = rows.at(-1) ?? -1;
    for (let node = 0; node <= last; node++) {
      while (context.length > 0 && this.next(context.at(-1)?.node ?? 0) <= node) context.pop();
      const parent = context.at(-1);
      context.push({ node, index: parent === undefined ? 0 : parent.items++, items: 0 });
      if (node !== rows[paths.length]) continue;
      paths.push(context.slice(1).map((step) => (this.hasKey(step.node) ? this.key(step.node) : step.index)));
    }
    return paths;
  }

  #cell(node: number, column: number): number {
    return this.#cells[node * WIDTH + column] ?? NONE;
  }

  #fallback(node: number, at: Locator): TextLocation {
    if (this.hasKey(node)) return at(this.keyStart(node), this.keyEnd(node));
    const first = this.#target(node) + 1;
    const hasFirstKey = first < this.next(this.#target(node)) && this.hasKey(first);
    return hasFirstKey ? at(this.keyStart(first), this.keyEnd(first)) : at(this.start(node), this.end(node));
  }

  #target(node: number): number {
    const target = this.#cell(node, LINK);
    return target > 0 ? target : node;
  }

  #child(node: number, segment: PathSegment): number | undefined {
    return this.#childrenOf(this.#target(node)).get(String(segment));
  }

  /** The items of a collection by key or index; made once per collection on demand. */
  #childrenOf(parent: number): ReadonlyMap<string, number> {
    const known = this.#children.get(parent);
    if (known !== undefined) return known;
    const children = new Map<string, number>();
    const merges: number[] = [];
    let index = 0;
    for (let child = parent + 1; child < this.next(parent); child = this.next(child)) {
      if (!this.hasKey(child)) children.set(String(index++), child);
      else if (this.#merges.has(child)) merges.push(child);
      else children.set(this.key(child), child);
    }
    for (const source of merges.flatMap((merge) => this.#mergeSources(merge))) {
      for (const [key, child] of this.#childrenOf(source)) if (!children.has(key)) children.set(key, child);
    }
    this.#children.set(parent, children);
    return children;
  }

  #isOwn(parent: number, wanted: number): boolean {
    for (let child = parent + 1; child < this.next(parent); child = this.next(child)) {
      if (child === wanted) return true;
    }
    return false;
  }

  /** The anchor whose mapping has the row and is merged into `node`. */
  #mergedThrough(node: number, row: number): string | null {
    for (const [user, { anchor, target }] of this.#aliases) {
      const isInNode = user > node && user < this.next(node);
      if (isInNode && (target < 0 || (target <= row && row < this.next(target)))) return anchor;
    }
    return null;
  }

  /** The anchor of one of the rows that is used under another key as well. */
  #sharedThrough(rows: readonly number[]): string | null {
    for (const [user, { anchor, target }] of this.#aliases) {
      if (!rows.includes(target) || this.isMerge(user)) continue;
      const keyOf = (node: number) => (this.hasKey(node) ? this.key(node) : null);
      if (keyOf(user) !== keyOf(target)) return anchor;
    }
    return null;
  }

  /** A merge key takes one mapping, or a sequence of mappings of which the earlier ones win. */
  #mergeSources(merge: number): number[] {
    const source = this.#target(merge);
    const sources: number[] = [];
    for (let child = source + 1; child < this.next(source); child = this.next(child)) {
      if (this.hasKey(child)) return [source];
      sources.push(this.#target(child));
    }
    return sources;
  }
}
