import type { Location, Path } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { thousands } from "../../values/text/counted.ts";
import { LONGEST_TEXT } from "./limits.ts";

/**
 * The error for the first key or value that is longer than any format needs; null if there is none. The regular
 * expressions that texts go through later exhaust the stack with some ten million characters.
 *
 * @param length number of characters of the whole file
 */
export function overlongText(
  value: unknown,
  length: number,
  locate: (at: Path) => Location | null,
): PreflightError | null {
  if (length <= LONGEST_TEXT) return null;
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
