/** Longer words are not misspellings of any known name. */
const LONGEST = 100;

/**
 * The candidate that was probably meant by `word`, or null. Case, hyphens and underscores do not count; otherwise a few
 * typing errors (a letter wrong, missing, added, or two swapped: one in three letters, three at most), else the
 * beginning of a candidate. Among equals the first candidate wins.
 */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const wanted = fold(word);
  if (wanted.length === 0 || wanted.length > LONGEST) return null;
  const most = Math.min(3, Math.floor(wanted.length / 3));
  let best: string | null = null;
  let bestDistance = most + 1;
  for (const candidate of candidates) {
    const distance = slips(wanted, fold(candidate), bestDistance - 1);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  if (best !== null || wanted.length < 3) return best;
  return candidates.find((candidate) => fold(candidate).startsWith(wanted)) ?? null;
}

/**
 * Names of objects, by which one that was probably meant is found: the same but for hyphens and underscores, or the
 * short name of a fully qualified one, or the other way around. Several such names give no suggestion.
 */
export class NearNames {
  /** Names by each form in which they may be given: the whole name, and what is before each of its dots. */
  readonly #byBeginning = new Map<string, Set<string>>();
  readonly #byName = new Map<string, Set<string>>();

  constructor(names: Iterable<string>) {
    for (const name of names) {
      for (const form of beginnings(plain(name))) put(this.#byBeginning, form, name);
      put(this.#byName, plain(name), name);
    }
  }

  /** The name that was probably meant, or null. */
  nearest(name: string): string | null {
    const wanted = plain(name);
    const near = new Set(this.#byBeginning.get(wanted));
    for (const form of beginnings(wanted)) for (const found of this.#byName.get(form) ?? []) near.add(found);
    const [first, second] = [...near];
    return first !== undefined && second === undefined && wanted !== "" ? first : null;
  }
}

/** `a.b.c` is `a`, `a.b` and itself. */
function beginnings(name: string): readonly string[] {
  const labels = name.split(".");
  return labels.map((_, index) => labels.slice(0, index + 1).join("."));
}

function put(names: Map<string, Set<string>>, key: string, name: string): void {
  const known = names.get(key);
  if (known === undefined) names.set(key, new Set([name]));
  else known.add(name);
}

function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll("_", "-");
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, "");
}

/**
 * Damerau–Levenshtein distance (optimal string alignment: no letter is moved twice); any number above `most` when it is
 * more than that.
 */
function slips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const at = (line: readonly number[], index: number): number => line[index] ?? Infinity;
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + change);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, at(beforePrevious, column - 2) + 1);
      current.push(least);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? most + 1;
}
