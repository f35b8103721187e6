import { compareReports, incomparable, type ReportFile } from "../engine/comparison/compare.ts";
import type { Comparison, RunReport } from "../schema/report.generated.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";

/** The report with its differences from an earlier run. Throws PreflightErrors if the two cannot be compared. */
export function compared(report: RunReport, before: ReportFile): RunReport {
  // Without checks, the errors of this run are the only content.
  return report.checks.length === 0 ? report : { ...report, comparison: compare(before, { report, path: null }) };
}

/** The differences between two reports. Throws PreflightErrors if they cannot be compared. */
export function compare(before: ReportFile, after: ReportFile): Comparison {
  const reason = incomparable(before, after);
  if (reason === null) return compareReports(before, after);
  const hint = "name two reports of one deployment: preflight DEPLOYMENT --format json=FILE";
  throw new PreflightErrors([
    new PreflightError("not-comparable", `The reports cannot be compared: ${reason}`, null, hint),
  ]);
}
