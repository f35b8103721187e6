import { terminalJson } from "./escape.ts";

/** Items that are turned into text by one call: enough to make calls rare, few enough to keep every text short. */
const BATCH = 64;

/** Makes the texts of the items of a list that is so many levels deep, equal to those of `jsonItem`. */
export type ItemTexts = (list: unknown, level: number) => Iterable<string> | null;

/**
 * The text that `JSON.stringify(value, null, 2)` makes, in pieces, so that it never is one huge string: the outer `depth`
 * levels of objects and arrays are taken apart, the items of an array on the last of them are put together again in
 * batches. Properties that are undefined are left out.
 *
 * @param level how deep the value stands, for its indent
 * @param itemTexts makes the texts of the items of a list on the last of the levels; null where it does not
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

/** No parts of what has none. */
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

/** A list whose items are made as they are asked for. */
function isSequence(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** A value that is so many levels deep, without the indent of its first line. */
export function jsonItem(value: unknown, level: number): string {
  return itemsText([value], level);
}

/**
 * The items of an array, so many levels deep, without its brackets. They are serialized inside that many arrays and cut
 * out: JSON.stringify then makes the indents, which is several times faster than putting them in.
 */
function itemsText(items: readonly unknown[], level: number): string {
  if (level === 0) return terminalJson(JSON.stringify(items[0], null, 2));
  let nested = items;
  for (let outer = 1; outer < level; outer++) nested = [nested];
  const text = JSON.stringify(nested, null, 2);
  // "[\n  [\n    " and "\n  ]\n]" for two levels.
  return terminalJson(text.slice(level * (level + 3), -level * (level + 1)));
}
