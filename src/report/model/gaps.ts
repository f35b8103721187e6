import type { Check } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";
import { phrase, subjectName } from "../text/wording.ts";

/** One reason why checks are inconclusive, with every check that it concerns. */
export interface Gap {
  /** A phrase without a final stop: the missing thing, the root cause, or the rule's own reason. */
  readonly what: string;
  readonly checks: readonly Check[];
  /** The first place where the missing thing would stand, or where a subject that lacks it is named. */
  readonly location: Location | null;
}

/** What a check lacks, phrased so that equal text means the same gap; more than one when it lacks several things. */
export function gapsOfCheck(check: Check): readonly { readonly what: string; readonly location: Location | null }[] {
  if (check.because.length > 0) {
    // The root cause is a failure of its own; said once, it explains everything that hangs on it.
    return check.because.map(({ rule, subject }) => ({
      what: `because ${rule} failed for ${subjectName(subject)}`,
      location: null,
    }));
  }
  if (check.missing.length > 0) return check.missing;
  return [{ what: phrase(check.reason ?? "the rule gave no reason"), location: null }];
}

/** The inconclusive checks by what they lack, the widest gap first. A check that lacks two things counts under both. */
export function gapsOf(inconclusive: readonly Check[]): Gap[] {
  const gaps = new Map<string, { what: string; checks: Check[]; location: Location | null }>();
  for (const check of inconclusive) {
    for (const { what, location } of gapsOfCheck(check)) {
      let gap = gaps.get(what);
      if (gap === undefined) gaps.set(what, (gap = { what, checks: [], location: null }));
      // A check may lack one thing at several places.
      if (gap.checks.at(-1) !== check) gap.checks.push(check);
      gap.location ??= location ?? check.location;
    }
  }
  return [...gaps.values()].sort((a, b) => b.checks.length - a.checks.length);
}
