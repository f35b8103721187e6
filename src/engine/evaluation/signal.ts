import type { Missing } from "../../site/core/missing.ts";

/** Why a helper ended a check, or one item of an `each`. */
export type EarlyEnd =
  | { readonly kind: "missing"; readonly missing: readonly Missing[] }
  | { readonly kind: "inconclusive"; readonly reason: string }
  | { readonly kind: "not-applicable"; readonly reason: string }
  /** The check waits for answers. */
  | { readonly kind: "suspended" };

/**
 * How a rule's helper ends a check: thrown, and caught by the engine alone. Not an Error, so that it costs no stack trace
 * and can never be mistaken for a mistake of the rule.
 */
export class Signal {
  /** Whether the engine has caught it; one that it never sees again was caught by the rule. */
  isCaught = false;

  constructor(readonly end: EarlyEnd) {}
}
