/** Numbers that look random and are the same for the same seed: xorshift, Marsaglia 2003. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** At least 0 and below `limit`. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % Math.max(1, limit);
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to choose from");
    return item;
  }
}

/** What formats give a meaning, and what breaks readers. */
const TOKENS = [
  ..."{}[]\"':,#&*!|>-?%@`<>/\\=\n\r\t\0".split(""),
  ...[
    "\r\n",
    "---\n",
    "...\n",
    "<<: *a",
    "&a ",
    "*a",
    "!!str ",
    "!<x>",
    "|-\n",
    "\ufeff",
    "\u2028",
    "\ud800",
    "\ufffe",
  ],
  ...["null", "~", "true", "NaN", "1e999", "-0", "0x7f", "9007199254740993", "__proto__", "constructor", "password: x"],
  ...[
    "# preflight-disable-next-line ",
    "<![CDATA[",
    "<!DOCTYPE",
    "&#0;",
    "&lt;",
    "</",
    "/>",
    "-----BEGIN CERTIFICATE-----",
  ],
  ...["\xc0\x0c", "\xff\xff", "\x00\x00", "\x7f\xff\xff\xff", "PK\x03\x04", "PK\x01\x02", "https://u:p@h"],
].map((token) => Buffer.from(token, "latin1"));

/** A variant of an input: some of its bytes changed, moved, repeated, or mixed with another input. */
export function mutated(input: Buffer, corpus: readonly Buffer[], random: Random): Buffer {
  let bytes = input;
  for (let round = 0; round <= random.below(4); round++) bytes = once(bytes, corpus, random);
  return bytes.subarray(0, LONGEST);
}

const LONGEST = 1 << 18;

function once(bytes: Buffer, corpus: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(Math.min(64, bytes.length - at) + 1);
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
  switch (random.below(7)) {
    case 0: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    }
    case 1:
      return Buffer.concat([before, random.of(TOKENS), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([before, random.of(TOKENS), after]);
    case 3:
      return Buffer.concat([before, after]);
    case 4:
      return Buffer.concat([before, ...Array.from({ length: 1 + random.below(1000) }, () => part), after]);
    case 5: {
      const other = random.of(corpus);
      return Buffer.concat([before, other.subarray(random.below(other.length + 1))]);
    }
    default:
      return Buffer.from(before);
  }
}
