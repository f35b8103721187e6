import type { Path } from "../../values/location.ts";

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
