import type { SourceRef } from "../../site/core/missing.ts";
import { quoted } from "../../values/text/quoted.ts";
import { shellQuote } from "../../values/text/shell-quote.ts";
import { CheckSerializer } from "./check-serializer.ts";
import { CheckTable } from "./check-table.ts";
import type { EvaluatedPlan } from "./evaluate.ts";
import type { Evidence } from "./evidence.ts";
import { whyUnasked } from "./why-unasked.ts";
import { type Outcome, sourceRefOf } from "./evaluate-check.ts";
import { type Plan, type PlannedCheck, plannedCheck } from "./plan.ts";
import { type Answer, isDecisive } from "../api/question.ts";
import type { Check, CheckReference, EvidenceRecord } from "../../schema/report.generated.ts";

/** A check with more than a verdict, before it is serialized. */
interface NotableCheck {
  readonly position: number;
  readonly planned: PlannedCheck;
  readonly outcome: Outcome;
  readonly questions: readonly string[];
}

/** Serializes checks as soon as they have a verdict; the rest of a report follows once all have one. */
export class ReportWriter {
  readonly #serializer: CheckSerializer;
  readonly #ahead = new Map<number, Check>();

  constructor(serializer = new CheckSerializer()) {
    this.#serializer = serializer;
  }

  /**
   * Does the work that depends on no answer before the queries, so that an interrupted run has less work left:
   * serializes the checks that are complete, and finds the locations of the subjects of the others.
   */
  writeAhead(plan: Plan, outcomes: readonly (Outcome | null | undefined)[]): void {
    for (const check of notableOf({ plan, outcomes, questions: new Map() })) {
      this.#ahead.set(check.position, this.#serializer.write(check.planned, check.outcome));
    }
    for (const { subjects } of plan.groups) for (const subject of subjects) this.#serializer.locateAhead(subject);
  }

  /** The checks and the evidence as reports show them, causes linked. Evidence is numbered from `firstId` on. */
  write(
    evaluated: EvaluatedPlan,
    evidence: Evidence,
    firstId = 1,
  ): { readonly checks: CheckTable; readonly evidence: readonly EvidenceRecord[] } {
    const notable = notableOf(evaluated);
    const records = evidenceRecords(notable, evidence, firstId);
    const isWhole = !evidence.records.some(({ answer }) => answer.reason === "not-recorded");
    const causes = failuresByEvidence(notable, evidence);
    const faults = new FailuresByValue(notable);
    const written = new Map<number, Check>();
    for (const check of notable) {
      const { position, planned, outcome, questions } = check;
      const own = withCauses(this.#ahead.get(position) ?? this.#serializer.write(planned, outcome), outcome, faults);
      const isInconclusive = outcome.verdict === "inconclusive";
      written.set(
        position,
        questions.length === 0 && !isInconclusive
          ? own
          : {
              ...own,
              missing: isInconclusive
                ? [
                    ...own.missing,
                    ...(isWhole ? NONE : unrecordedGaps(check, evidence)),
                    ...unaskedGaps(outcome, evidence),
                  ]
                : own.missing,
              because: isInconclusive ? causesOf(outcome, causes, faults) : NONE,
              evidence: questions.length === 0 ? NONE : questions.flatMap((key) => records.get(key)?.id ?? []),
            },
      );
    }
    return { checks: new CheckTable(evaluated, this.#serializer, written), evidence: [...records.values()] };
  }
}

/** The checks and the evidence of a completed run. */
export function reportChecks(evaluated: EvaluatedPlan, evidence: Evidence): ReturnType<ReportWriter["write"]> {
  return new ReportWriter().write(evaluated, evidence);
}

/** Checks other than those that passed, did not apply or were skipped, and all that used answers; in the order of the run. */
function notableOf({
  plan,
  outcomes,
  questions,
}: {
  readonly plan: Plan;
  readonly outcomes: readonly (Outcome | null | undefined)[];
  readonly questions: EvaluatedPlan["questions"];
}): readonly NotableCheck[] {
  const notable: NotableCheck[] = [];
  let position = 0;
  for (const group of plan.groups) {
    for (const subject of group.subjects) {
      const outcome = outcomes[position];
      const keys = questions.get(position);
      if (outcome != null && (keys !== undefined || !isPlain(outcome))) {
        notable.push({ position, planned: plannedCheck(group, subject), outcome, questions: keys ?? NONE });
      }
      position++;
    }
  }
  return notable;
}

function isPlain(outcome: Outcome): boolean {
  return outcome.verdict === "pass" || (outcome.verdict === "not-applicable" && outcome.awaits === undefined);
}

const NONE: readonly never[] = [];

/** A missing answer of a replay as a gap: it names the vantage point and the command that records it there. */
function unrecordedGaps({ questions }: NotableCheck, evidence: Evidence): Check["missing"] {
  const unrecorded = questions.map((key) => evidence.get(key)).find((answer) => answer?.reason === "not-recorded");
  if (unrecorded === undefined) return [];
  const command = `preflight probe DEPLOYMENT --from ${shellQuote(unrecorded.from)} -o evidence.json`;
  const what = `the evidence from ${quoted(unrecorded.from)} does not contain current answers; record them there: ${command}`;
  return [{ what, location: null }];
}

/**
 * Queries that were not sent and made a check inconclusive, as separate gaps: one for each server, with the option that
 * helps, so that a thousand checks of one server have one reason.
 */
function unaskedGaps({ openBy }: Extract<Outcome, { verdict: "inconclusive" }>, evidence: Evidence): Check["missing"] {
  const records = openBy.flatMap((key) => evidence.record(key) ?? []);
  const gaps = records.flatMap(({ question, answer }) => whyUnasked(question, answer) ?? []);
  return [...new Set(gaps)].map((what) => ({ what, location: null }));
}

function evidenceRecords(
  evaluated: readonly NotableCheck[],
  evidence: Evidence,
  firstId: number,
): ReadonlyMap<string, EvidenceRecord> {
  const records = new Map<string, EvidenceRecord>();
  for (const { questions } of evaluated) {
    for (const key of questions) {
      const record = records.has(key) ? undefined : evidence.record(key);
      if (record !== undefined) records.set(key, { id: `e${firstId + records.size}`, ...record });
    }
  }
  return records;
}

/** Failed checks by the unsuccessful question that one of their findings depends on. */
function failuresByEvidence(
  evaluated: readonly NotableCheck[],
  evidence: Evidence,
): ReadonlyMap<string, readonly CheckReference[]> {
  const failures = new Map<string, CheckReference[]>();
  for (const { planned, outcome } of evaluated) {
    if (outcome.verdict !== "fail") continue;
    const reference = referenceTo(planned);
    for (const key of new Set(outcome.findings.flatMap(({ questions }) => failedQuestions(questions, evidence)))) {
      const found = failures.get(key);
      if (found === undefined) failures.set(key, [reference]);
      else found.push(reference);
    }
  }
  return failures;
}

/**
 * Those of a finding's queries that failed. Where some DNS server answers for a name, the finding is based on that
 * answer, and rules ignore servers that do not respond or refuse (see `queryServers`).
 */
function failedQuestions(questions: readonly string[], evidence: Evidence): readonly string[] {
  const answers = questions.flatMap((key) => {
    const answer = evidence.get(key);
    return answer === undefined ? [] : [{ key, answer }];
  });
  const decisive = answers.filter(({ answer }) => answer.kind === "dns" && isDecisive(answer));
  return (decisive.length > 0 ? decisive : answers).filter(({ answer }) => isFailure(answer)).map(({ key }) => key);
}

/** Failed checks by the values at which they have findings. */
class FailuresByValue {
  readonly #at = new Map<string, CheckReference[]>();
  /** Those at a field; a finding at an object as a whole causes nothing that depends on one of its fields. */
  readonly #atField = new Map<string, CheckReference[]>();

  constructor(evaluated: readonly NotableCheck[]) {
    for (const { planned, outcome } of evaluated) {
      if (outcome.verdict !== "fail") continue;
      const reference = referenceTo(planned);
      for (const { at } of outcome.findings) {
        const key = valueKey(sourceRefOf(at));
        add(this.#at, key, reference);
        if (at.length > 1) add(this.#atField, key, reference);
      }
    }
  }

  /** The failed checks with a finding at this very value. */
  at(value: SourceRef): readonly CheckReference[] {
    return this.#at.get(valueKey(value)) ?? NONE;
  }

  /** The failed checks with a finding at this value or at a field that contains it. */
  atOrAround({ document, path }: SourceRef): readonly CheckReference[] {
    const found = [...this.at({ document, path })];
    for (let length = path.length - 1; length > 0; length--) {
      found.push(...(this.#atField.get(valueKey({ document, path: path.slice(0, length) })) ?? NONE));
    }
    return found;
  }
}

function add(failures: Map<string, CheckReference[]>, key: string, reference: CheckReference): void {
  const found = failures.get(key);
  if (found === undefined) failures.set(key, [reference]);
  else if (found[found.length - 1] !== reference) found.push(reference);
}

function valueKey({ document, path }: SourceRef): string {
  return JSON.stringify([document.path, path]);
}

/** The check with the direct causes of its findings. Which of them count is known after waivers: see `withRootCauses`. */
function withCauses(check: Check, outcome: Outcome, failures: FailuresByValue): Check {
  if (outcome.verdict !== "fail" || outcome.findings.every(({ dependsOn }) => dependsOn.length === 0)) return check;
  const isOwn = ({ rule, subject }: CheckReference) =>
    rule === check.rule && subject.kind === check.subject.kind && subject.name === check.subject.name;
  const causesOfFinding = (index: number) =>
    (outcome.findings[index]?.dependsOn ?? NONE).flatMap((at) => failures.atOrAround(sourceRefOf(at)));
  return {
    ...check,
    findings: check.findings.map((finding, index) => ({
      ...finding,
      caused_by: [...new Set(causesOfFinding(index))].filter((cause) => !isOwn(cause)),
    })),
  };
}

function referenceTo({ enabled, subject }: PlannedCheck): CheckReference {
  return { rule: enabled.rule.id, subject: { kind: subject.kind, name: subject.name } };
}

/**
 * The failed checks that a check depends on: they fail because of the answer that does not decide it, or at the very
 * value that it cannot use. Only when that explains every gap, so that none of the others is hidden.
 */
function causesOf(
  { missing, openBy }: Extract<Outcome, { verdict: "inconclusive" }>,
  failures: ReadonlyMap<string, readonly CheckReference[]>,
  faults: FailuresByValue,
): readonly CheckReference[] {
  const byGap = missing.map(({ sourceRef, isUnusable }) =>
    sourceRef === null || isUnusable !== true ? NONE : faults.at(sourceRef),
  );
  if (byGap.some((found) => found.length === 0)) return NONE;
  return [...new Set([...openBy.flatMap((key) => failures.get(key) ?? []), ...byGap.flat()])];
}

/**
 * Whether the answer itself fails. A query that was never sent (a deadline) fails no check, except that of the server
 * whose missing answers are the reason.
 */
function isFailure({ status, reason }: Answer): boolean {
  if (reason === "server-silent") return true;
  return status !== "not-asked" && reason !== "ok" && reason !== "open" && reason !== "trusted";
}
