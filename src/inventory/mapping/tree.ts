/**
 * A value of the vSphere API in a source. SOAP and `govc -xml` have every scalar as text, `govc -json` as its type; in
 * XML, a list with one element looks like the element; `xsi:type` is stored as `_typeName`; a reference to a managed
 * object is `{type, value}`.
 */
export type Tree = string | number | boolean | null | readonly Tree[] | TreeObject;

export interface TreeObject {
  readonly [key: string]: Tree | undefined;
}

/** The value at a dotted path; undefined if there is none, or if it is null or an empty text. */
export function at(tree: Tree | undefined, path: string): Tree | undefined {
  let value: Tree | undefined = tree;
  if (path !== "") {
    for (const step of path.split(".")) {
      if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
      value = value[step];
    }
  }
  return value === null || value === "" ? undefined : value;
}

/** A whole number; undefined for anything else. */
export function int(tree: Tree | undefined, path = ""): number | undefined {
  const value = at(tree, path);
  const number = typeof value === "string" && /^\s*[+-]?\d{1,16}\s*$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** XML Schema writes booleans as `true`, `false`, `1` and `0`. */
export function bool(tree: Tree | undefined, path = ""): boolean | undefined {
  const value = at(tree, path);
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (word === "true" || word === "1" || word === 1) return true;
  return word === "false" || word === "0" || word === 0 ? false : undefined;
}

export function str(tree: Tree | undefined, path = ""): string | undefined {
  const value = at(tree, path);
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** A list; a single value becomes a list of one, a missing one an empty list. */
export function list(tree: Tree | undefined, path = ""): readonly Tree[] {
  const value = at(tree, path);
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Tree[]) : [value];
}

/** The id of a referenced managed object. */
export function reference(tree: Tree | undefined, path = ""): string | undefined {
  const value = at(tree, path);
  return isObject(value) ? str(value, "value") : undefined;
}

/** One of the given words, ignoring case; undefined for any other. */
export function oneOf<Word extends string>(
  words: readonly Word[],
  tree: Tree | undefined,
  path = "",
): Word | undefined {
  const value = str(tree, path)?.trim().toLowerCase();
  return words.find((word) => word.toLowerCase() === value);
}

export function isObject(tree: Tree | undefined): tree is TreeObject {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}

/** Removes undefined fields: in the inventory, a missing key means that a value is unknown. */
export function known<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
