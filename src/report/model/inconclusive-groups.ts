import type { Check, RunReport, Severity } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";
import { gapsOfCheck } from "./gaps.ts";

/** Undecided checks of one rule that lack the same thing at the same place. */
export interface InconclusiveGroup {
  readonly what: string;
  readonly location: Location | null;
  readonly checks: [Check, ...Check[]];
  /** Counts the groups of one rule, gap, file and subject: the same value may be missing at several places. */
  readonly ordinal: number;
}

/**
 * Undecided checks that a report must show for itself. A check that only waits for others is left out while their
 * failures are shown.
 */
export function unexplained({ checks }: RunReport, severities: readonly Severity[]): Check[] {
  const failed = new Set(checks.flatMap((check) => (check.verdict === "fail" ? [keyOf(check)] : [])));
  return checks.filter(
    ({ verdict, severity, because }) =>
      verdict === "inconclusive" &&
      severities.includes(severity) &&
      !(because.length > 0 && because.every((cause) => failed.has(keyOf(cause)))),
  );
}

/**
 * Of which severities undecided checks belong to what closes the gate: errors; warnings too when the gate is closed and
 * nothing of level error says why, as it then counted warnings.
 */
export function weighingSeverities({ summary, checks, baseline }: RunReport): readonly Severity[] {
  const isExplained =
    summary.errors > 0 ||
    (baseline?.missing.length ?? 0) > 0 ||
    checks.some(({ verdict, severity }) => verdict === "inconclusive" && severity === "error");
  return summary.gate === "closed" && !isExplained ? ["error", "warn"] : ["error"];
}

/** How much an undecided check weighs: an error becomes a warning where the gate is open all the same. */
export function weightOf({ severity }: Check, { summary }: RunReport): Severity {
  return severity === "error" && summary.gate === "open" ? "warn" : severity;
}

/** One group for every rule, missing thing and place of it. */
export function inconclusiveGroups(checks: readonly Check[]): InconclusiveGroup[] {
  const groups = new Map<string, InconclusiveGroup>();
  const ordinals = new Map<string, number>();
  for (const check of checks) {
    for (const { what, location } of gapsOfCheck(check)) {
      const key = JSON.stringify([check.rule, what, location]);
      const group = groups.get(key);
      if (group !== undefined) {
        group.checks.push(check);
        continue;
      }
      const alike = JSON.stringify([check.rule, what, location?.path, check.subject]);
      const ordinal = (ordinals.get(alike) ?? 0) + 1;
      ordinals.set(alike, ordinal);
      groups.set(key, { what, location, checks: [check], ordinal });
    }
  }
  return [...groups.values()];
}

function keyOf({ rule, subject }: Pick<Check, "rule" | "subject">): string {
  return JSON.stringify([rule, subject.kind, subject.name]);
}
