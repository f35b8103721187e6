import { consequencesByRoot } from "../model/consequences.ts";
import type { Check, CheckReference, RuleDescription, RunReport, SubjectId } from "../../schema/report.generated.ts";
import { type Mark, markOf, rank } from "./marks.ts";

/** The checks of a report by what a page asks for; every check is looked at once. */
export interface Ledger {
  readonly rules: ReadonlyMap<string, RuleDescription>;
  /** The anchor of a rule's findings; null when it has none. */
  readonly anchorOf: (rule: string) => string | null;
  readonly crashed: readonly Check[];
  /** Failed checks that no other check caused. */
  readonly failed: readonly Check[];
  /** The failed checks that a failed check caused. */
  readonly consequencesOf: (root: CheckReference) => readonly Check[];
  readonly inconclusive: readonly Check[];
  readonly waived: readonly Check[];
  readonly passed: readonly Check[];
  readonly notApplicable: readonly Check[];
  readonly skipped: readonly Check[];
  /** What came of all checks of a subject, by `keyOf`. */
  readonly subjects: ReadonlyMap<string, Tally>;
}

/** How many checks of a subject ended how, and the worst of them. */
export interface Tally {
  readonly counts: ReadonlyMap<Mark, number>;
  readonly worst: Mark;
}

export function keyOf({ kind, name }: SubjectId): string {
  return `${kind}\n${name}`;
}

export function ledgerOf(report: RunReport): Ledger {
  const of: Record<Check["verdict"], Check[]> = {
    crashed: [],
    fail: [],
    inconclusive: [],
    waived: [],
    pass: [],
    "not-applicable": [],
    skipped: [],
  };
  const subjects = new Map<string, Map<Mark, number>>();
  const anchors = new Map<string, string>();
  for (const check of report.checks) {
    of[check.verdict].push(check);
    if (check.verdict === "fail" && check.root_causes.length === 0 && !anchors.has(check.rule))
      anchors.set(check.rule, `r${anchors.size + 1}`);
    const counts = subjects.get(keyOf(check.subject)) ?? new Map<Mark, number>();
    const mark = markOf(check);
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
    subjects.set(keyOf(check.subject), counts);
  }
  return {
    rules: new Map(report.rules.map((rule) => [rule.id, rule])),
    anchorOf: (rule) => anchors.get(rule) ?? null,
    crashed: of.crashed,
    failed: of.fail.filter(({ root_causes }) => root_causes.length === 0),
    consequencesOf: consequencesByRoot(report),
    inconclusive: of.inconclusive,
    waived: of.waived,
    passed: of.pass,
    notApplicable: of["not-applicable"],
    skipped: of.skipped,
    subjects: new Map([...subjects].map(([key, counts]) => [key, { counts, worst: worstOf([...counts.keys()]) }])),
  };
}

/** The worst of some marks; `skipped` when there is none, because nothing was looked at. */
export function worstOf(marks: readonly Mark[]): Mark {
  return marks.reduce<Mark>((worst, mark) => (rank(mark) < rank(worst) ? mark : worst), marks[0] ?? "skipped");
}

/** Checks by a key, in the order of first appearance. */
export function grouped(
  checks: Iterable<Check>,
  keyOfCheck: (check: Check) => string,
): ReadonlyMap<string, readonly Check[]> {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const key = keyOfCheck(check);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [check]);
    else group.push(check);
  }
  return groups;
}
