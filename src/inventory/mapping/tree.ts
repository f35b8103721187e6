/**
 * A value of the vSphere API as a source holds it. SOAP and `govc -xml` give every scalar as text, `govc -json` gives it
 * typed; a list of one looks like its element in XML; what XML calls `xsi:type` stands under `_typeName`; a reference to a
 * managed object is `{type, value}`.
 */
export type Tree = string | number | boolean | null | readonly Tree[] | TreeObject;

export interface TreeObject {
  readonly [key: string]: Tree | undefined;
}

/** The value behind a dotted path; undefined where there is none, or null or an empty text stands for none. */
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

/** A list; a value that is no list is a list of that one, none is an empty list. */
export function list(tree: Tree | undefined, path = ""): readonly Tree[] {
  const value = at(tree, path);
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Tree[]) : [value];
}

/** The id of the managed object that a reference leads to. */
export function reference(tree: Tree | undefined, path = ""): string | undefined {
  const value = at(tree, path);
  return isObject(value) ? str(value, "value") : undefined;
}

/** One of the given words, whatever its case; undefined for any other. */
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

/** Leaves out what is undefined: in the inventory a missing key says that a value is not known. */
export function known<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
