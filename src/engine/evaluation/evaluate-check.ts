import type { Missing, SourceRef } from "../../site/core/missing.ts";
import type { PartialList } from "../../site/core/partial-list.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import type { Severity } from "../../schema/report.generated.ts";
import { type Answer, type Question, questionKey } from "../api/question.ts";
import type { At, Datum, FailOptions, Rule } from "../api/rule.ts";
import {
  asStrict,
  type EnabledRule,
  failureSeverity,
  isMilderSeverity,
  milderOf,
  mostSevere,
  type PlannedCheck,
} from "./plan.ts";
import { describeThrown, type EarlyEnd, Signal } from "./thrown.ts";

/** What the engine needs to evaluate one check. */
export interface EvaluationInput {
  readonly site: Site;
  readonly now: number;
  /** The answer to a question by its key, if it is there. */
  readonly answerOf: (key: string) => Answer | undefined;
}

/** A finding before it is given a location, a message and a fingerprint. */
export interface RawFinding {
  readonly messageId: string;
  readonly data: Readonly<Record<string, Datum>>;
  readonly at: FailOptions<string>["at"];
  readonly related: NonNullable<FailOptions<string>["related"]>;
  readonly dependsOn: NonNullable<FailOptions<string>["dependsOn"]>;
  readonly key: string | null;
  /** Keys of the last queries before it was found: its basis. */
  readonly questions: readonly string[];
}

export type Outcome =
  | { readonly verdict: "pass" | "fail"; readonly findings: readonly RawFinding[] }
  | {
      readonly verdict: "inconclusive";
      readonly missing: readonly Missing[];
      readonly reason: string | null;
      /** Keys of the queries whose answers did not decide it. */
      readonly openBy: readonly string[];
      /** Where the rule gives the check a severity of its own for these gaps. */
      readonly severity?: Severity;
      /** Proven findings that are less severe than what the gaps may hide. */
      readonly found?: readonly RawFinding[];
    }
  | {
      readonly verdict: "not-applicable";
      readonly reason: string;
      /** When the check will apply; absent when that is not to be expected. */
      readonly awaits?: "deployment";
    }
  | { readonly verdict: "crashed"; readonly reason: string };

export type Evaluation =
  | { readonly state: "decided"; readonly outcome: Outcome; readonly questions: readonly string[] }
  | { readonly state: "suspended"; readonly open: readonly Question[] };

/** The severities of a group's checks. */
export type EvaluatedGroup = Pick<PlannedCheck, "enabled" | "severity" | "usualSeverity">;

/** The severity of a check with this outcome. */
export function outcomeSeverity(group: EvaluatedGroup, outcome: Outcome): Severity {
  if (outcome.verdict === "fail") {
    return failureSeverity(
      group,
      outcome.findings.map(({ messageId }) => messageId),
    );
  }
  return outcome.verdict === "inconclusive" ? inconclusiveSeverity(group, outcome.severity) : group.severity;
}

/** @param own severity of the gaps, if the rule sets one for values that a source cannot contain */
function inconclusiveSeverity({ enabled, severity }: EvaluatedGroup, own: Severity | null | undefined): Severity {
  if (own == null || enabled.severity !== null) return severity;
  return milderOf(severity, enabled.strict === true ? asStrict(own) : own);
}

/** Evaluates one subject with the available answers. */
export type CheckEvaluator = (subject: SiteObject) => Evaluation;

const NONE: readonly never[] = [];
const PASS: Outcome = { verdict: "pass", findings: NONE };
const PASSED: Evaluation = { state: "decided", outcome: PASS, questions: NONE };

/**
 * The evaluator of one rule. Pure: a subject is evaluated again with more answers until the rule sends no more queries.
 * Several verdicts met in one check rank crashed > fail > inconclusive > not-applicable > pass; a failure that is less
 * severe than what a gap may hide ranks below that gap, so that a missing finding never makes the gate pass.
 *
 * The context of the rule is created once for all its checks, of which there may be hundreds of thousands: rules are
 * synchronous, so one check at a time is in progress. What a rule does after its check has ended is ignored.
 */
export function evaluatorFor(group: EvaluatedGroup, input: EvaluationInput): CheckEvaluator {
  const { rule } = group.enabled;
  const ignored = new CheckRecorder();
  let current = ignored;
  const context = contextOf(group.enabled, () => current, input);
  /** Most checks pass without findings, or do not apply for a reason that they share. */
  const notApplicable = new Map<string, Evaluation>();
  let unused = new CheckRecorder();
  return (subject) => {
    const recorder = unused;
    current = recorder;
    let crash: string | null = null;
    try {
      recorder.expectDone(rule.check(subject, context));
    } catch (thrown) {
      const end = recorder.caught(thrown);
      if (end === null) crash = describeThrown(thrown);
      else recorder.end(end);
    } finally {
      current = ignored;
    }
    if (recorder.isUnused && crash === null) return PASSED;
    unused = new CheckRecorder();
    crash = recorder.ruleError ?? crash;
    if (crash !== null) return decided(recorder, { verdict: "crashed", reason: crash });
    const { open, questions } = recorder;
    if (open.length > 0) return { state: "suspended", open };
    const outcome = recorder.outcome(group);
    if (outcome.verdict !== "not-applicable" || questions.length > 0) return decided(recorder, outcome);
    let shared = notApplicable.get(outcome.reason);
    if (shared === undefined) notApplicable.set(outcome.reason, (shared = decided(recorder, outcome)));
    return shared;
  };
}

function decided({ questions }: { readonly questions: readonly string[] }, outcome: Outcome): Evaluation {
  return { state: "decided", outcome, questions };
}

/** The context of a rule: helpers that record what they encounter. */
function contextOf(
  { rule: { live }, options }: Pick<EnabledRule, "rule" | "options">,
  recorder: () => CheckRecorder,
  input: EvaluationInput,
): Parameters<Rule["check"]>[1] {
  return {
    site: input.site,
    now: input.now,
    options: options as Parameters<Rule["check"]>[1]["options"],
    need: (object, field, options) => {
      // Without the object that `read` returns: this is called a million times in a run.
      const value = object.valueOrUndefined(field);
      if (value !== undefined) return value;
      const gap = object.read(field);
      if (gap.known) return gap.value;
      throw recorder().signal({ kind: "missing", missing: gap.missing, severity: options?.severity });
    },
    known: (object, field) => object.valueOrUndefined(field),
    needEntries: (object, field) => {
      const entries = object.entries(field);
      if (!entries.known) throw recorder().signal({ kind: "missing", missing: entries.missing });
      return entries.value;
    },
    needAll: ({ items, missing }) => {
      if (missing.length > 0) throw recorder().signal({ kind: "missing", missing });
      return items;
    },
    fail: (messageId, { data, at, related, dependsOn, key }) => {
      recorder().find({
        messageId,
        data: data ?? {},
        at,
        related: related ?? NONE,
        dependsOn: dependsOn ?? NONE,
        key: key ?? null,
      });
    },
    notApplicable: (reason, options) => {
      throw recorder().signal({ kind: "not-applicable", reason, awaits: options?.awaits });
    },
    inconclusive: (reason, { at, severity } = {}) => {
      if (at === undefined) throw recorder().signal({ kind: "inconclusive", reason, severity });
      const gap = { what: reason, sourceRef: sourceRefOf(at), isUnusable: true } as const;
      throw recorder().signal({ kind: "missing", missing: [gap], severity });
    },
    each: (items, look) => {
      recorder().each(items, look);
    },
    // The answer of a question has the question's kind; the evidence is keyed by the question.
    query: (questions) => {
      // Such a rule would contact servers in spite of `--no-live`, and `plan` would not show them.
      if (live !== true) throw recorder().refused("the rule queries servers, but does not declare `live: true`");
      return recorder().query(questions, input.answerOf) as readonly never[];
    },
  };
}

/**
 * The record of one check. Collections are created on first use: most checks need none. Plain properties instead of `#`
 * names: a run creates a recorder for each check that does not simply pass.
 */
class CheckRecorder {
  private answered: Set<string> | null = null;
  /** By key: items of a list may have equal queries. */
  private unanswered: Map<string, Question> | null = null;
  /** Keys of the last queries. */
  private last: readonly string[] = NONE;
  private openBy: Set<string> | null = null;
  private findings: RawFinding[] | null = null;
  private missing: Missing[] | null = null;
  private inconclusive: string | null = null;
  /** Of the gaps so far; null when one of them counts as severe as the rule. */
  private gapSeverity: Severity | null | undefined = undefined;
  private notApplicable: Extract<EarlyEnd, { kind: "not-applicable" }> | null = null;
  private unfinished = false;
  private signals: Signal[] | null = null;
  /** What the rule did although it may not, whether it caught the error or not. */
  private refusal: string | null = null;

  /** Keys of the questions whose answers were read, in order. */
  get questions(): readonly string[] {
    return this.answered === null ? NONE : [...this.answered];
  }

  /** Questions that wait for their answers. */
  get open(): readonly Question[] {
    return this.unanswered === null ? NONE : [...this.unanswered.values()];
  }

  /** Whether nothing was noted, so that the check passes and another one may use the recorder. */
  get isUnused(): boolean {
    const noted = this.answered ?? this.unanswered ?? this.findings ?? this.missing ?? this.signals;
    return (
      noted === null &&
      this.inconclusive === null &&
      this.notApplicable === null &&
      !this.unfinished &&
      this.refusal === null
    );
  }

  find(finding: Omit<RawFinding, "questions">): void {
    (this.findings ??= []).push({ ...finding, questions: this.last });
  }

  /** Why the check, or one item of it, ended early. */
  end(end: EarlyEnd): void {
    if (end.kind === "missing") this.addMissing(end.missing, end.severity);
    else if (end.kind === "inconclusive") {
      this.inconclusive ??= end.reason;
      this.weigh(end.severity);
      for (const key of this.last) (this.openBy ??= new Set()).add(key);
    } else if (end.kind === "not-applicable") this.notApplicable ??= end;
  }

  private addMissing(missing: readonly Missing[], severity?: Severity): void {
    for (const gap of missing) (this.missing ??= []).push(gap);
    if (missing.length > 0) this.weigh(severity);
  }

  private weigh(severity: Severity | undefined): void {
    const known = this.gapSeverity;
    this.gapSeverity = severity === undefined || known === null ? null : mostSevere([severity, known ?? severity]);
  }

  /** What ends the check when it is thrown. */
  signal(end: EarlyEnd): Signal {
    const signal = new Signal(end);
    (this.signals ??= []).push(signal);
    return signal;
  }

  /** The ending that a signal carries; null for anything else, which the rule threw itself. */
  caught(thrown: unknown): EarlyEnd | null {
    if (!(thrown instanceof Signal)) return null;
    thrown.isCaught = true;
    return thrown.end;
  }

  /** Records that code has not run to its end: what it finds later would be lost. */
  expectDone(returned: unknown): void {
    if (typeof returned !== "object" || returned === null) return;
    if (!("then" in returned) && !("next" in returned)) return;
    Promise.resolve(returned).catch(() => undefined);
    this.unfinished = true;
  }

  /** An error to throw for what the rule may not do; the check then crashes in any case. */
  refused(reason: string): Error {
    this.refusal = reason;
    return new Error(reason);
  }

  /** What a rule must not do, where it did. */
  get ruleError(): string | null {
    if (this.refusal !== null) return this.refusal;
    if (this.unfinished) return "the rule returned a promise or a generator; rules must be synchronous";
    if (this.signals?.some(({ isCaught }) => !isCaught) === true) {
      return "the rule caught a signal of the engine; rules must let them through";
    }
    return null;
  }

  outcome(group: EvaluatedGroup): Outcome {
    const hasGap = this.missing !== null || this.inconclusive !== null;
    const found = this.findings;
    if (found !== null) {
      const failure: Outcome = { verdict: "fail", findings: found };
      const hidden = hasGap ? inconclusiveSeverity(group, this.gapSeverity) : "info";
      if (!isMilderSeverity(outcomeSeverity(group, failure), hidden)) return failure;
    }
    if (hasGap) {
      const openBy = this.openBy === null ? NONE : [...this.openBy];
      const missing = this.missing === null ? NONE : [...new Set(this.missing)];
      const severity = this.gapSeverity == null ? {} : { severity: this.gapSeverity };
      return {
        ...{ verdict: "inconclusive", missing, reason: this.inconclusive, openBy },
        ...severity,
        ...(found !== null && { found }),
      };
    }
    if (this.notApplicable !== null) {
      const { reason, awaits } = this.notApplicable;
      return { verdict: "not-applicable", reason, ...(awaits !== undefined && { awaits }) };
    }
    return PASS;
  }

  each<T>(items: readonly T[] | PartialList<T>, look: (item: T) => unknown): void {
    const partialList: PartialList<T> = "missing" in items ? items : { items, missing: NONE };
    let concerned = 0;
    let notApplicable: Extract<EarlyEnd, { kind: "not-applicable" }> | null = null;
    const before = this.last;
    for (const item of partialList.items) {
      // The queries of one item do not apply to the next, nor to all items.
      this.last = before;
      try {
        this.expectDone(look(item));
        concerned++;
      } catch (thrown) {
        const end = this.caught(thrown);
        if (end === null) throw thrown;
        if (end.kind === "not-applicable") notApplicable ??= end;
        else {
          this.end(end);
          concerned++;
        }
      }
    }
    this.last = before;
    this.addMissing(partialList.missing);
    // Without any evaluated item, the check must not pass.
    if (concerned === 0) {
      this.notApplicable ??= notApplicable ?? { kind: "not-applicable", reason: "no subject applies" };
    }
  }

  query(questions: readonly Question[], answerOf: EvaluationInput["answerOf"]): readonly Answer[] {
    const answers: Answer[] = [];
    const keys: string[] = [];
    for (const question of questions) {
      const key = questionKey(question);
      keys.push(key);
      const answer = answerOf(key);
      if (answer === undefined) (this.unanswered ??= new Map<string, Question>()).set(key, question);
      else {
        (this.answered ??= new Set()).add(key);
        answers.push(answer);
      }
    }
    if (answers.length < questions.length) throw this.signal({ kind: "suspended" });
    this.last = keys;
    return answers;
  }
}

/** The source location of a finding. */
export function sourceRefOf([object, field, ...rest]: At): SourceRef {
  return field === undefined ? object.sourceRef : object.sourceRefOf(field, ...rest);
}
