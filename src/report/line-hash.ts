const WINDOW = 100;
const FACTOR = 37;
const WORD = 2 ** 32;
/** 37 to the power of 100 modulo 2^64: the weight of the character that leaves the window. */
const LEAVING = leavingWeight();
const END_OF_TEXT = 0xffff;

/**
 * The fingerprint that GitHub code scanning calls `primaryLocationLineHash`, for every line of a text (index = line − 1).
 *
 * A 64-bit rolling hash (modulus 2^64, factor 37) over the 100 characters that follow the line's start; blanks and tabs
 * are passed over and every line end counts as one LF. Behind the colon stands the how-many-eth line of this hash it is.
 * It must be equal to what github/codeql-action computes, or every upload warns about each result.
 */
export function lineHashes(text: string): string[] {
  const hashes: string[] = [];
  const occurrences = new Map<string, number>();
  const window = new Uint16Array(WINDOW);
  /** For each slot of the window: whether a line starts with the character in it. */
  const startsLine = new Uint8Array(WINDOW);
  let slot = 0;
  // The hash as two words of 32 bits; all products stay far below 2^53, so that doubles hold them exactly.
  let high = 0;
  let low = 0;

  const finishLine = (): void => {
    if (startsLine[slot] === 0) return;
    startsLine[slot] = 0;
    const hash = high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, "0");
    const occurrence = (occurrences.get(hash) ?? 0) + 1;
    occurrences.set(hash, occurrence);
    hashes.push(`${hash}:${occurrence}`);
  };
  const push = (code: number): void => {
    const leaving = window[slot] ?? 0;
    window[slot] = code;
    slot = (slot + 1) % WINDOW;
    const lowSum = low * FACTOR + code - LEAVING.low * leaving;
    const carry = Math.floor(lowSum / WORD);
    low = lowSum - carry * WORD;
    const highSum = high * FACTOR + carry - LEAVING.high * leaving;
    high = highSum - Math.floor(highSum / WORD) * WORD;
  };

  let atLineStart = true;
  const characters = text.replace(/\r\n?/g, "\n").replace(/[ \t]/g, "");
  for (let index = 0; index <= characters.length; index++) {
    const code = index === characters.length ? END_OF_TEXT : characters.charCodeAt(index);
    finishLine();
    if (atLineStart) startsLine[slot] = 1;
    atLineStart = code === 0x0a;
    push(code);
  }
  for (let rest = 0; rest < WINDOW; rest++) {
    finishLine();
    push(0);
  }
  return hashes;
}

function leavingWeight(): { readonly high: number; readonly low: number } {
  const power = BigInt.asUintN(64, BigInt(FACTOR) ** BigInt(WINDOW));
  return { high: Number(power >> 32n), low: Number(power & 0xffffffffn) };
}
