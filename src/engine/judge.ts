import type { Missing } from "../site/missing.ts";
import type { Roster } from "../site/roster.ts";
import type { SiteObject } from "../site/site-object.ts";
import type { Site } from "../site/site.ts";
import { type Answer, type Question, questionKey } from "./question.ts";
import type { Datum, FailOptions, Rule } from "./rule.ts";
import { type Ending, Signal } from "./signal.ts";
import { describeThrown } from "./thrown.ts";

/** What the engine needs to judge one check. */
export interface JudgeInput {
  readonly site: Site;
  readonly now: number;
  /** Values of the rule's options. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The answer to a question by its key, if it is there. */
  readonly answerOf: (key: string) => Answer | undefined;
}

/** A finding before it is given a location, a message and a fingerprint. */
export interface RawFinding {
  readonly messageId: string;
  readonly data: Readonly<Record<string, Datum>>;
  readonly at: FailOptions<string>["at"];
  readonly related: NonNullable<FailOptions<string>["related"]>;
  readonly key: string | null;
}

export type Outcome =
  | { readonly verdict: "pass" | "fail"; readonly findings: readonly RawFinding[] }
  | { readonly verdict: "inconclusive"; readonly missing: readonly Missing[]; readonly reason: string | null }
  | { readonly verdict: "not-applicable"; readonly reason: string }
  | { readonly verdict: "crashed"; readonly reason: string };

export type Judgement =
  | { readonly state: "decided"; readonly outcome: Outcome; readonly questions: readonly string[] }
  | { readonly state: "suspended"; readonly open: readonly Question[] };

/**
 * Judges one subject by one rule. Pure: the rule is called anew with more answers until it asks for nothing more.
 * Several verdicts met in one check rank crashed > fail > inconclusive > not-applicable > pass.
 */
export function judge(rule: Rule, subject: SiteObject, input: JudgeInput): Judgement {
  const notes = new Notes(input);
  try {
    notes.expectDone(rule.check(subject, notes.context()));
  } catch (thrown) {
    const ending = notes.landed(thrown);
    if (ending === null) return decided(notes, { verdict: "crashed", reason: describeThrown(thrown) });
    notes.end(ending);
  }
  const mistake = notes.mistake;
  if (mistake !== null) return decided(notes, { verdict: "crashed", reason: mistake });
  if (notes.open.size > 0) return { state: "suspended", open: [...notes.open.values()] };
  return decided(notes, notes.outcome());
}

function decided(notes: Notes, outcome: Outcome): Judgement {
  return { state: "decided", outcome, questions: [...notes.asked] };
}

/** What one call of a rule came across. */
class Notes {
  readonly asked = new Set<string>();
  /** By key: items of a list may ask the same. */
  readonly open = new Map<string, Question>();
  readonly #findings: RawFinding[] = [];
  readonly #missing: Missing[] = [];
  #undecided: string | null = null;
  #notApplicable: string | null = null;
  #unfinished = false;
  /** Signals that were thrown and did not come back: the rule caught them. */
  readonly #inFlight = new Set<Signal>();
  readonly #input: JudgeInput;

  constructor(input: JudgeInput) {
    this.#input = input;
  }

  /** Why the check, or one item of it, ended early. */
  end(ending: Ending): void {
    if (ending.kind === "missing") this.#missing.push(...ending.missing);
    else if (ending.kind === "inconclusive") this.#undecided ??= ending.reason;
    else if (ending.kind === "not-applicable") this.#notApplicable ??= ending.reason;
  }

  /** The ending that a signal carries; null for anything else, which the rule threw itself. */
  landed(thrown: unknown): Ending | null {
    if (!(thrown instanceof Signal)) return null;
    this.#inFlight.delete(thrown);
    return thrown.ending;
  }

  /** Takes note of code that has not run to its end: nothing that it finds later would be heard. */
  expectDone(returned: unknown): void {
    if (typeof returned !== "object" || returned === null) return;
    if (!("then" in returned) && !("next" in returned)) return;
    Promise.resolve(returned).catch(() => undefined);
    this.#unfinished = true;
  }

  /** What a rule must not do, where it did. */
  get mistake(): string | null {
    if (this.#unfinished) return "the rule returned a promise or a generator; rules must be synchronous";
    if (this.#inFlight.size > 0) return "the rule caught a signal of the engine; rules must let them through";
    return null;
  }

  outcome(): Outcome {
    if (this.#findings.length > 0) return { verdict: "fail", findings: this.#findings };
    if (this.#missing.length > 0 || this.#undecided !== null) {
      return { verdict: "inconclusive", missing: this.#missing, reason: this.#undecided };
    }
    if (this.#notApplicable !== null) return { verdict: "not-applicable", reason: this.#notApplicable };
    return { verdict: "pass", findings: [] };
  }

  context(): Parameters<Rule["check"]>[1] {
    return {
      site: this.#input.site,
      now: this.#input.now,
      options: this.#input.options as Parameters<Rule["check"]>[1]["options"],
      need: (object, field) => {
        const value = object.read(field);
        if (!value.known) this.#throw({ kind: "missing", missing: value.missing });
        return value.value;
      },
      known: (object, field) => {
        const value = object.read(field);
        return value.known ? value.value : undefined;
      },
      needEntries: (object, field) => {
        const entries = object.entries(field);
        if (!entries.known) this.#throw({ kind: "missing", missing: entries.missing });
        return entries.value;
      },
      needAll: (roster) => {
        if (roster.missing.length > 0) this.#throw({ kind: "missing", missing: roster.missing });
        return roster.items;
      },
      fail: (messageId, options) => {
        this.#findings.push({
          messageId,
          data: options.data ?? {},
          at: options.at,
          related: options.related ?? [],
          key: options.key ?? null,
        });
      },
      notApplicable: (reason) => this.#throw({ kind: "not-applicable", reason }),
      inconclusive: (reason) => this.#throw({ kind: "inconclusive", reason }),
      each: (items, look) => {
        this.#each(items, look);
      },
      ask: (questions) => this.#ask(questions),
    };
  }

  #throw(ending: Ending): never {
    const signal = new Signal(ending);
    this.#inFlight.add(signal);
    throw signal;
  }

  #each<T>(items: readonly T[] | Roster<T>, look: (item: T) => unknown): void {
    const roster: Roster<T> = "missing" in items ? items : { items, missing: [] };
    let concerned = 0;
    let excused: string | null = null;
    for (const item of roster.items) {
      try {
        this.expectDone(look(item));
        concerned++;
      } catch (thrown) {
        const ending = this.landed(thrown);
        if (ending === null) throw thrown;
        if (ending.kind === "not-applicable") excused ??= ending.reason;
        else {
          this.end(ending);
          concerned++;
        }
      }
    }
    this.#missing.push(...roster.missing);
    // Nothing that was looked at may become a pass.
    if (concerned === 0) this.#notApplicable ??= excused ?? "there is nothing to look at";
  }

  #ask(questions: readonly Question[]): readonly never[] {
    const answers: Answer[] = [];
    for (const question of questions) {
      const key = questionKey(question);
      const answer = this.#input.answerOf(key);
      if (answer === undefined) this.open.set(key, question);
      else {
        this.asked.add(key);
        answers.push(answer);
      }
    }
    if (answers.length < questions.length) this.#throw({ kind: "suspended" });
    // The answer of a question has the question's kind; the evidence is keyed by the question.
    return answers as never[];
  }
}
