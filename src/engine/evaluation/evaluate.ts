import type { Site } from "../../site/site.ts";
import { type Responder, type Evidence } from "./evidence.ts";
import type { Evaluation, Outcome } from "./evaluate-check.ts";
import { groupEvaluator } from "./evaluate-planned.ts";
import type { Plan, PlannedGroup } from "./plan.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import { type Question, questionKey } from "../api/question.ts";

/** A plan with its outcomes. */
export interface EvaluatedPlan {
  readonly plan: Plan;
  /** By the position of the check in the plan; null = the run was told to skip it. */
  readonly outcomes: readonly (Outcome | null)[];
  /** Keys of the questions whose answers the rule read, in order, by position; most checks ask nothing and have none. */
  readonly questions: ReadonlyMap<number, readonly string[]>;
}

const KINDS: readonly Question["kind"][] = ["dns", "ntp", "tcp", "tls"];

/** A rule may ask this often before it is taken to be going in circles. */
const MAX_ROUNDS = 16;

export interface EvaluationContext {
  readonly site: Site;
  readonly now: number;
  readonly responder: Responder;
  readonly evidence: Evidence;
  /** Called before the first question, if there is one: what waits for answers; the outcomes of the others. */
  readonly beforeQueries?: (
    waiting: readonly SuspendedCheck[],
    outcomes: readonly (Outcome | null | undefined)[],
  ) => void;
}

/**
 * Evaluates every planned check. Checks that ask for evidence wait; each turn asks the earliest open kind only (so that
 * names are resolved before servers are asked), then the waiting checks are evaluated again from the start.
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
  let waiting: SuspendedCheck[] = [];
  let position = 0;
  for (const group of plan.groups) {
    if (group.enabled.skip !== null) {
      outcomes.fill(null, position, (position += group.subjects.length));
      continue;
    }
    const evaluateCheck = evaluatorOf(group);
    for (const subject of group.subjects) {
      const evaluation = evaluateCheck(subject);
      if (evaluation.state === "decided") settle(position, evaluation);
      else waiting.push({ position, group, subject, open: evaluation.open, rounds: 0 });
      position++;
    }
  }
  if (waiting.length > 0) context.beforeQueries?.(waiting, outcomes);
  while (waiting.length > 0) {
    const questions = earliestKind(waiting.flatMap(({ open }) => open));
    const answers = await responder(questions);
    for (const [index, question] of questions.entries()) {
      const answer = answers[index];
      if (answer === undefined) throw new Error(`no answer object for ${questionKey(question)}`);
      evidence.add(question, answer);
    }
    const kind = questions[0]?.kind;
    const suspended: SuspendedCheck[] = [];
    for (const check of waiting) {
      if (!check.open.some((question) => question.kind === kind)) {
        suspended.push(check);
        continue;
      }
      const evaluation = evaluatorOf(check.group)(check.subject);
      const rounds = check.rounds + 1;
      if (evaluation.state === "decided") settle(check.position, evaluation);
      // Turns are counted by check: one that asks without end must not use up those of others.
      else if (rounds === MAX_ROUNDS) outcomes[check.position] = ENDLESS_QUERIES;
      else suspended.push({ ...check, open: evaluation.open, rounds });
    }
    waiting = suspended;
  }
  return { plan, outcomes, questions: questionsByPosition };
}

/** A check that is evaluated again when its questions are answered. */
export interface SuspendedCheck {
  /** In the plan. */
  readonly position: number;
  readonly group: PlannedGroup;
  readonly subject: SiteObject;
  readonly open: readonly Question[];
  /** How often what it asked was answered. */
  readonly rounds: number;
}

const ENDLESS_QUERIES: Outcome = {
  verdict: "crashed",
  reason: `the rule still asked for more after ${MAX_ROUNDS} turns`,
};

function earliestKind(questions: readonly Question[]): readonly Question[] {
  const kind = KINDS.find((candidate) => questions.some((question) => question.kind === candidate));
  const distinct = new Map(
    questions.filter((question) => question.kind === kind).map((question) => [questionKey(question), question]),
  );
  return [...distinct.values()];
}
