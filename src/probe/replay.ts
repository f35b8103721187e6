import type { RecordedAnswer } from "../schema/question.generated.ts";
import type { Responder } from "../engine/evaluation/evidence.ts";
import { type Answer, questionKey } from "../engine/api/question.ts";
import { notAsked } from "./query/not-asked.ts";

export interface ReplayOptions {
  /** The vantage point of the answers. */
  readonly from: string;
  /** The time of evaluation, ms since 1970. */
  readonly now: number;
  /** Answers recorded longer before or after `now` than this count as not recorded; null = no limit. */
  readonly maxAge_ms: number | null;
}

/**
 * Answers queries from a recording without contacting servers. Of several answers to one query the newest is used, but
 * an answer to a query that was not sent never takes precedence over one that was; a query that was not recorded, or
 * too long ago, is `not-asked`.
 */
export function replay(recorded: readonly RecordedAnswer[], { from, now, maxAge_ms }: ReplayOptions): Responder {
  const newest = new Map<string, Answer>();
  for (const { question, answer } of recorded) {
    // An unreadable time counts as the oldest. A time in the future is as wrong as one long past.
    if (maxAge_ms !== null && !(Math.abs(now - Date.parse(answer.started_at)) <= maxAge_ms)) continue;
    const key = questionKey(question);
    const other = newest.get(key);
    if (other === undefined || !isBetter(other, answer)) newest.set(key, answer);
  }
  const startedAt = new Date(now).toISOString();
  return (questions) =>
    Promise.resolve(
      questions.map(
        (question) =>
          newest.get(questionKey(question)) ?? { ...notAsked(question, "not-recorded", from), started_at: startedAt },
      ),
    );
}

/** Of two equally good ones, the later in the files is used. */
function isBetter(one: Answer, other: Answer): boolean {
  const [a, b] = [one, other].map(({ status }) => status !== "not-asked");
  return a === b ? timeOf(one) > timeOf(other) : a === true;
}

function timeOf({ started_at }: Answer): number {
  const time = Date.parse(started_at);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
