import type { Check, SubjectId } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";

/**
 * Whether a check is no more than its verdict and reason, as most of hundreds of thousands are: it then differs from the
 * others of its rule with the same reason in its subject alone, and so does its text in a format.
 */
export function isPlain(check: Check): boolean {
  switch (check.verdict) {
    case "pass":
    case "not-applicable":
    case "skipped":
      return (
        check.awaits === undefined &&
        check.waiver === null &&
        check.findings.length === 0 &&
        check.missing.length === 0 &&
        check.evidence.length === 0 &&
        check.root_causes.length === 0 &&
        check.because.length === 0
      );
    default:
      return false;
  }
}

/** So many subjects are kept; a run has no more, but for the checks of a saved report each has one of its own. */
const MOST_SUBJECTS = 100_000;

/** What is made of the subject of a check, once for all checks that share it. */
export class BySubject<T> {
  readonly #made = new Map<SubjectId, { readonly location: Location | null; readonly value: T }>();
  readonly #make: (check: Check) => T;

  constructor(make: (check: Check) => T) {
    this.#make = make;
  }

  of(check: Check): T {
    const { subject, location } = check;
    const made = this.#made.get(subject);
    if (made?.location === location) return made.value;
    if (this.#made.size >= MOST_SUBJECTS) this.#made.clear();
    const value = this.#make(check);
    this.#made.set(subject, { location, value });
    return value;
  }
}

/** What is made of a plain check apart from its subject, kept while checks are alike. */
export class ByKind<T> {
  #last: { readonly check: Check; readonly value: T } | null = null;
  readonly #make: (check: Check) => T;

  constructor(make: (check: Check) => T) {
    this.#make = make;
  }

  of(check: Check): T {
    const last = this.#last;
    if (
      last !== null &&
      last.check.rule === check.rule &&
      last.check.verdict === check.verdict &&
      last.check.severity === check.severity &&
      last.check.reason === check.reason
    ) {
      return last.value;
    }
    const value = this.#make(check);
    this.#last = { check, value };
    return value;
  }
}
