import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, Finding, RunReport } from "../../schema/report.generated.ts";
import { consequencesByRoot } from "./consequences.ts";

/** A finding together with the check that made it. */
export interface OpenFinding {
  readonly check: Check;
  readonly finding: Finding;
  /** The failed checks that this check caused; they are with its first finding alone. */
  readonly consequences: readonly Check[];
}

/** The findings of all failed checks that no other check caused, in plan order; waived ones are not open. */
export function openFindings(report: RunReport): OpenFinding[] {
  const consequencesOf = consequencesByRoot(report);
  return checksWith(report.checks, "fail")
    .filter(({ root_causes }) => root_causes.length === 0)
    .flatMap((check) =>
      check.findings.map((finding, index) => ({
        check,
        finding,
        consequences: index === 0 ? consequencesOf(check) : [],
      })),
    );
}
