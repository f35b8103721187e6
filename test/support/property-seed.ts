import { randomInt } from "node:crypto";

/** Names the seed of the property tests; unset = the fixed one. */
export const SEED_VARIABLE = "PREFLIGHT_FUZZ_SEED";

/** Any number will do; it is fixed so that every run of the suite draws the same values. */
const FIXED_SEED = 20_261_122;

/** The seed from the environment: an integer, or `random` for a new one. */
export function seedFrom(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment[SEED_VARIABLE] ?? "";
  if (text === "") return FIXED_SEED;
  if (text === "random") return randomInt(2 ** 31);
  const seed = Number(text);
  // fast-check uses 32 bits of a seed.
  if (/^-?\d+$/.test(text) && seed === (seed | 0)) return seed;
  throw new RangeError(`${SEED_VARIABLE} must be "random" or a 32-bit integer, not ${JSON.stringify(text)}`);
}
