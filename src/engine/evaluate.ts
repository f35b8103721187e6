import type { Site } from "../site/site.ts";
import { type Asker, type Evidence } from "./evidence.ts";
import { judge, type JudgeInput, type Judgement, type Outcome } from "./judge.ts";
import type { PlannedCheck } from "./plan.ts";
import { type Question, questionKey } from "./question.ts";

/** A check with its outcome; null outcome = the run was told to skip it. */
export interface JudgedCheck {
  readonly planned: PlannedCheck;
  readonly outcome: Outcome | null;
  /** Keys of the questions whose answers the rule read, in order. */
  readonly questions: readonly string[];
}

const KINDS: readonly Question["kind"][] = ["dns", "ntp", "tcp", "tls"];

/** A rule may ask this often before it is taken to be going in circles. */
const MOST_TURNS = 16;

/**
 * Judges every planned check. Checks that ask for evidence wait; each turn asks the earliest open kind only (so that
 * names are resolved before servers are asked), then the waiting checks are judged again from the start.
 */
export async function evaluate(
  checks: readonly PlannedCheck[],
  context: { readonly site: Site; readonly now: number; readonly asker: Asker; readonly evidence: Evidence },
): Promise<readonly JudgedCheck[]> {
  const { site, now, asker, evidence } = context;
  const results = new Map<PlannedCheck, JudgedCheck>();
  const input = { site, now, answerOf: (key: string) => evidence.get(key) };
  for (const planned of checks) {
    if (planned.enabled.skip !== null) results.set(planned, { planned, outcome: null, questions: [] });
  }
  // Turns are counted by check: one that asks without end must not use up the turns of those that wait for their kind.
  const turns = new Map<PlannedCheck, number>();
  let waiting = checks.filter(({ enabled }) => enabled.skip === null);
  while (waiting.length > 0) {
    const suspended = new Map<PlannedCheck, readonly Question[]>();
    for (const planned of waiting) {
      const judgement = judgePlanned(planned, input);
      if (judgement.state === "suspended" && (turns.get(planned) ?? 0) < MOST_TURNS) {
        suspended.set(planned, judgement.open);
      } else results.set(planned, settle(planned, judgement));
    }
    waiting = [...suspended.keys()];
    const questions = earliestKind([...suspended.values()].flat());
    for (const [planned, open] of suspended) {
      if (open.some(({ kind }) => kind === questions[0]?.kind)) turns.set(planned, (turns.get(planned) ?? 0) + 1);
    }
    const answers = questions.length === 0 ? [] : await asker(questions);
    for (const [index, question] of questions.entries()) {
      const answer = answers[index];
      if (answer === undefined) throw new Error(`no answer object for ${questionKey(question)}`);
      evidence.add(question, answer);
    }
  }
  return checks.flatMap((planned) => results.get(planned) ?? []);
}

/** The questions of the first turn, each once: what `preflight plan` shows. */
export function firstQuestions(
  checks: readonly PlannedCheck[],
  site: Site,
  now: number,
): ReadonlyMap<PlannedCheck, readonly Question[]> {
  const input = { site, now, answerOf: () => undefined };
  return new Map(
    checks.flatMap((planned) => {
      if (planned.enabled.skip !== null) return [];
      const judgement = judgePlanned(planned, input);
      return judgement.state === "suspended" ? [[planned, judgement.open] as const] : [];
    }),
  );
}

function judgePlanned(planned: PlannedCheck, input: Omit<JudgeInput, "options">): Judgement {
  const { enabled, standIn, subject } = planned;
  if (standIn?.kind === "none") {
    return { state: "decided", outcome: { verdict: "not-applicable", reason: standIn.reason }, questions: [] };
  }
  if (standIn?.kind === "unlisted") {
    return {
      state: "decided",
      outcome: { verdict: "inconclusive", missing: standIn.missing, reason: null },
      questions: [],
    };
  }
  return judge(enabled.rule, subject, { ...input, options: enabled.options });
}

function settle(planned: PlannedCheck, judgement: Judgement): JudgedCheck {
  if (judgement.state === "decided") return { planned, outcome: judgement.outcome, questions: judgement.questions };
  const reason = `the rule still asked for more after ${MOST_TURNS} turns`;
  return { planned, outcome: { verdict: "crashed", reason }, questions: [] };
}

function earliestKind(questions: readonly Question[]): readonly Question[] {
  const kind = KINDS.find((candidate) => questions.some((question) => question.kind === candidate));
  const distinct = new Map(
    questions.filter((question) => question.kind === kind).map((question) => [questionKey(question), question]),
  );
  return [...distinct.values()];
}
