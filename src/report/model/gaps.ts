import type { Check } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";
import { phrase, subjectName } from "../text/wording.ts";

/** One reason why checks are inconclusive, with every affected check. */
export interface Gap {
  /** A phrase without a period: the missing value, the root cause, or the rule's own reason. */
  readonly what: string;
  readonly checks: readonly Check[];
  /** The first location where the missing value belongs, or that names a subject without it. */
  readonly location: Location | null;
}

/** The values missing from a check, phrased so that equal text means the same gap; several if it lacks several. */
export function gapsOfCheck(check: Check): readonly { readonly what: string; readonly location: Location | null }[] {
  if (check.because.length > 0) {
    // The root cause is a failure itself; it is stated once for all checks that depend on it.
    return check.because.map(({ rule, subject }) => ({
      what: `because ${rule} failed for ${subjectName(subject)}`,
      location: null,
    }));
  }
  if (check.missing.length > 0) return check.missing;
  return [{ what: phrase(check.reason ?? "the rule gave no reason"), location: null }];
}

/**
 * The inconclusive checks by missing value, the gap with most checks first. A check that lacks two values counts under
 * both.
 */
export function gapsOf(inconclusive: readonly Check[]): Gap[] {
  const gaps = new Map<string, { what: string; checks: Check[]; location: Location | null }>();
  for (const check of inconclusive) {
    for (const { what, location } of gapsOfCheck(check)) {
      let gap = gaps.get(what);
      if (gap === undefined) gaps.set(what, (gap = { what, checks: [], location: null }));
      // A check may lack one value at several locations.
      if (gap.checks.at(-1) !== check) gap.checks.push(check);
      gap.location ??= location ?? check.location;
    }
  }
  return [...gaps.values()].sort((a, b) => b.checks.length - a.checks.length);
}
