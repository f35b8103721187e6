import type { RecordedAnswer } from "../engine/evidence-file.ts";
import type { Asker } from "../engine/evidence.ts";
import { type Answer, questionKey } from "../engine/question.ts";
import { notAsked } from "./not-asked.ts";

export interface ReplayOptions {
  /** The place whose answers these are. */
  readonly from: string;
  /** The time of judgement, ms since 1970. */
  readonly now: number;
  /** Answers older than this at `now` count as not recorded; null = any age will do. */
  readonly maxAge_ms: number | null;
}

/**
 * Answers questions from a recording and asks nobody. Of several answers to one question the newest counts; a question
 * that was not recorded, or too long ago, is `not-asked`.
 */
export function replay(recorded: readonly RecordedAnswer[], { from, now, maxAge_ms }: ReplayOptions): Asker {
  const newest = new Map<string, Answer>();
  for (const { question, answer } of recorded) {
    const age = now - Date.parse(answer.started_at);
    if (maxAge_ms !== null && !(age <= maxAge_ms)) continue;
    const key = questionKey(question);
    const other = newest.get(key);
    if (other === undefined || Date.parse(answer.started_at) >= Date.parse(other.started_at)) newest.set(key, answer);
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
