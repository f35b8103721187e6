/** A comparison with a version such as `<2`, whose missing parts are null. */
interface Comparison {
  readonly operator: ">=" | ">" | "<=" | "<" | "=";
  readonly version: Version;
}

interface Version {
  readonly numbers: readonly [number, number | null, number | null];
  /** What follows the hyphen, or null. */
  readonly prerelease: string | null;
}

/** Comparisons that must all be true. */
export type VersionRange = readonly Comparison[];

/**
 * Reads `>=1.2.3 <2`, `1.2` (any 1.2.x) or `1.2.3` (that version); null when the text is none of these. Versions are
 * those of https://semver.org; omitted parts match every number.
 */
export function parseVersionRange(text: string): VersionRange | null {
  const words = text
    .trim()
    .replaceAll(/(>=|<=|>|<|=)\s+/g, "$1")
    .split(/[\s,]+/);
  const comparisons = words.map(comparisonOf);
  return comparisons.every((comparison) => comparison !== null) ? comparisons : null;
}

/** Whether a version is in a range. False for any other text. */
export function isInRange(version: string, range: VersionRange): boolean {
  const own = versionOf(version);
  if (own === null) return false;
  return range.every(({ operator, version: limit }) => {
    const order = compare(own, limit);
    switch (operator) {
      case "=":
        return order === 0;
      case ">=":
        return order >= 0;
      case ">":
        return order > 0;
      case "<=":
        return order <= 0;
      case "<":
        return order < 0;
    }
  });
}

function comparisonOf(word: string): Comparison | null {
  const [, operator = "=", rest = ""] = /^(>=|<=|>|<|=)?(.*)$/.exec(word) ?? [];
  const version = versionOf(rest);
  return version === null ? null : { operator: operator as Comparison["operator"], version };
}

function versionOf(text: string): Version | null {
  const match = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text);
  if (match === null) return null;
  const [, major, minor, patch, prerelease = null] = match;
  const part = (digits: string | undefined) => (digits === undefined ? null : Number(digits));
  return { numbers: [Number(major), part(minor), part(patch)], prerelease };
}

/** Negative if `own` is older than `limit`, 0 if it matches, positive if it is newer. */
function compare(own: Version, limit: Version): number {
  for (const [index, number] of limit.numbers.entries()) {
    // `>1.2` means newer than every 1.2.x, `<=1.2` also every 1.2.x.
    if (number === null) return 0;
    const difference = (own.numbers[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return comparePrereleases(own.prerelease, limit.prerelease);
}

/** https://semver.org, clause 11: a version with a prerelease is older than the same one without. */
function comparePrereleases(own: string | null, limit: string | null): number {
  if (own === limit) return 0;
  if (own === null) return 1;
  if (limit === null) return -1;
  const [ours, theirs] = [own.split("."), limit.split(".")];
  for (const [index, part] of ours.entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(part), /^\d+$/.test(other)];
    if (isNumber && otherIsNumber) return Number(part) - Number(other);
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    return part < other ? -1 : 1;
  }
  return -1;
}
