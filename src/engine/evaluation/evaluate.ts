import type { Site } from "../../site/site.ts";
import { type Responder, type Evidence } from "./evidence.ts";
import type { Evaluation, Outcome } from "./evaluate-check.ts";
import { plannedCheckEvaluator } from "./evaluate-planned.ts";
import type { PlannedCheck } from "./plan.ts";
import { type Question, questionKey } from "../api/question.ts";

/** A check with its outcome; null outcome = the run was told to skip it. */
export interface EvaluatedCheck {
  readonly planned: PlannedCheck;
  readonly outcome: Outcome | null;
  /** Keys of the questions whose answers the rule read, in order. */
  readonly questions: readonly string[];
}

const KINDS: readonly Question["kind"][] = ["dns", "ntp", "tcp", "tls"];

const NONE: readonly never[] = [];

/** A rule may ask this often before it is taken to be going in circles. */
const MAX_ROUNDS = 16;

export interface EvaluationContext {
  readonly site: Site;
  readonly now: number;
  readonly responder: Responder;
  readonly evidence: Evidence;
  /** Called before the first question, if there is one: what is decided already, and what waits for answers. */
  readonly beforeQueries?: (decided: readonly EvaluatedCheck[], waiting: readonly PlannedCheck[]) => void;
}

/**
 * Evaluates every planned check. Checks that ask for evidence wait; each turn asks the earliest open kind only (so that
 * names are resolved before servers are asked), then the waiting checks are evaluated again from the start.
 */
export async function evaluate(
  checks: readonly PlannedCheck[],
  context: EvaluationContext,
): Promise<readonly EvaluatedCheck[]> {
  const { responder, evidence } = context;
  const evaluateCheck = plannedCheckEvaluator({ ...context, answerOf: (key) => evidence.get(key) });
  const results = new Array<EvaluatedCheck>(checks.length);
  let waiting: SuspendedCheck[] = [];
  for (const [index, planned] of checks.entries()) {
    if (planned.enabled.skip !== null) results[index] = { planned, outcome: null, questions: NONE };
    else {
      const evaluation = evaluateCheck(planned);
      if (evaluation.state === "decided") results[index] = settled(planned, evaluation);
      else waiting.push({ index, planned, open: evaluation.open, rounds: 0 });
    }
  }
  if (waiting.length > 0) {
    context.beforeQueries?.(
      // The places of those that wait are empty, and passed over.
      results.flatMap((evaluated) => evaluated),
      waiting.map(({ planned }) => planned),
    );
  }
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
      const { index, planned, open, rounds } = check;
      if (!open.some((question) => question.kind === kind)) {
        suspended.push(check);
        continue;
      }
      const evaluation = evaluateCheck(planned);
      if (evaluation.state === "decided") results[index] = settled(planned, evaluation);
      // Turns are counted by check: one that asks without end must not use up those of others.
      else if (rounds + 1 === MAX_ROUNDS) results[index] = endlessQueries(planned);
      else suspended.push({ index, planned, open: evaluation.open, rounds: rounds + 1 });
    }
    waiting = suspended;
  }
  return results;
}

/** A check that is evaluated again when its questions are answered. */
interface SuspendedCheck {
  readonly index: number;
  readonly planned: PlannedCheck;
  readonly open: readonly Question[];
  /** How often what it asked was answered. */
  readonly rounds: number;
}

/** The questions of the first turn, each once: what `preflight plan` shows. */
export function firstQuestions(
  checks: readonly PlannedCheck[],
  site: Site,
  now: number,
): ReadonlyMap<PlannedCheck, readonly Question[]> {
  const evaluateCheck = plannedCheckEvaluator({ site, now, answerOf: () => undefined });
  return new Map(
    checks.flatMap((planned) => {
      if (planned.enabled.skip !== null) return [];
      const evaluation = evaluateCheck(planned);
      return evaluation.state === "suspended" ? [[planned, evaluation.open] as const] : [];
    }),
  );
}

function settled(
  planned: PlannedCheck,
  { outcome, questions }: Evaluation & { readonly state: "decided" },
): EvaluatedCheck {
  return { planned, outcome, questions };
}

function endlessQueries(planned: PlannedCheck): EvaluatedCheck {
  const reason = `the rule still asked for more after ${MAX_ROUNDS} turns`;
  return { planned, outcome: { verdict: "crashed", reason }, questions: NONE };
}

function earliestKind(questions: readonly Question[]): readonly Question[] {
  const kind = KINDS.find((candidate) => questions.some((question) => question.kind === candidate));
  const distinct = new Map(
    questions.filter((question) => question.kind === kind).map((question) => [questionKey(question), question]),
  );
  return [...distinct.values()];
}
