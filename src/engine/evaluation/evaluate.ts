import type { Site } from "../../site/site.ts";
import { type Responder, type Evidence } from "./evidence.ts";
import type { Evaluation, Outcome } from "./evaluate-check.ts";
import { groupEvaluator } from "./evaluate-planned.ts";
import type { Plan, PlannedGroup } from "./plan.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import { type Answer, type Question, questionKey } from "../api/question.ts";

/** A plan with its outcomes. */
export interface EvaluatedPlan {
  readonly plan: Plan;
  /** By the position of the check in the plan; null = the run skips it. */
  readonly outcomes: readonly (Outcome | null)[];
  /**
   * Keys of the queries whose answers the rule read, in order, by position; most checks send none and have no entry.
   */
  readonly questions: ReadonlyMap<number, readonly string[]>;
}

/** Maximum number of rounds of queries of a rule before it counts as an endless loop. */
const MAX_ROUNDS = 16;

/** A clock, which the engine does not have itself, and the receiver of its times. */
export interface EvaluationTimer {
  /** In ms, from any start. */
  readonly now: () => number;
  readonly rule: (id: string, checks: number, ms: number) => void;
}

export interface EvaluationContext {
  readonly site: Site;
  readonly now: number;
  readonly responder: Responder;
  readonly evidence: Evidence;
  /** Called with the time that the checks of each rule took, without those that are evaluated again after queries. */
  readonly timer?: EvaluationTimer | undefined;
  /** Called before the first question, if there is one: what waits for answers; the outcomes of the others. */
  readonly beforeQueries?: (
    waiting: readonly SuspendedCheck[],
    outcomes: readonly (Outcome | null | undefined)[],
  ) => void;
}

/**
 * Evaluates every planned check. A check that needs evidence is suspended, and evaluated again from the start as soon
 * as its own queries are answered, without waiting for others: an unresponsive server delays only the checks that
 * depend on it.
 */
export async function evaluate(plan: Plan, context: EvaluationContext): Promise<EvaluatedPlan> {
  const { responder, evidence } = context;
  const evaluatorOf = groupEvaluator({ ...context, answerOf: (key) => evidence.get(key) });
  const outcomes = new Array<Outcome | null>(plan.length);
  const questionsByPosition = new Map<number, readonly string[]>();
  const settle = (position: number, { outcome, questions }: Evaluation & { readonly state: "decided" }) => {
    outcomes[position] = outcome;
    if (questions.length > 0) questionsByPosition.set(position, questions);
  };
  const waiting: SuspendedCheck[] = [];
  let position = 0;
  for (const group of plan.groups) {
    if (group.enabled.skip !== null) {
      outcomes.fill(null, position, (position += group.subjects.length));
      continue;
    }
    const evaluateCheck = evaluatorOf(group);
    const startedAt = context.timer?.now() ?? 0;
    for (const subject of group.subjects) {
      const evaluation = evaluateCheck(subject);
      if (evaluation.state === "decided") settle(position, evaluation);
      else waiting.push({ position, group, subject, open: evaluation.open, rounds: 0 });
      position++;
    }
    context.timer?.rule(group.enabled.rule.id, group.subjects.length, context.timer.now() - startedAt);
  }
  if (waiting.length > 0) context.beforeQueries?.(waiting, outcomes);
  const queries = new OpenQueries(responder, evidence);
  queries.add(waiting);
  for (let ready = await queries.next(); ready.length > 0; ready = await queries.next()) {
    const suspended: SuspendedCheck[] = [];
    for (const check of ready) {
      const evaluation = evaluatorOf(check.group)(check.subject);
      const rounds = check.rounds + 1;
      if (evaluation.state === "decided") settle(check.position, evaluation);
      // Rounds are counted per check: one that sends queries endlessly must not use up those of others.
      else if (rounds === MAX_ROUNDS) outcomes[check.position] = ENDLESS_QUERIES;
      else suspended.push({ ...check, open: evaluation.open, rounds });
    }
    queries.add(suspended);
  }
  return { plan, outcomes, questions: questionsByPosition };
}

/** A check that is evaluated again once its queries are answered. */
interface SuspendedCheck {
  /** In the plan. */
  readonly position: number;
  readonly group: PlannedGroup;
  readonly subject: SiteObject;
  readonly open: readonly Question[];
  /** Number of rounds of queries that were answered. */
  readonly rounds: number;
}

const ENDLESS_QUERIES: Outcome = {
  verdict: "crashed",
  reason: `the rule still requested queries after ${MAX_ROUNDS} rounds`,
};

/** The queries that checks depend on. Each is sent once, in the order of first use. */
class OpenQueries {
  readonly #waiting = new Map<string, { readonly check: SuspendedCheck; readonly left: Set<string> }[]>();
  readonly #batches = new Set<Promise<void>>();
  #ready: SuspendedCheck[] = [];
  #failure: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;

  constructor(
    private readonly responder: Responder,
    private readonly evidence: Evidence,
  ) {}

  /** Sends the queries for which checks wait and that are not yet in progress, in one batch. */
  add(checks: readonly SuspendedCheck[]): void {
    const unasked = new Map<string, Question>();
    for (const check of checks) {
      const open = new Map(check.open.map((question) => [questionKey(question), question]));
      const waiting = { check, left: new Set(open.keys()) };
      for (const [key, question] of open) {
        const others = this.#waiting.get(key);
        if (others !== undefined) others.push(waiting);
        else {
          this.#waiting.set(key, [waiting]);
          unasked.set(key, question);
        }
      }
    }
    if (unasked.size > 0) this.#ask([...unasked.values()]);
  }

  /** The checks whose queries are answered, in the order of the plan; none when no check is waiting. */
  async next(): Promise<readonly SuspendedCheck[]> {
    while (this.#ready.length === 0 && this.#failure === null && this.#batches.size > 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure !== null) throw this.#failure.error;
    const ready = this.#ready.sort((a, b) => a.position - b.position);
    this.#ready = [];
    return ready;
  }

  #ask(questions: readonly Question[]): void {
    const keys = questions.map(questionKey);
    const take = (index: number, answer: Answer | undefined): void => {
      const [key, question] = [keys[index], questions[index]];
      if (key === undefined || question === undefined || !this.#waiting.has(key)) return;
      if (answer === undefined) throw new Error(`no answer object for ${key}`);
      this.#answered(key, question, answer);
    };
    const batch = this.responder(questions, take)
      .then((answers) => {
        for (const index of keys.keys()) take(index, answers[index]);
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#batches.delete(batch);
        this.#wake();
      });
    this.#batches.add(batch);
  }

  #answered(key: string, question: Question, answer: Answer): void {
    this.evidence.add(question, answer);
    for (const { check, left } of this.#waiting.get(key) ?? []) {
      left.delete(key);
      if (left.size === 0) this.#ready.push(check);
    }
    this.#waiting.delete(key);
    this.#wake();
  }
}
