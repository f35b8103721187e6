import { type Answer, type Question, questionKey } from "../api/question.ts";

/** Answers by question; grows during a run. */
export class Evidence {
  readonly #answers = new Map<string, { readonly question: Question; readonly answer: Answer }>();

  get(key: string): Answer | undefined {
    return this.#answers.get(key)?.answer;
  }

  record(key: string): { readonly question: Question; readonly answer: Answer } | undefined {
    return this.#answers.get(key);
  }

  /** All queries, in the order in which the answers were received. */
  get records(): readonly { readonly question: Question; readonly answer: Answer }[] {
    return [...this.#answers.values()];
  }

  add(question: Question, answer: Answer): void {
    this.#answers.set(questionKey(question), { question, answer });
  }
}

/**
 * Answers questions, in their order; never rejects for anything that a server does. May report each answer as it comes, so
 * that what depends on it need not wait for the others.
 */
export type Responder = (
  questions: readonly Question[],
  answered?: (index: number, answer: Answer) => void,
) => Promise<readonly Answer[]>;
