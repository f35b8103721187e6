import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, CheckReference, RunReport, Severity } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";
import { gapsOfCheck } from "./gaps.ts";

/** Inconclusive checks of one rule that lack the same value at the same location. */
export interface InconclusiveGroup {
  readonly what: string;
  readonly location: Location | null;
  readonly checks: [Check, ...Check[]];
  /**
   * Number of the group among those with the same rule, gap, file and subject: one value may be missing at several
   * locations.
   */
  readonly ordinal: number;
}

/**
 * Inconclusive checks that a report must show separately. A check that is inconclusive only because of others is
 * omitted if their failures are shown.
 */
export function unexplained({ checks }: RunReport): Check[] {
  const failed = new Set(checksWith(checks, "fail").map(keyOf));
  return checksWith(checks, "inconclusive").filter(
    ({ because }) => !(because.length > 0 && because.every((cause) => failed.has(keyOf(cause)))),
  );
}

/** Checks that fail the gate, and required ones that the gate policy allows to be inconclusive. */
export function unexplainedAndRequired(report: RunReport): Check[] {
  const isBlocking = blockingChecks(report);
  return unexplained(report).filter((check) => check.severity === "error" || isBlocking(check));
}

/** The severity with which an inconclusive check is shown: a required one that the gate policy allows is a warning. */
export function shownSeverity(report: RunReport): (check: Check) => Severity {
  const isBlocking = blockingChecks(report);
  return (check) => (check.severity === "error" && !isBlocking(check) ? "warn" : check.severity);
}

/** Whether a check is one of those that fail the gate. */
export function blockingChecks({ blockers }: RunReport): (check: CheckReference) => boolean {
  const keys = new Set(blockers.flatMap(({ checks }) => checks.map(keyOf)));
  return (check) => keys.has(keyOf(check));
}

/** One group for each rule, missing value and location. */
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

function keyOf({ rule, subject }: CheckReference): string {
  return JSON.stringify([rule, subject.kind, subject.name]);
}
