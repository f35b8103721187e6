const WINDOW = 100;
const FACTOR = 37;
const HALF = 2 ** 32;
const END_OF_TEXT = "\uffff";

/** GitHub computes a missing hash itself; in a text longer than this, counting equal lines takes too long. */
const LONGEST_TEXT = 10_000_000;

/**
 * The fingerprint that GitHub code scanning calls `primaryLocationLineHash`, for the wanted lines of a text (from 1).
 * Lines that the text does not have are omitted, as are all of a text of more than ten million characters.
 *
 * A 64-bit polynomial (modulus 2^64, factor 37) over the 100 characters from the start of the line; blanks and tabs are
 * skipped, every line break counts as one LF, and the text is padded with U+FFFF and zeros. The number after the colon
 * counts the lines with this hash so far. It must be equal to what github/codeql-action computes, or every upload warns
 * about each result.
 */
export function lineHashes(text: string, wanted: ReadonlySet<number>): ReadonlyMap<number, string> {
  const hashes = new Map<number, string>();
  const last = [...wanted].reduce((most, line) => Math.max(most, line), 0);
  if (last === 0 || text.length > LONGEST_TEXT) return hashes;
  const characters = text.replace(/\r\n?/g, "\n").replace(/[ \t]+/g, "") + END_OF_TEXT + "\0".repeat(WINDOW);
  // Equal windows have equal hashes, so only the wanted ones have to be computed.
  const occurrences = new Map<string, number>();
  let start = 0;
  for (let line = 1; line <= last; line++) {
    const window = characters.slice(start, start + WINDOW);
    const occurrence = (occurrences.get(window) ?? 0) + 1;
    occurrences.set(window, occurrence);
    if (wanted.has(line)) hashes.set(line, `${polynomial(window)}:${occurrence}`);
    const end = characters.indexOf("\n", start);
    if (end === -1) break;
    start = end + 1;
  }
  return hashes;
}

/** 64 bits in two halves of 32: both stay exact numbers, which are many times faster than BigInt. */
function polynomial(window: string): string {
  let high = 0;
  let low = 0;
  for (let index = 0; index < window.length; index++) {
    low = low * FACTOR + window.charCodeAt(index);
    high = (high * FACTOR + Math.floor(low / HALF)) >>> 0;
    low >>>= 0;
  }
  return high === 0 ? low.toString(16) : `${high.toString(16)}${low.toString(16).padStart(8, "0")}`;
}
