import type { Sequence } from "../../values/sequence.ts";
import { withReplaced } from "./check-table.ts";
import type { Check, Severity, Verdict } from "../../schema/report.generated.ts";

/** The checks of one run as one place saw them. */
export interface VantagePointChecks {
  readonly from: string;
  readonly checks: Sequence<Check>;
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

/**
 * One check of each kind out of several places that evaluated the same plan: the worst verdict counts and names its
 * place. What every place sees alike names none.
 */
export function worstVantagePoint([first, ...others]: readonly VantagePointChecks[]): Sequence<Check> {
  if (first === undefined) return [];
  const otherChecks = others.map(({ from, checks }) => ({ from, checks: checks[Symbol.iterator]() }));
  const replacements = new Map<number, Check>();
  let position = 0;
  for (const check of first.checks) {
    const all = [{ from: first.from, check }];
    for (const { from, checks } of otherChecks) {
      const next = checks.next();
      if (next.done !== true) all.push({ from, check: next.value });
    }
    const worst = all.reduce((a, b) => (rank(b.check) < rank(a.check) ? b : a));
    const isSeenAlike = all.every(
      ({ check: other }) => other.verdict === worst.check.verdict && sameWords(other, worst.check),
    );
    if (!isSeenAlike) {
      const vantage_points = all.map(({ from, check: { verdict } }) => ({ from, verdict }));
      replacements.set(position, { ...seenFrom(worst.check, worst.from), vantage_points });
    }
    position++;
  }
  return withReplaced(first.checks, replacements);
}

/** Lower is worse. Of two failures the one of the higher level counts: its messages may have levels of their own. */
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
  // What is inconclusive by a gap alone gives no reason, and its place must be named all the same.
  const alone = check.verdict === "inconclusive" ? `seen from ${from}` : null;
  return { ...check, reason: check.reason === null ? alone : `seen from ${from}: ${check.reason}`, findings };
}
