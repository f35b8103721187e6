import type { Check, Gate, Summary, Verdict } from "./run-report.ts";

/** How undecided checks and warnings weigh. */
export interface GatePolicy {
  /** What an undecided check does: close the gate, count as one warning, or nothing. */
  readonly inconclusive: "fail" | "warn" | "ignore";
  /** More warnings than this close the gate; null = any number is fine. */
  readonly maxWarnings: number | null;
}

/**
 * Counts and the gate. Closed: an error-level check failed or is undecided, or there are too many warnings. No verdict:
 * a rule crashed, the run had an error, or nothing was judged. Else open.
 */
export function summarise(checks: readonly Check[], errors: number, policy: GatePolicy): Summary {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const failed = (severity: Check["severity"]) =>
    checks.filter((check) => check.verdict === "fail" && check.severity === severity).length;
  const undecided = checks.filter((check) => check.verdict === "inconclusive" && check.severity !== "info");
  const counts = {
    planned: checks.length,
    pass: count("pass"),
    fail: count("fail"),
    inconclusive: count("inconclusive"),
    "not-applicable": count("not-applicable"),
    skipped: count("skipped"),
    waived: count("waived"),
    crashed: count("crashed"),
    errors: failed("error"),
    warnings: failed("warn"),
    infos: failed("info"),
  };
  const weighed = {
    blocking: policy.inconclusive === "fail" ? undecided.filter(({ severity }) => severity === "error").length : 0,
    warnings: counts.warnings + (policy.inconclusive === "warn" ? undecided.length : 0),
  };
  const { gate, reason } = decide(counts, weighed, errors, policy.maxWarnings);
  return { ...counts, partial: counts.skipped > 0, gate, gate_reason: reason };
}

function decide(
  counts: Omit<Summary, "partial" | "gate" | "gate_reason">,
  weighed: { readonly blocking: number; readonly warnings: number },
  errors: number,
  maxWarnings: number | null,
): { readonly gate: Gate; readonly reason: string } {
  if (counts.crashed > 0) return { gate: "no-verdict", reason: `${plural(counts.crashed, "check")} crashed` };
  if (errors > 0) return { gate: "no-verdict", reason: `the run had ${plural(errors, "error")}` };
  if (counts.pass + counts.fail + counts.waived + counts.inconclusive === 0) {
    return { gate: "no-verdict", reason: "no check was judged" };
  }
  const reasons = [
    ...(counts.errors > 0 ? [plural(counts.errors, "error")] : []),
    ...(weighed.blocking > 0 ? [`${plural(weighed.blocking, "required check")} undecided`] : []),
    ...(maxWarnings !== null && weighed.warnings > maxWarnings
      ? [`${plural(weighed.warnings, "warning")}, at most ${maxWarnings} allowed`]
      : []),
  ];
  if (reasons.length > 0) return { gate: "closed", reason: reasons.join(", ") };
  return { gate: "open", reason: "no required check failed or is undecided" };
}

/** The exit code that stands for a gate. */
export function exitCode(gate: Gate): 0 | 1 | 2 {
  return gate === "open" ? 0 : gate === "closed" ? 1 : 2;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
