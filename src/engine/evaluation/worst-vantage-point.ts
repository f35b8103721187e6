import type { Sequence } from "../../values/sequence.ts";
import { withReplaced } from "./check-table.ts";
import type { Check, Severity, Verdict } from "../../schema/report.generated.ts";

/** The checks of one run for one vantage point. */
export interface VantagePointChecks {
  readonly from: string;
  readonly checks: Sequence<Check>;
  /** Positions of the checks that concern a network other than that of this vantage point; absent = none. */
  readonly elsewhere?: ReadonlySet<number>;
}

const VERDICTS_WORST_FIRST: readonly Verdict[] = [
  "crashed",
  "fail",
  "inconclusive",
  "pass",
  "not-applicable",
  "skipped",
  "waived",
];
const SEVERITIES_WORST_FIRST: readonly Severity[] = ["error", "warn", "info"];

/** The check of one vantage point. */
interface SeenCheck {
  readonly from: string;
  readonly check: Check;
  readonly isElsewhere: boolean;
}

/**
 * One check of each kind out of several vantage points that evaluated the same plan: the worst verdict counts and names
 * its vantage point. A verdict that all vantage points share names none; of equal verdicts, the one from the right
 * network counts.
 *
 * @param options.isRequired whether verdicts that were obtained elsewhere count only where there is no other
 */
export function worstVantagePoint(
  [first, ...others]: readonly VantagePointChecks[],
  { isRequired = false }: { readonly isRequired?: boolean } = {},
): Sequence<Check> {
  if (first === undefined) return [];
  const otherChecks = others.map((other) => ({ ...other, checks: other.checks[Symbol.iterator]() }));
  const replacements = new Map<number, Check>();
  let position = 0;
  for (const check of first.checks) {
    const isElsewhere = (place: Pick<VantagePointChecks, "elsewhere">) => place.elsewhere?.has(position) ?? false;
    const all: SeenCheck[] = [{ from: first.from, check, isElsewhere: isElsewhere(first) }];
    for (const place of otherChecks) {
      const next = place.checks.next();
      if (next.done !== true) all.push({ from: place.from, check: next.value, isElsewhere: isElsewhere(place) });
    }
    const worst = worstOf(all, isRequired);
    const isSeenAlike = all.every(
      ({ check: other }) => other.verdict === worst.check.verdict && sameWords(other, worst.check),
    );
    if (!isSeenAlike) {
      const vantage_points = all.map(({ from, check: { verdict } }) => ({ from, verdict }));
      replacements.set(position, { ...seenFrom(worst.check, worst.from), vantage_points });
    } else if (worst.check !== check) replacements.set(position, worst.check);
    position++;
  }
  return withReplaced(first.checks, replacements);
}

function worstOf(all: readonly SeenCheck[], isRequired: boolean): SeenCheck {
  const right = all.filter(({ isElsewhere }) => !isElsewhere);
  return (isRequired && right.length > 0 ? right : all).reduce((a, b) => {
    const [rankA, rankB] = [rank(a.check), rank(b.check)];
    return rankB < rankA || (rankB === rankA && a.isElsewhere && !b.isElsewhere) ? b : a;
  });
}

/** Lower is worse. Of two failures, the one with the higher severity counts: messages may have their own severities. */
function rank({ verdict, severity }: Check): number {
  return (
    VERDICTS_WORST_FIRST.indexOf(verdict) * SEVERITIES_WORST_FIRST.length + SEVERITIES_WORST_FIRST.indexOf(severity)
  );
}

function sameWords(a: Check, b: Check): boolean {
  return (
    a.reason === b.reason &&
    a.findings.map(({ message }) => message).join("\n") === b.findings.map(({ message }) => message).join("\n") &&
    a.missing.map(({ what }) => what).join("\n") === b.missing.map(({ what }) => what).join("\n")
  );
}

function seenFrom(check: Check, from: string): Check {
  const findings = check.findings.map((finding) => ({
    ...finding,
    message: `${finding.message} (Seen from ${from}.)`,
  }));
  // A check that is inconclusive only because of a gap has no reason, but its vantage point must still be named.
  const alone = check.verdict === "inconclusive" ? `seen from ${from}` : null;
  return { ...check, reason: check.reason === null ? alone : `seen from ${from}: ${check.reason}`, findings };
}
