import type { Check, Finding, RunReport } from "../../schema/report.generated.ts";

/** A finding together with the check that made it. */
export interface OpenFinding {
  readonly check: Check;
  readonly finding: Finding;
}

/** The findings of all failed checks, in plan order; waived ones are not open. */
export function openFindings(report: RunReport): OpenFinding[] {
  return report.checks
    .filter((check) => check.verdict === "fail")
    .flatMap((check) => check.findings.map((finding) => ({ check, finding })));
}
