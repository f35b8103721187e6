import type { Path } from "../../values/location.ts";

/** A mapping as plain data. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of plain data, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)] as unknown;
    return isFields(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, value);
}

/** A JSON pointer (RFC 6901) as a path into a value: what counts items of a list is a number. */
export function pathOf(pointer: string, root: unknown): Path {
  let value = root;
  return pointer
    .split("/")
    .slice(1)
    .map((raw) => {
      const step = raw.replaceAll("~1", "/").replaceAll("~0", "~");
      const key = Array.isArray(value) ? Number(step) : step;
      value =
        typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
      return key;
    });
}
