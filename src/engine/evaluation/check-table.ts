import type { Check, Verdict } from "../../schema/report.generated.ts";
import { IterableSequence, type Sequence } from "../../values/sequence.ts";
import type { CheckSerializer } from "./check-serializer.ts";
import type { Outcome } from "./evaluate-check.ts";
import type { EvaluatedPlan } from "./evaluate.ts";
import { plannedCheck } from "./plan.ts";

/** The fields of a check that are known without further computation: no location, no findings, gaps or evidence. */
export type BriefCheck = Pick<Check, "rule" | "subject" | "severity" | "verdict" | "reason" | "explanation">;

/**
 * The checks of a run. Most consist of a verdict and perhaps a reason, and are created on every access; those with
 * findings, gaps or evidence are stored. A run of 10,000 nodes has half a million checks.
 */
export class CheckTable extends IterableSequence<Check> {
  readonly #evaluated: EvaluatedPlan;
  readonly #serializer: CheckSerializer;
  /** The checks that are more than a verdict, by position in the plan and in its order. */
  readonly #notable: ReadonlyMap<number, Check>;

  constructor(evaluated: EvaluatedPlan, serializer: CheckSerializer, notable: ReadonlyMap<number, Check>) {
    super(evaluated.plan.length);
    this.#evaluated = evaluated;
    this.#serializer = serializer;
    this.#notable = notable;
  }

  *between(start: number, end: number): Generator<Check> {
    const { plan, outcomes } = this.#evaluated;
    let first = 0;
    for (const group of plan.groups) {
      const { subjects } = group;
      const stop = Math.min(end - first, subjects.length);
      for (let index = Math.max(0, start - first); index < stop; index++) {
        const position = first + index;
        const notable = this.#notable.get(position);
        const subject = subjects[index];
        if (notable !== undefined) yield notable;
        else if (subject !== undefined) {
          yield this.#serializer.write(plannedCheck(group, subject), outcomes[position] ?? null);
        }
      }
      first += subjects.length;
      if (first >= end) return;
    }
  }

  /** Every check in the order of the run, without what takes time to find for hundreds of thousands of them. */
  *brief(): Generator<BriefCheck> {
    const { plan, outcomes } = this.#evaluated;
    let position = 0;
    for (const { enabled, severity, subjects } of plan.groups) {
      const rule = enabled.rule.id;
      for (const subject of subjects) {
        const outcome = outcomes[position] ?? null;
        const reason = outcome === null ? enabled.skip : "reason" in outcome ? outcome.reason : null;
        const verdict = outcome?.verdict ?? "skipped";
        yield this.#notable.get(position) ?? { rule, subject, severity, verdict, reason };
        position++;
      }
    }
  }

  /**
   * Those that are more than a verdict: every failed, inconclusive, crashed and waived check is among them, and what
   * applies after deployment.
   */
  get notable(): Iterable<Check> {
    return this.#notable.values();
  }

  /** How many of the other checks have each verdict. */
  get others(): ReadonlyMap<Verdict, number> {
    const counts = { pass: 0, "not-applicable": 0, skipped: 0 };
    const add = (outcome: Outcome | null | undefined, count: 1 | -1) => {
      const verdict = outcome == null ? "skipped" : outcome.verdict;
      if (verdict === "pass" || verdict === "not-applicable" || verdict === "skipped") counts[verdict] += count;
    };
    const { outcomes } = this.#evaluated;
    outcomes.forEach((outcome) => {
      add(outcome, 1);
    });
    for (const position of this.#notable.keys()) add(outcomes[position], -1);
    return new Map(Object.entries(counts) as [Verdict, number][]);
  }

  /** The table with every notable check put through `change`. */
  withNotable(change: (check: Check) => Check): CheckTable {
    const changed = new Map<number, Check>();
    for (const [position, check] of this.#notable) changed.set(position, change(check));
    return new CheckTable(this.#evaluated, this.#serializer, changed);
  }

  /** The table with other checks at some positions. */
  withReplaced(replacements: ReadonlyMap<number, Check>): CheckTable {
    const positions = [...new Set([...this.#notable.keys(), ...replacements.keys()])].sort((a, b) => a - b);
    const notable = new Map<number, Check>();
    for (const position of positions) {
      const check = replacements.get(position) ?? this.#notable.get(position);
      if (check !== undefined) notable.set(position, check);
    }
    return new CheckTable(this.#evaluated, this.#serializer, notable);
  }
}

/** The checks that may have findings, gaps, a waiver or evidence; all checks of a saved report, which is an array. */
export function notableChecks(checks: Sequence<Check>): Iterable<Check> {
  return checks instanceof CheckTable ? checks.notable : checks;
}

/** All checks without their locations; see `CheckTable.brief`. */
export function briefChecks(checks: Sequence<Check>): Iterable<BriefCheck> {
  return checks instanceof CheckTable ? checks.brief() : checks;
}

/** The checks with every notable one put through `change`. */
export function withNotable(checks: Sequence<Check>, change: (check: Check) => Check): Sequence<Check> {
  return checks instanceof CheckTable ? checks.withNotable(change) : checks.map(change);
}

/** The checks with others at some positions. */
export function withReplaced(checks: Sequence<Check>, replacements: ReadonlyMap<number, Check>): Sequence<Check> {
  if (checks instanceof CheckTable) return checks.withReplaced(replacements);
  return checks.map((check, position) => replacements.get(position) ?? check);
}

/** The checks with these verdicts, in the order of the run. */
export function checksWith(
  checks: Sequence<Check>,
  ...verdicts: readonly Exclude<Verdict, "pass" | "not-applicable" | "skipped">[]
): Check[] {
  const wanted: ReadonlySet<Verdict> = new Set(verdicts);
  return [...notableChecks(checks)].filter(({ verdict }) => wanted.has(verdict));
}

/** The number of checks of severity error that apply once the VMs of their nodes exist. */
export function requiredAfterDeployment(checks: Sequence<Check>): number {
  let count = 0;
  for (const { awaits, severity } of notableChecks(checks)) if (awaits !== undefined && severity === "error") count++;
  return count;
}

/** The number of checks with each verdict. */
export function verdictCounts(checks: Sequence<Check>): ReadonlyMap<Verdict, number> {
  const counts = new Map(checks instanceof CheckTable ? checks.others : []);
  for (const { verdict } of notableChecks(checks)) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}
