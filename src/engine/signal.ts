import type { Missing } from "../site/missing.ts";
import type { Question } from "./question.ts";

/**
 * How a rule's helper ends a check, or one item of an `each`. Thrown and caught by the engine alone; a plain object, so
 * that it can never be mistaken for an error.
 */
export type Signal =
  | { readonly signal: "missing"; readonly missing: readonly Missing[] }
  | { readonly signal: "inconclusive"; readonly reason: string }
  | { readonly signal: "not-applicable"; readonly reason: string }
  | { readonly signal: "suspend"; readonly questions: readonly Question[] };

/** Whether something thrown is a signal of the engine rather than an error of the rule. */
export function isSignal(thrown: unknown): thrown is Signal {
  return typeof thrown === "object" && thrown !== null && "signal" in thrown && !(thrown instanceof Error);
}
