import type { SourceRef } from "../../site/core/missing.ts";
import { quoted } from "../../values/text/quoted.ts";
import { shellQuote } from "../../values/text/shell-quote.ts";
import { CheckSerializer } from "./check-serializer.ts";
import type { EvaluatedCheck } from "./evaluate.ts";
import type { Evidence } from "./evidence.ts";
import type { Outcome } from "./evaluate-check.ts";
import { sourceRefOf } from "./source-ref-of.ts";
import type { PlannedCheck } from "./plan.ts";
import { type Answer, isDecisive } from "../api/question.ts";
import type { Check, CheckReference, EvidenceRecord } from "../run-report.ts";

/** The checks and the evidence as reports show them, causes linked. Evidence is numbered from `firstId` on. */
export function reportChecks(
  evaluated: readonly EvaluatedCheck[],
  evidence: Evidence,
  firstId = 1,
  writer = new CheckSerializer(),
): { readonly checks: readonly Check[]; readonly evidence: readonly EvidenceRecord[] } {
  const records = evidenceRecords(evaluated, evidence, firstId);
  const isWhole = !evidence.records.some(({ answer }) => answer.reason === "not-recorded");
  const causes = failuresByEvidence(evaluated, evidence);
  const faults = failuresByPlace(evaluated);
  const checks = evaluated.map((check): Check => {
    const { outcome, questions } = check;
    const written = writer.write(check);
    const isInconclusive = outcome?.verdict === "inconclusive";
    if (questions.length === 0 && !isInconclusive) return written;
    return {
      ...written,
      missing: isWhole || !isInconclusive ? written.missing : [...written.missing, ...unrecorded(check, evidence)],
      because: isInconclusive ? causesOf(outcome, causes, faults) : NONE,
      evidence: questions.length === 0 ? NONE : questions.flatMap((key) => records.get(key)?.id ?? []),
    };
  });
  return { checks, evidence: [...records.values()] };
}

const NONE: readonly never[] = [];

/** What a replay lacks, as a gap of its own: it names the place and the command that records it there. */
function unrecorded({ questions }: EvaluatedCheck, evidence: Evidence): Check["missing"] {
  const lacking = questions.map((key) => evidence.get(key)).find((answer) => answer?.reason === "not-recorded");
  if (lacking === undefined) return [];
  const command = `preflight probe DEPLOYMENT --from ${shellQuote(lacking.from)} -o evidence.json`;
  const what = `the evidence from ${quoted(lacking.from)} lacks answers, or they are too old; record them there: ${command}`;
  return [{ what, location: null }];
}

function evidenceRecords(
  evaluated: readonly EvaluatedCheck[],
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

/** Failed checks by the question that did not go well and that a finding of theirs rests on. */
function failuresByEvidence(
  evaluated: readonly EvaluatedCheck[],
  evidence: Evidence,
): ReadonlyMap<string, readonly CheckReference[]> {
  const failures = new Map<string, CheckReference[]>();
  for (const { planned, outcome } of evaluated) {
    if (outcome?.verdict !== "fail") continue;
    const reference = referenceTo(planned);
    for (const key of new Set(outcome.findings.flatMap(({ questions }) => troubles(questions, evidence)))) {
      const found = failures.get(key);
      if (found === undefined) failures.set(key, [reference]);
      else found.push(reference);
    }
  }
  return failures;
}

/**
 * The questions that did not go well, of those that a finding rests on. Where some DNS server tells about a name, the
 * finding is what it tells; one that is silent or refuses is passed over by the rules (see `askServers`).
 */
function troubles(questions: readonly string[], evidence: Evidence): readonly string[] {
  const answers = questions.flatMap((key) => {
    const answer = evidence.get(key);
    return answer === undefined ? [] : [{ key, answer }];
  });
  const telling = answers.filter(({ answer }) => answer.kind === "dns" && isDecisive(answer));
  return (telling.length > 0 ? telling : answers).filter(({ answer }) => isTrouble(answer)).map(({ key }) => key);
}

/** Failed checks by the places where they found something wrong. */
function failuresByPlace(evaluated: readonly EvaluatedCheck[]): ReadonlyMap<string, readonly CheckReference[]> {
  const failures = new Map<string, CheckReference[]>();
  for (const { planned, outcome } of evaluated) {
    if (outcome?.verdict !== "fail") continue;
    const reference = referenceTo(planned);
    for (const key of new Set(outcome.findings.map(({ at }) => placeKey(sourceRefOf(at))))) {
      const found = failures.get(key);
      if (found === undefined) failures.set(key, [reference]);
      else found.push(reference);
    }
  }
  return failures;
}

function placeKey({ document, path }: SourceRef): string {
  return JSON.stringify([document.path, path]);
}

function referenceTo({ enabled, subject }: PlannedCheck): CheckReference {
  return { rule: enabled.rule.id, subject: { kind: subject.kind, name: subject.name } };
}

/**
 * The failed checks that a check waits for: they fail because of the answer that leaves it open, or at the very value
 * that is of no use to it. Only when that explains every gap, so that none of the others is hidden.
 */
function causesOf(
  { missing, openBy }: Extract<Outcome, { verdict: "inconclusive" }>,
  failures: ReadonlyMap<string, readonly CheckReference[]>,
  faults: ReadonlyMap<string, readonly CheckReference[]>,
): readonly CheckReference[] {
  const byGap = missing.map(({ sourceRef, isUnusable }) =>
    sourceRef === null || isUnusable !== true ? [] : (faults.get(placeKey(sourceRef)) ?? []),
  );
  if (byGap.some((found) => found.length === 0)) return NONE;
  return [...new Set([...openBy.flatMap((key) => failures.get(key) ?? []), ...byGap.flat()])];
}

/**
 * Whether the answer itself is what fails. One that was never asked for (a deadline) fails no check, but for that of the
 * server whose silence is why.
 */
function isTrouble({ status, reason }: Answer): boolean {
  if (reason === "server-silent") return true;
  return status !== "not-asked" && reason !== "ok" && reason !== "open" && reason !== "trusted";
}
