import type { Fields } from "../source/plain-data.ts";
import type { NodeTable } from "../source/node-table.ts";

/** A collection that is being filled: `items` of a sequence or `fields` of a mapping. */
export interface Frame {
  readonly node: number;
  readonly items: unknown[] | null;
  readonly fields: Fields | null;
  /** The bracket that ends it; empty for block collections and for `a: b` inside `[…]`. */
  readonly bracket: string;
  readonly anchor: Anchor | null;
  /** The key that waits for its value. */
  key: Key | null;
  /** The first `<<`. */
  mergeKey: Key | null;
  /** Keys that came through `<<`, which an explicit key may override. */
  merged: Set<string> | null;
  /** The first row of every key; made when the first duplicate is met. */
  firsts: Map<string, number> | null;
  /** How many values it contains with aliases expanded, and how deep they are nested. */
  size: number;
  height: number;
}

export interface Key {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether the file contains the key letter by letter. */
  readonly isLiteral: boolean;
  readonly isMerge: boolean;
  /** Whether it is not a text, so that its value is dropped. */
  readonly isNull: boolean;
}

export interface Anchor {
  value: unknown;
  /** -1 when the anchor is on a key, which has no row. */
  readonly node: number;
  readonly start: number;
  end: number;
  /** Whether the value is still being read. */
  isOpen: boolean;
  size: number;
  height: number;
}

/** Adds a value under its key. Returns the row that already had the key, or null if the key is new. */
export function setKey(frame: Frame, table: NodeTable, key: string, node: number, value: unknown): number | null {
  const fields = frame.fields ?? {};
  const isOverride = frame.merged?.delete(key) === true;
  const isDuplicate = !isOverride && Object.hasOwn(fields, key);
  define(fields, key, value);
  if (isDuplicate) {
    frame.firsts ??= firstRows(table, frame.node, node);
    return frame.firsts.get(key) ?? node;
  }
  frame.firsts?.set(key, node);
  return null;
}

/**
 * Takes over the keys of a merged mapping: those of the mapping itself win, and so do those that were merged before
 * (https://yaml.org/type/merge.html). Returns how many keys the source has.
 */
export function mergeKeys(frame: Frame, source: Fields): number {
  const fields = frame.fields ?? {};
  const keys = Object.keys(source);
  for (const key of keys) {
    if (Object.hasOwn(fields, key)) continue;
    define(fields, key, source[key]);
    frame.merged ??= new Set();
    frame.merged.add(key);
  }
  return keys.length;
}

/** Assignment to `__proto__` would change the prototype instead of adding a key. */
function define(fields: Fields, key: string, value: unknown): void {
  if (key !== "__proto__") fields[key] = value;
  else Object.defineProperty(fields, key, { value, writable: true, enumerable: true, configurable: true });
}

function firstRows(table: NodeTable, parent: number, end: number): Map<string, number> {
  const rows = new Map<string, number>();
  for (let child = parent + 1; child < end; child = table.next(child)) {
    const key = table.key(child);
    if (!table.isMerge(child) && !rows.has(key)) rows.set(key, child);
  }
  return rows;
}
