import type { Check, Gate, Summary, Verdict } from "../../schema/report.generated.ts";
import { counted, thousands } from "../../values/text/counted.ts";

/** How undecided checks and warnings weigh. */
export interface GatePolicy {
  /** What an undecided check does: close the gate, count as one warning, or nothing. */
  readonly inconclusive: "fail" | "warn" | "ignore";
  /** More warnings than this close the gate; null = any number is fine. */
  readonly maxWarnings: number | null;
}

/**
 * Counts and the gate. Closed: an error-level check failed or is undecided, there are too many warnings, or a check of
 * the approved plan is no longer judged. No verdict: a rule crashed, the run had an error, or nothing was judged. Else
 * open.
 *
 * @param unplanned how many checks of the approved plan this run does not judge
 */
export function summarise(checks: readonly Check[], errors: number, policy: GatePolicy, unplanned = 0): Summary {
  const verdicts = new Map<Verdict, number>();
  const failed = new Map<Check["severity"], number>();
  const undecided = new Map<Check["severity"], number>();
  let rootErrors = 0;
  for (const { verdict, severity, root_causes } of checks) {
    add(verdicts, verdict);
    if (verdict === "fail") add(failed, severity);
    if (verdict === "fail" && severity === "error" && root_causes.length === 0) rootErrors++;
    if (verdict === "inconclusive") add(undecided, severity);
  }
  const counts = {
    planned: checks.length,
    pass: verdicts.get("pass") ?? 0,
    fail: verdicts.get("fail") ?? 0,
    inconclusive: verdicts.get("inconclusive") ?? 0,
    "not-applicable": verdicts.get("not-applicable") ?? 0,
    skipped: verdicts.get("skipped") ?? 0,
    waived: verdicts.get("waived") ?? 0,
    crashed: verdicts.get("crashed") ?? 0,
    errors: failed.get("error") ?? 0,
    warnings: failed.get("warn") ?? 0,
    infos: failed.get("info") ?? 0,
    root_errors: rootErrors,
  };
  const required = undecided.get("error") ?? 0;
  const weighable = required + (undecided.get("warn") ?? 0);
  const weighed = {
    blocking: policy.inconclusive === "fail" ? required : 0,
    warnings: counts.warnings + (policy.inconclusive === "warn" ? weighable : 0),
    unplanned,
  };
  const { gate, reason } = decide(counts, weighed, errors, policy.maxWarnings, required);
  return { ...counts, partial: counts.skipped > 0, gate, gate_reason: reason };
}

function decide(
  counts: Omit<Summary, "partial" | "gate" | "gate_reason">,
  weighed: { readonly blocking: number; readonly warnings: number; readonly unplanned: number },
  errors: number,
  maxWarnings: number | null,
  undecided: number,
): { readonly gate: Gate; readonly reason: string } {
  if (counts.crashed > 0) return { gate: "no-verdict", reason: `${counted(counts.crashed, "check")} crashed` };
  if (errors > 0) return { gate: "no-verdict", reason: `the run had ${counted(errors, "error")}` };
  if (counts.pass + counts.fail + counts.waived + counts.inconclusive === 0) {
    return { gate: "no-verdict", reason: "no check was judged" };
  }
  const reasons = [
    ...(counts.errors > 0 ? [counted(counts.errors, "error")] : []),
    ...(counts.root_errors < counts.errors ? [counted(counts.root_errors, "root cause")] : []),
    ...(weighed.blocking > 0 ? [`${counted(weighed.blocking, "required check")} undecided`] : []),
    ...(maxWarnings !== null && weighed.warnings > maxWarnings
      ? [`${counted(weighed.warnings, "warning")}, at most ${thousands(maxWarnings)} allowed`]
      : []),
    ...(weighed.unplanned > 0 ? [`${counted(weighed.unplanned, "check")} of the approved plan no longer judged`] : []),
  ];
  if (reasons.length > 0) return { gate: "closed", reason: reasons.join(", ") };
  if (undecided === 0) return { gate: "open", reason: "no required check failed or is undecided" };
  return {
    gate: "open",
    reason: `no required check failed; ${counted(undecided, "required check")} undecided, as allowed`,
  };
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The exit code that stands for a gate. */
export function exitCode(gate: Gate): 0 | 1 | 2 {
  return gate === "open" ? 0 : gate === "closed" ? 1 : 2;
}
