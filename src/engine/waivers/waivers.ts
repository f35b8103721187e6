import { isTextLocation, type Location } from "../../values/location.ts";
import type { Sequence } from "../../values/sequence.ts";
import { notableChecks, withNotable } from "../evaluation/check-table.ts";
import { suggest } from "../../values/text/suggest.ts";
import type { Check, CheckReference, CheckWaiver, Finding, WaiverRecord } from "../../schema/report.generated.ts";
import { isExpired, subjectId, type WaiverEntry, waiverName } from "./waiver-entry.ts";

/** The inputs of waivers besides the checks. */
export interface WaiverContext {
  readonly now: number;
  /** Rules that must not be waived (`waivable: false`). */
  readonly unwaivable: ReadonlySet<string>;
}

/** The checks, with waived ones marked, and the state of every waiver, in the order given. */
export interface Waived {
  readonly checks: Sequence<Check>;
  readonly records: readonly WaiverRecord[];
}

/**
 * Applies waivers. A check is waived when all its findings, or all its gaps, are covered by waivers
 * that have not expired; an inconclusive check all of whose causes are waived is waived with them. Findings and gaps stay
 * in a waived check.
 */
export function applyWaivers(
  checks: Sequence<Check>,
  entries: readonly WaiverEntry[],
  { now, unwaivable }: WaiverContext,
): Waived {
  if (entries.length === 0) return { checks, records: [] };
  const book = new WaiverBook(entries, now);
  const direct = withNotable(checks, (check) => (unwaivable.has(check.rule) ? check : book.waive(check)));
  const waivers = new Map(
    [...notableChecks(direct)].flatMap((check) =>
      check.waiver === null ? [] : [[keyOf(check), check.waiver] as const],
    ),
  );
  const settled = withNotable(direct, (check) => (unwaivable.has(check.rule) ? check : throughCauses(check, waivers)));
  const subjects = evaluatedSubjects(checks, new Set(entries.map(({ rule }) => rule)));
  return { checks: settled, records: entries.map((entry) => record(entry, book, subjects, unwaivable)) };
}

/** Waivers by rule and subject, and the state of each. */
class WaiverBook {
  readonly #byCheck = new Map<string, WaiverEntry[]>();
  readonly #byLine = new Map<string, WaiverEntry[]>();
  readonly states = new Map<WaiverEntry, "used" | "expired" | "incomplete">();
  readonly #now: number;
  #suggestions = 0;

  constructor(entries: readonly WaiverEntry[], now: number) {
    this.#now = now;
    for (const entry of entries) {
      if (entry.line !== null) add(this.#byLine, lineKey(entry.rule, entry.line.path, entry.line.line), entry);
      else if (entry.subject !== null) add(this.#byCheck, checkKey(entry.rule, entry.subject), entry);
    }
  }

  /** Whether one more waiver that matches nothing may get a suggestion. */
  maySuggest(): boolean {
    return this.#suggestions++ < MOST_SUGGESTIONS;
  }

  /** The check, waived if these waivers cover all of it. */
  waive(check: Check): Check {
    const { verdict } = check;
    if (verdict !== "fail" && verdict !== "inconclusive") return check;
    const ofCheck = this.#byCheck.get(checkKey(check.rule, subjectId(check.subject))) ?? [];
    const parts =
      verdict === "fail"
        ? check.findings.map((finding) => this.#ofFinding(check, finding, ofCheck))
        : this.#ofGaps(check, ofCheck);
    const covers = parts.map((candidates) => candidates.find((entry) => !isExpired(entry, this.#now)));
    const isWhole = covers.length > 0 && covers.every((cover) => cover !== undefined);
    for (const entry of parts.flat()) {
      const state = isExpired(entry, this.#now) ? "expired" : isWhole ? "used" : "incomplete";
      if (this.states.get(entry) !== "used") this.states.set(entry, state);
    }
    const [first] = covers;
    if (!isWhole || first === undefined) return check;
    return { ...check, verdict: "waived", waiver: { ...waiverRecord(first), verdict, through: null } };
  }

  #ofFinding(check: Check, { fingerprint, location }: Finding, ofCheck: readonly WaiverEntry[]): WaiverEntry[] {
    return [
      ...ofCheck.filter(
        ({ verdict, fingerprints }) => verdict !== "inconclusive" && (fingerprints?.includes(fingerprint) ?? true),
      ),
      ...this.#atLine(check.rule, location),
    ];
  }

  /** For each gap of an inconclusive check the waivers that cover it. Fingerprints name findings, and there are none. */
  #ofGaps(check: Check, ofCheck: readonly WaiverEntry[]): WaiverEntry[][] {
    const whole = ofCheck.filter(({ verdict, fingerprints }) => verdict !== "fail" && fingerprints === null);
    const sourceRefs = check.missing.length > 0 ? check.missing.map(({ location }) => location) : [check.location];
    return sourceRefs.map((location) => [...whole, ...this.#atLine(check.rule, location)]);
  }

  #atLine(rule: string, location: Location | null): readonly WaiverEntry[] {
    return isTextLocation(location) ? (this.#byLine.get(lineKey(rule, location.path, location.line)) ?? []) : [];
  }
}

function throughCauses(check: Check, waivers: ReadonlyMap<string, CheckWaiver>): Check {
  const [first] = check.because;
  if (check.verdict !== "inconclusive" || first === undefined) return check;
  const causes = check.because.map((cause) => waivers.get(keyOf(cause)));
  const [waiver] = causes;
  if (waiver === undefined || causes.includes(undefined)) return check;
  return { ...check, verdict: "waived", waiver: { ...waiver, verdict: "inconclusive", through: first } };
}

/** The checks of a rule. */
interface RuleChecks {
  readonly bySubject: Map<string, Check>;
  /** Whether each of them was skipped. */
  areSkipped: boolean;
}

/** The checks of each rule. */
type EvaluatedSubjects = ReadonlyMap<string, RuleChecks>;

/** Maximum number of unmatched waivers with a suggestion; finding one takes time proportional to the subjects. */
const MOST_SUGGESTIONS = 100;

function evaluatedSubjects(checks: Sequence<Check>, rulesNamed: ReadonlySet<string>): EvaluatedSubjects {
  const rules = new Map<string, RuleChecks>();
  for (const check of checks) {
    if (!rulesNamed.has(check.rule)) continue;
    const ofRule = rules.get(check.rule) ?? { bySubject: new Map<string, Check>(), areSkipped: true };
    ofRule.bySubject.set(fold(subjectId(check.subject)), check);
    if (check.verdict !== "skipped") ofRule.areSkipped = false;
    rules.set(check.rule, ofRule);
  }
  return rules;
}

function record(
  entry: WaiverEntry,
  book: WaiverBook,
  subjects: EvaluatedSubjects,
  unwaivable: ReadonlySet<string>,
): WaiverRecord {
  const { state, message } = unwaivable.has(entry.rule)
    ? {
        state: "refused" as const,
        message: `${waiverName(entry)} has no effect: the rule cannot be waived. Fix its findings, and remove the waiver.`,
      }
    : (touched(entry, book) ?? untouched(entry, subjects, book));
  return { ...waiverRecord(entry), rule: entry.rule, subject: entry.subject, state, message };
}

type WaiverOutcome = Pick<WaiverRecord, "state" | "message">;

/** The state of a waiver of a failed or inconclusive check; null for others. */
function touched(entry: WaiverEntry, { states }: WaiverBook): WaiverOutcome | null {
  const state = states.get(entry);
  switch (state) {
    case undefined:
      return null;
    case "used":
      return { state, message: null };
    case "expired":
      return {
        state,
        message: `${waiverName(entry)} expired on ${entry.expires}, so its check counts again. Fix the findings, or extend the waiver.`,
      };
    case "incomplete":
      return {
        state,
        message: `${waiverName(entry)} does not cover all findings of its check, so the check counts. Fix the other findings, or waive them too.`,
      };
  }
}

function untouched(entry: WaiverEntry, subjects: EvaluatedSubjects, book: WaiverBook): WaiverOutcome {
  const name = waiverName(entry);
  const ofRule = subjects.get(entry.rule);
  if (ofRule === undefined) {
    return { state: "not-evaluated", message: `${name} was not used in this run: the rule did not run.` };
  }
  if (entry.subject === null) {
    return ofRule.areSkipped
      ? { state: "not-evaluated", message: `${name} was not used in this run: the rule was skipped.` }
      : { state: "unneeded", message: `${name} is not needed: the rule has no finding on that line. Remove it.` };
  }
  const check = ofRule.bySubject.get(fold(entry.subject));
  if (check === undefined) {
    const near = book.maySuggest()
      ? suggest(
          entry.subject,
          [...ofRule.bySubject.values()].map(({ subject }) => subjectId(subject)),
        )
      : null;
    const fix = near === null ? "Remove it, or correct the subject." : `Did you mean ${near}?`;
    return { state: "unmatched", message: `${name} matches nothing: the rule has no such subject. ${fix}` };
  }
  if (check.verdict === "skipped") {
    return { state: "not-evaluated", message: `${name} was not used in this run: its check was skipped.` };
  }
  if (check.verdict === "fail" || check.verdict === "inconclusive") {
    const what = check.verdict === "fail" ? "its check fails in another way" : "its check is inconclusive";
    return {
      state: "incomplete",
      message: `${name} does not cover everything in its check: ${what}. See its verdict and fingerprints.`,
    };
  }
  return { state: "unneeded", message: `${name} is not needed: its check passed. Remove it.` };
}

function waiverRecord({
  kind,
  reason,
  owner,
  ticket,
  expires,
  location,
}: WaiverEntry): Omit<CheckWaiver, "verdict" | "through"> {
  return { kind, reason, owner, ticket, expires, location };
}

function keyOf({ rule, subject }: CheckReference): string {
  return checkKey(rule, subjectId(subject));
}

function checkKey(rule: string, subject: string): string {
  return `${rule}\n${fold(subject)}`;
}

function lineKey(rule: string, path: string, line: number): string {
  return `${rule}\n${line}\n${path}`;
}

/** Names compare without case, as everywhere. */
function fold(subject: string): string {
  return subject.toLowerCase();
}

function add(map: Map<string, WaiverEntry[]>, key: string, entry: WaiverEntry): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [entry]);
  else found.push(entry);
}
