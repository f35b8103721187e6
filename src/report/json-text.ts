import { terminalJson } from "./escape.ts";

/**
 * The text that `JSON.stringify(value, null, 2)` makes, in pieces: the outer `depth` levels of objects and arrays are
 * taken apart, what lies deeper is one piece each. Properties that are undefined are left out.
 */
export function* jsonText(value: unknown, depth: number, indent = ""): Generator<string> {
  const parts = depth > 0 ? partsOf(value) : null;
  if (parts === null || parts.entries.length === 0) {
    yield terminalJson(JSON.stringify(value, null, 2)).replaceAll("\n", `\n${indent}`);
    return;
  }
  const inner = `${indent}  `;
  let separator = "";
  yield parts.open;
  for (const [key, item] of parts.entries) {
    yield `${separator}\n${inner}${key === null ? "" : `${terminalJson(JSON.stringify(key))}: `}`;
    yield* jsonText(item, depth - 1, inner);
    separator = ",";
  }
  yield `\n${indent}${parts.close}`;
}

function partsOf(
  value: unknown,
): { open: string; close: string; entries: (readonly [string | null, unknown])[] } | null {
  if (Array.isArray(value))
    return { open: "[", close: "]", entries: value.map((item: unknown) => [null, item] as const) };
  if (typeof value !== "object" || value === null) return null;
  return { open: "{", close: "}", entries: Object.entries(value).filter(([, item]) => item !== undefined) };
}
