import type { Tree } from "../mapping/tree.ts";

/** Deeper than any object of the vSphere API. */
const DEEPEST = 100;

/** Thrown for text that is not a sequence of JSON documents; the message is a phrase without a period. */
export class JsonProblem extends Error {
  override readonly name = "JsonProblem";
}

/**
 * The JSON documents of a text in sequence: govc prints one per object, indented, without separators. Their keys are
 * converted to a lower-case first letter, as versions of govc differ (Go's own names up to 0.30).
 */
export function* jsonDocuments(text: string): Generator<Tree> {
  let start = 0;
  while (start < text.length) {
    const first = firstOf(text, start);
    if (first === -1) return;
    const end = endOf(text, first);
    yield folded(parsed(text.slice(first, end)));
    start = end;
  }
}

function firstOf(text: string, start: number): number {
  const found = /[^\s\u0000\uFEFF]/g;
  found.lastIndex = start;
  return found.exec(text)?.index ?? -1;
}

/** The end of the document that starts at `start`. */
function endOf(text: string, start: number): number {
  const marks = /["[\]{}]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    switch (found[0]) {
      case '"':
        marks.lastIndex = endOfString(text, found.index);
        break;
      case "[":
      case "{":
        depth += 1;
        if (depth > DEEPEST) throw new JsonProblem("it is nested too deeply");
        break;
      default:
        depth -= 1;
        if (depth <= 0) return found.index + 1;
    }
    if (depth === 0) throw new JsonProblem("it contains values other than objects and lists");
  }
  throw new JsonProblem("it is truncated");
}

function endOfString(text: string, start: number): number {
  const ends = /["\\]/g;
  ends.lastIndex = start + 1;
  for (let found = ends.exec(text); found !== null; found = ends.exec(text)) {
    if (found[0] === '"') return found.index + 1;
    ends.lastIndex = found.index + 2;
  }
  throw new JsonProblem("it is truncated");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new JsonProblem("it is not JSON");
  }
}

/**
 * Lower-casing the first letter of every key unifies the dialects; no keys of the vSphere API are data. Windows
 * PowerShell 5.1 writes some lists as `{"value": […], "Count": 2}` (github.com/PowerShell/PowerShell/issues/5579).
 */
function folded(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(folded);
  if (typeof value !== "object" || value === null) return value as Tree;
  if (isCountedList(value)) return value.value.map(folded);
  const tree = Object.create(null) as Record<string, Tree>;
  for (const [key, inner] of Object.entries(value)) tree[key.charAt(0).toLowerCase() + key.slice(1)] = folded(inner);
  return tree;
}

function isCountedList(value: object): value is { readonly value: readonly unknown[] } {
  const { value: items, Count: count } = value as { readonly value?: unknown; readonly Count?: unknown };
  return Object.keys(value).length === 2 && Array.isArray(items) && items.length === count;
}
