import type { Missing, Place } from "../site/missing.ts";
import type { SiteObject } from "../site/site-object.ts";
import { isTextLocation, type Location } from "../values/location.ts";
import { quoted } from "../values/quoted.ts";
import { shellQuote } from "../values/shell-quote.ts";
import type { JudgedCheck } from "./evaluate.ts";
import type { Evidence } from "./evidence.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Outcome, RawFinding } from "./judge.ts";
import { placeOf } from "./place-of.ts";
import { asStrict, type PlannedCheck } from "./plan.ts";
import { type Answer, isDecisive } from "./question.ts";
import type { Check, CheckReference, EvidenceRecord, Finding, Severity, SubjectId } from "./run-report.ts";
import type { Datum, Rule } from "./rule.ts";
import { describeThrown } from "./thrown.ts";

/**
 * The checks and the evidence as reports show them: messages filled, places located, causes linked. Evidence is numbered
 * from `firstId` on.
 *
 * @param mention where the deployment names a subject that stands on no line of a file
 */
export function reportChecks(
  judged: readonly JudgedCheck[],
  evidence: Evidence,
  firstId = 1,
  mention: (subject: SiteObject) => Place | null = () => null,
): { readonly checks: readonly Check[]; readonly evidence: readonly EvidenceRecord[] } {
  const records = evidenceRecords(judged, evidence, firstId);
  const causes = failuresByEvidence(judged, evidence);
  const faults = failuresByPlace(judged);
  const subjects = new Map<SiteObject, ReportedSubject>();
  const checks = judged.map((check): Check => {
    const { planned, outcome, questions } = check;
    const { enabled, severity } = planned;
    const { id, location } = reported(planned.subject, subjects, mention);
    const isUndecided = outcome?.verdict === "inconclusive";
    const written = outcome?.verdict === "fail" ? writtenFailure(planned, outcome.findings) : null;
    return {
      rule: enabled.rule.id,
      subject: id,
      severity: written?.severity ?? severity,
      verdict: written?.verdict ?? outcome?.verdict ?? "skipped",
      reason: written !== null ? written.reason : outcome === null ? enabled.skip : reasonOf(outcome),
      missing: isUndecided ? [...outcome.missing.map(located), ...unrecorded(check, evidence)] : NONE,
      findings: written?.findings ?? NONE,
      waiver: null,
      remediation: written?.remediation ?? null,
      location,
      because: isUndecided ? causesOf(outcome, causes, faults) : NONE,
      evidence: questions.length === 0 ? NONE : questions.flatMap((key) => records.get(key)?.id ?? []),
    };
  });
  return { checks, evidence: [...records.values()] };
}

const NONE: readonly never[] = [];

/** What all checks of a subject have in common; it stands in those of dozens of rules. */
interface ReportedSubject {
  readonly id: SubjectId;
  readonly location: Location | null;
}

function reported(
  subject: SiteObject,
  subjects: Map<SiteObject, ReportedSubject>,
  mention: (subject: SiteObject) => Place | null,
): ReportedSubject {
  let found = subjects.get(subject);
  if (found === undefined) {
    const own = locate(subject.place);
    const named = isTextLocation(own) ? null : mention(subject);
    const location = (named === null ? null : locate(named)) ?? own;
    found = { id: { kind: subject.kind, name: subject.name }, location };
    subjects.set(subject, found);
  }
  return found;
}

/** What a replay lacks, as a gap of its own: it names the place and the command that records it there. */
function unrecorded({ questions }: JudgedCheck, evidence: Evidence): Check["missing"] {
  const lacking = questions.map((key) => evidence.get(key)).find((answer) => answer?.reason === "not-recorded");
  if (lacking === undefined) return [];
  const command = `preflight probe DEPLOYMENT --from ${shellQuote(lacking.from)} -o evidence.json`;
  const what = `the evidence from ${quoted(lacking.from)} lacks answers, or they are too old; record them there: ${command}`;
  return [{ what, location: null }];
}

/** A failure in words; or a crash, where the rule breaks while it finds them. */
function writtenFailure(
  planned: PlannedCheck,
  findings: readonly RawFinding[],
): Pick<Check, "verdict" | "severity" | "reason" | "findings" | "remediation"> {
  const { enabled, subject, severity } = planned;
  try {
    return {
      verdict: "fail",
      severity: findingSeverity(planned, findings),
      reason: null,
      findings: distinctFindings(enabled.rule, subject, findings),
      remediation: remediation(enabled.rule, subject),
    };
  } catch (thrown) {
    // `commands` is code of the rule too: its crash must not take the other checks along.
    const reason = `while the finding was written: ${describeThrown(thrown)}`;
    return { verdict: "crashed", severity, reason, findings: NONE, remediation: null };
  }
}

/** The findings of a check; those that only the order of equal names tells apart are numbered in their fingerprint. */
function distinctFindings(rule: Rule, subject: SiteObject, raws: readonly RawFinding[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return raws.map((raw) => {
    const first = finding(rule, subject, raw);
    const count = (seen.get(first.fingerprint) ?? 0) + 1;
    seen.set(first.fingerprint, count);
    return count === 1 ? first : finding(rule, subject, { ...raw, key: `${raw.key ?? ""}#${count}` });
  });
}

/** The gravest severity among the findings; a run that sets a severity for the rule sets it for all its messages. */
function findingSeverity({ enabled, severity }: PlannedCheck, findings: readonly RawFinding[]): Severity {
  if (enabled.severity !== null) return severity;
  const found = findings.map(({ messageId }) => {
    const own = enabled.rule.messageSeverity?.[messageId] ?? severity;
    return enabled.strict === true ? asStrict(own) : own;
  });
  return (["error", "warn", "info"] as const).find((level) => found.includes(level)) ?? severity;
}

function reasonOf(outcome: Outcome): string | null {
  return "reason" in outcome ? outcome.reason : null;
}

function finding(rule: Rule, subject: SiteObject, raw: RawFinding): Finding {
  const place = placeOf(raw.at);
  return {
    message_id: raw.messageId,
    message: fill(rule.messages[raw.messageId] ?? raw.messageId, raw.data),
    data: raw.data,
    fingerprint: fingerprint(rule.id, subject, raw.messageId, place, raw.key),
    location: locate(place),
    related: raw.related.map(({ message, at }) => ({ message, location: locate(placeOf(at)) })),
  };
}

function fill(template: string, data: Readonly<Record<string, Datum>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const datum = Object.hasOwn(data, name) ? data[name] : undefined;
    // A blank text would leave a hole in the sentence.
    if (typeof datum === "string" && datum.trim() === "") return `"${datum}"`;
    return datum === undefined ? placeholder : String(datum);
  });
}

function remediation(rule: Rule, subject: SiteObject): string {
  const commands = rule.commands?.(subject, {
    known: (object, field) => {
      const value = object.read(field);
      return value.known ? value.value : undefined;
    },
  });
  return [rule.remediation, ...(commands ?? [])].join("\n");
}

function located({ what, place }: Missing): Check["missing"][number] {
  return { what, location: place === null ? null : locate(place) };
}

function locate({ document, path }: Place): Location | null {
  return document.locate(path);
}

function evidenceRecords(
  judged: readonly JudgedCheck[],
  evidence: Evidence,
  firstId: number,
): ReadonlyMap<string, EvidenceRecord> {
  const records = new Map<string, EvidenceRecord>();
  for (const { questions } of judged) {
    for (const key of questions) {
      const record = records.has(key) ? undefined : evidence.record(key);
      if (record !== undefined) records.set(key, { id: `e${firstId + records.size}`, ...record });
    }
  }
  return records;
}

/** Failed checks by the question that did not go well and that a finding of theirs rests on. */
function failuresByEvidence(
  judged: readonly JudgedCheck[],
  evidence: Evidence,
): ReadonlyMap<string, readonly CheckReference[]> {
  const failures = new Map<string, CheckReference[]>();
  for (const { planned, outcome } of judged) {
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
function failuresByPlace(judged: readonly JudgedCheck[]): ReadonlyMap<string, readonly CheckReference[]> {
  const failures = new Map<string, CheckReference[]>();
  for (const { planned, outcome } of judged) {
    if (outcome?.verdict !== "fail") continue;
    const reference = referenceTo(planned);
    for (const key of new Set(outcome.findings.map(({ at }) => placeKey(placeOf(at))))) {
      const found = failures.get(key);
      if (found === undefined) failures.set(key, [reference]);
      else found.push(reference);
    }
  }
  return failures;
}

function placeKey({ document, path }: Place): string {
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
  const byGap = missing.map(({ place, isUnusable }) =>
    place === null || isUnusable !== true ? [] : (faults.get(placeKey(place)) ?? []),
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
