import type { Severity } from "../../schema/report.generated.ts";
import type { Missing } from "../../site/core/missing.ts";

/** A thrown value in words, with its line if it is an error. Never throws. */
export function describeThrown(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return `the rule threw ${String(thrown)}`;
    const frame = /\n\s+at ([^\n]+)/.exec(thrown.stack ?? "")?.[1];
    return `${thrown.name}: ${thrown.message}${frame === undefined ? "" : ` (at ${frame})`}`;
  } catch {
    // An object without a text, or whose text throws.
    return "the rule threw a value that cannot be displayed";
  }
}

/** The reason why a helper ended a check, or one item of an `each`. */
export type EarlyEnd =
  | { readonly kind: "missing"; readonly missing: readonly Missing[]; readonly severity?: Severity | undefined }
  | { readonly kind: "inconclusive"; readonly reason: string; readonly severity?: Severity | undefined }
  | { readonly kind: "not-applicable"; readonly reason: string; readonly awaits?: "deployment" | undefined }
  /** The check waits for answers. */
  | { readonly kind: "suspended" };

/**
 * How a rule's helper ends a check: thrown, and caught by the engine alone. Not an Error, so that it costs no stack trace
 * and can never be mistaken for an error of the rule.
 */
export class Signal {
  /** Whether the engine has caught it; one that it never sees again was caught by the rule. */
  isCaught = false;

  constructor(readonly end: EarlyEnd) {}
}
