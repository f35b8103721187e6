import type { Severity } from "../../schema/report.generated.ts";
import type { RuleLevel } from "../api/config-layer.ts";
import type { Rule } from "../api/rule.ts";
import { asStrict } from "../evaluation/plan.ts";

/** A severity, or `off`. */
export type Weight = Severity | "off";

const WEIGHTS: readonly Weight[] = ["off", "info", "warn", "error"];

/** Whether one severity is lower than another. */
export function isMilder(one: Weight, than: Weight): boolean {
  return WEIGHTS.indexOf(one) < WEIGHTS.indexOf(than);
}

/** The severity that a level assigns to checks, or to a message, with this declared severity. */
export function weightOf(level: RuleLevel, own: Severity): Weight {
  return level === "own" ? own : level === "strict" ? asStrict(own) : level;
}

/**
 * Whether a value of an option is more relaxed than another one. If the rule does not declare in which direction an
 * option gets stricter, every other value counts as relaxed, so that it is reported.
 */
export function relaxesOption(
  rule: Rule,
  name: string,
  { from, to }: Readonly<Record<"from" | "to", unknown>>,
): boolean {
  if (JSON.stringify(from) === JSON.stringify(to)) return false;
  const stricter = rule.stricterOptions?.[name];
  if (stricter === undefined || typeof from !== "number" || typeof to !== "number") return true;
  return stricter === "higher" ? to < from : to > from;
}

const EFFECTS = ["ignore", "warn", "fail"] as const;

/** Whether one effect of inconclusive checks is more relaxed than another. */
export function isMilderEffect(one: (typeof EFFECTS)[number], than: (typeof EFFECTS)[number]): boolean {
  return EFFECTS.indexOf(one) < EFFECTS.indexOf(than);
}

/** Whether one limit of warnings is more relaxed than another; null = any number. */
export function isMilderLimit(one: number | null, than: number | null): boolean {
  return (one ?? Infinity) > (than ?? Infinity);
}
