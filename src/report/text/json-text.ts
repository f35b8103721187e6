import { terminalJson } from "./escape.ts";

/** Number of items serialized by one call: enough to make calls rare, few enough to keep every text short. */
const BATCH = 64;

/** Serializes the items of a list at a nesting depth, with the same result as `jsonItem`. */
export type ItemTexts = (list: unknown, level: number) => Iterable<string> | null;

/**
 * The result of `JSON.stringify(value, null, 2)`, in pieces, so that it is never one huge string: the outer `depth`
 * levels of objects and arrays are taken apart, the items of an array on the last of them are serialized in batches.
 * Undefined properties are omitted.
 *
 * @param level nesting depth of the value, for its indent
 * @param itemTexts serializes the items of a list on the last of the levels; null if it does not support the list
 */
export function* jsonText(value: unknown, depth: number, level = 0, itemTexts?: ItemTexts): Generator<string> {
  const isList = Array.isArray(value) || isSequence(value);
  const own = isList && depth === 1 ? (itemTexts?.(value, level + 1) ?? null) : null;
  if (own !== null) {
    const indent = `\n${"  ".repeat(level + 1)}`;
    let before = `[${indent}`;
    for (const text of own) {
      yield before + text;
      before = `,${indent}`;
    }
    yield before.startsWith(",") ? `\n${"  ".repeat(level)}]` : "[]";
    return;
  }
  const [open, close] = isList ? "[]" : "{}";
  let separator: string = open ?? "";
  for (const { key, items } of depth > 0 ? partsOf(value, depth === 1 ? BATCH : 1) : []) {
    yield `${separator}\n${"  ".repeat(level + 1)}${key === null ? "" : `${terminalJson(JSON.stringify(key))}: `}`;
    if (items.length === 1) yield* jsonText(items[0], depth - 1, level + 1, itemTexts);
    else yield itemsText(items, level + 1);
    separator = ",";
  }
  if (separator === ",") yield `\n${"  ".repeat(level)}${close ?? ""}`;
  else yield itemsText([value], level);
}

/** A part of an object or list: one property, or some items. */
interface Part {
  readonly key: string | null;
  readonly items: readonly unknown[];
}

/** Empty for an empty object or list. */
function* partsOf(value: unknown, batch: number): Generator<Part> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value) && !isSequence(value)) {
    for (const [key, item] of Object.entries(value)) if (item !== undefined) yield { key, items: [item as unknown] };
    return;
  }
  let items: unknown[] = [];
  for (const item of value) {
    items.push(item);
    if (items.length < batch) continue;
    yield { key: null, items };
    items = [];
  }
  if (items.length > 0) yield { key: null, items };
}

/** A list whose items are generated on demand. */
function isSequence(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** A value at a nesting depth, without the indent of its first line. */
export function jsonItem(value: unknown, level: number): string {
  return itemsText([value], level);
}

/**
 * The items of an array at a nesting depth, without its brackets. They are serialized within as many arrays and cut
 * out: JSON.stringify then makes the indents, which is several times faster than inserting them.
 */
function itemsText(items: readonly unknown[], level: number): string {
  if (level === 0) return terminalJson(JSON.stringify(items[0], null, 2));
  let nested = items;
  for (let outer = 1; outer < level; outer++) nested = [nested];
  const text = JSON.stringify(nested, null, 2);
  // "[\n  [\n    " and "\n  ]\n]" for two levels.
  return terminalJson(text.slice(level * (level + 3), -level * (level + 1)));
}
