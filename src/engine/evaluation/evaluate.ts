import type { Site } from "../../site/site.ts";
import { type Asker, type Evidence } from "./evidence.ts";
import type { Judgement, Outcome } from "./evaluate-check.ts";
import { judgeOfPlanned } from "./evaluate-planned.ts";
import type { PlannedCheck } from "./plan.ts";
import { type Question, questionKey } from "../api/question.ts";

/** A check with its outcome; null outcome = the run was told to skip it. */
export interface JudgedCheck {
  readonly planned: PlannedCheck;
  readonly outcome: Outcome | null;
  /** Keys of the questions whose answers the rule read, in order. */
  readonly questions: readonly string[];
}

const KINDS: readonly Question["kind"][] = ["dns", "ntp", "tcp", "tls"];

const NONE: readonly never[] = [];

/** A rule may ask this often before it is taken to be going in circles. */
const MOST_TURNS = 16;

export interface Evaluation {
  readonly site: Site;
  readonly now: number;
  readonly asker: Asker;
  readonly evidence: Evidence;
  /** Called before the first question, if there is one: what is decided already, and what waits for answers. */
  readonly beforeAsking?: (decided: readonly JudgedCheck[], waiting: readonly PlannedCheck[]) => void;
}

/**
 * Judges every planned check. Checks that ask for evidence wait; each turn asks the earliest open kind only (so that
 * names are resolved before servers are asked), then the waiting checks are judged again from the start.
 */
export async function evaluate(checks: readonly PlannedCheck[], context: Evaluation): Promise<readonly JudgedCheck[]> {
  const { asker, evidence } = context;
  const judge = judgeOfPlanned({ ...context, answerOf: (key) => evidence.get(key) });
  const results = new Array<JudgedCheck>(checks.length);
  let waiting: Waiting[] = [];
  for (const [index, planned] of checks.entries()) {
    if (planned.enabled.skip !== null) results[index] = { planned, outcome: null, questions: NONE };
    else {
      const judgement = judge(planned);
      if (judgement.state === "decided") results[index] = settled(planned, judgement);
      else waiting.push({ index, planned, open: judgement.open, turns: 0 });
    }
  }
  if (waiting.length > 0) {
    context.beforeAsking?.(
      // The places of those that wait are empty, and passed over.
      results.flatMap((judged) => judged),
      waiting.map(({ planned }) => planned),
    );
  }
  while (waiting.length > 0) {
    const questions = earliestKind(waiting.flatMap(({ open }) => open));
    const answers = await asker(questions);
    for (const [index, question] of questions.entries()) {
      const answer = answers[index];
      if (answer === undefined) throw new Error(`no answer object for ${questionKey(question)}`);
      evidence.add(question, answer);
    }
    const kind = questions[0]?.kind;
    const suspended: Waiting[] = [];
    for (const check of waiting) {
      const { index, planned, open, turns } = check;
      if (!open.some((question) => question.kind === kind)) {
        suspended.push(check);
        continue;
      }
      const judgement = judge(planned);
      if (judgement.state === "decided") results[index] = settled(planned, judgement);
      // Turns are counted by check: one that asks without end must not use up those of others.
      else if (turns + 1 === MOST_TURNS) results[index] = goingInCircles(planned);
      else suspended.push({ index, planned, open: judgement.open, turns: turns + 1 });
    }
    waiting = suspended;
  }
  return results;
}

/** A check that is judged again when its questions are answered. */
interface Waiting {
  readonly index: number;
  readonly planned: PlannedCheck;
  readonly open: readonly Question[];
  /** How often what it asked was answered. */
  readonly turns: number;
}

/** The questions of the first turn, each once: what `preflight plan` shows. */
export function firstQuestions(
  checks: readonly PlannedCheck[],
  site: Site,
  now: number,
): ReadonlyMap<PlannedCheck, readonly Question[]> {
  const judge = judgeOfPlanned({ site, now, answerOf: () => undefined });
  return new Map(
    checks.flatMap((planned) => {
      if (planned.enabled.skip !== null) return [];
      const judgement = judge(planned);
      return judgement.state === "suspended" ? [[planned, judgement.open] as const] : [];
    }),
  );
}

function settled(
  planned: PlannedCheck,
  { outcome, questions }: Judgement & { readonly state: "decided" },
): JudgedCheck {
  return { planned, outcome, questions };
}

function goingInCircles(planned: PlannedCheck): JudgedCheck {
  const reason = `the rule still asked for more after ${MOST_TURNS} turns`;
  return { planned, outcome: { verdict: "crashed", reason }, questions: NONE };
}

function earliestKind(questions: readonly Question[]): readonly Question[] {
  const kind = KINDS.find((candidate) => questions.some((question) => question.kind === candidate));
  const distinct = new Map(
    questions.filter((question) => question.kind === kind).map((question) => [questionKey(question), question]),
  );
  return [...distinct.values()];
}
