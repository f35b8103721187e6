import { type BriefCheck, briefChecks, notableChecks } from "../../engine/evaluation/check-table.ts";
import { consequencesByRoot } from "../model/consequences.ts";
import type { Check, CheckReference, RuleDescription, RunReport, SubjectId } from "../../schema/report.generated.ts";
import { type Mark, markOf, rank } from "./marks.ts";

/** The checks of a report, indexed in one pass for the sections of a page. */
export interface Ledger {
  readonly rules: ReadonlyMap<string, RuleDescription>;
  /** The anchor of a rule's findings; null if it has none. */
  readonly anchorOf: (rule: string) => string | null;
  readonly crashed: readonly Check[];
  /** Failed checks that no other check caused. */
  readonly failed: readonly Check[];
  /** The failed checks caused by a failed check. */
  readonly consequencesOf: (root: CheckReference) => readonly Check[];
  readonly inconclusive: readonly Check[];
  readonly waived: readonly Check[];
  readonly passed: Digest;
  readonly notApplicable: Digest;
  readonly skipped: Digest;
  /** The subjects by kind, with the results of each rule. */
  readonly kinds: ReadonlyMap<string, KindTally>;
  /** The results of all checks of a subject, by `keyOf`. */
  readonly subjects: ReadonlyMap<string, Tally>;
}

/** Checks that need no attention: there may be hundreds of thousands, so they are counted, not kept. */
export interface Digest {
  readonly count: number;
  readonly byRule: ReadonlyMap<string, Counted>;
  readonly byReason: ReadonlyMap<string, { readonly count: number; readonly rules: ReadonlySet<string> }>;
}

/** Checks of a rule, with the first of them. */
export interface Counted {
  readonly count: number;
  readonly kinds: ReadonlySet<string>;
  readonly first: readonly BriefCheck[];
}

/** The results of the checks on subjects of one kind. */
export interface KindTally {
  /** By name. */
  readonly subjects: ReadonlySet<string>;
  readonly rules: ReadonlyMap<string, ReadonlyMap<Mark, number>>;
}

/** Number of checks of a subject by mark, and the worst mark. */
export interface Tally {
  readonly counts: ReadonlyMap<Mark, number>;
  readonly worst: Mark;
}

export function keyOf({ kind, name }: SubjectId): string {
  return `${kind}\n${name}`;
}

/** Number of checks of a rule that are kept, to name them. */
export const NAMED = 12;

class DigestBuilder implements Digest {
  count = 0;
  readonly byRule = new Map<string, { count: number; readonly kinds: Set<string>; readonly first: BriefCheck[] }>();
  readonly byReason = new Map<string, { count: number; readonly rules: Set<string> }>();

  add(check: BriefCheck): void {
    const { rule, subject } = check;
    this.count++;
    const ofRule = this.byRule.get(rule) ?? { count: 0, kinds: new Set(), first: [] };
    if (ofRule.count++ === 0) this.byRule.set(rule, ofRule);
    ofRule.kinds.add(subject.kind);
    if (ofRule.first.length < NAMED) ofRule.first.push(check);
    const reason = check.reason ?? "no reason was given";
    const ofReason = this.byReason.get(reason) ?? { count: 0, rules: new Set() };
    if (ofReason.count++ === 0) this.byReason.set(reason, ofReason);
    ofReason.rules.add(rule);
  }
}

class KindBuilder implements KindTally {
  readonly subjects = new Set<string>();
  readonly rules = new Map<string, Map<Mark, number>>();

  add({ rule, subject }: BriefCheck, mark: Mark): void {
    this.subjects.add(subject.name);
    let counts = this.rules.get(rule);
    if (counts === undefined) this.rules.set(rule, (counts = new Map<Mark, number>()));
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
}

export function ledgerOf(report: RunReport): Ledger {
  const kept = { crashed: [], fail: [], inconclusive: [], waived: [] } as {
    readonly [Verdict in "crashed" | "fail" | "inconclusive" | "waived"]: Check[];
  };
  const anchors = new Map<string, string>();
  for (const check of notableChecks(report.checks)) {
    const { verdict } = check;
    if (verdict === "pass" || verdict === "not-applicable" || verdict === "skipped") continue;
    kept[verdict].push(check);
    if (verdict === "fail" && check.root_causes.length === 0 && !anchors.has(check.rule))
      anchors.set(check.rule, `r${anchors.size + 1}`);
  }
  const digests = { pass: new DigestBuilder(), "not-applicable": new DigestBuilder(), skipped: new DigestBuilder() };
  const subjects = new Map<string, Map<Mark, number>>();
  const kinds = new Map<string, KindBuilder>();
  for (const check of briefChecks(report.checks)) {
    const { verdict, subject } = check;
    if (verdict === "pass" || verdict === "not-applicable" || verdict === "skipped") digests[verdict].add(check);
    const key = keyOf(subject);
    let counts = subjects.get(key);
    if (counts === undefined) subjects.set(key, (counts = new Map<Mark, number>()));
    const mark = markOf(check);
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
    let kind = kinds.get(subject.kind);
    if (kind === undefined) kinds.set(subject.kind, (kind = new KindBuilder()));
    kind.add(check, mark);
  }
  return {
    rules: new Map(report.rules.map((rule) => [rule.id, rule])),
    anchorOf: (rule) => anchors.get(rule) ?? null,
    crashed: kept.crashed,
    failed: kept.fail.filter(({ root_causes }) => root_causes.length === 0),
    consequencesOf: consequencesByRoot(report),
    inconclusive: kept.inconclusive,
    waived: kept.waived,
    passed: digests.pass,
    notApplicable: digests["not-applicable"],
    skipped: digests.skipped,
    kinds,
    subjects: new Map([...subjects].map(([key, counts]) => [key, { counts, worst: worstOf([...counts.keys()]) }])),
  };
}

/** The worst of some marks; `skipped` if there is none, because nothing was evaluated. */
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
