import type { Check, SubjectId } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";

/**
 * Whether a check consists of its verdict and reason alone, as most of hundreds of thousands do: it then differs from
 * others of its rule with the same reason only in its subject, and so does its text in a format.
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

/** Most subjects in the cache; a run has no more, but each check of a saved report has its own subject object. */
const MOST_SUBJECTS = 100_000;

/** Caches what is derived from the subject of a check, once for all checks that share it. */
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

/** Caches what is derived from a plain check apart from its subject, while consecutive checks are alike. */
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
