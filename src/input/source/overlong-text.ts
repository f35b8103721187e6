import type { Location, Path } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { thousands } from "../../values/text/counted.ts";
import { LONGEST_TEXT } from "./limits.ts";

/**
 * Whether a line of a text is longer than any format needs. A string of JSON is in one line, so that only such a text
 * can contain a long one. Takes time proportional to the lines that are looked at: one in a million characters.
 */
export function hasLongLine(text: string): boolean {
  for (let start = 0; start + LONGEST_TEXT < text.length;) {
    const end = text.lastIndexOf("\n", start + LONGEST_TEXT);
    if (end < start) return true;
    start = end + 1;
  }
  return false;
}

/**
 * The error for the first key or value that is longer than any format needs; null if there is none. The regular
 * expressions that texts go through later exhaust the stack with some ten million characters.
 */
export function overlongText(value: unknown, locate: (at: Path) => Location | null): PreflightError | null {
  const found = pathOfOverlong(value);
  if (found === null) return null;
  const message = `A key or value is longer than ${thousands(LONGEST_TEXT)} characters, the limit.`;
  return new PreflightError("text-too-long", message, locate(found), "Check that it is the intended file.");
}

/** The path of the value, or of the mapping that has the key. */
function pathOfOverlong(value: unknown): Path | null {
  if (typeof value === "string") return value.length > LONGEST_TEXT ? [] : null;
  if (typeof value !== "object" || value === null) return null;
  // Paths are made on the way back only: a file may have millions of values.
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const found = pathOfOverlong(value[index]);
      if (found !== null) return [index, ...found];
    }
    return null;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key.length > LONGEST_TEXT) return [];
    const found = pathOfOverlong(item);
    if (found !== null) return [key, ...found];
  }
  return null;
}
