import { decideGate, exitCode } from "./gate.ts";
import type { Blocker, RunReport, Summary } from "../../schema/report.generated.ts";

/**
 * The first contradiction in a report, as one sentence; null if there is none. Reports of this program have none; one
 * that was edited by hand may have one, and must not show a gate that passed beside a failed check.
 */
export function contradiction(report: RunReport): string | null {
  const { summary, blockers, checks, errors, rules, baseline, policy } = report;
  const expected = decideGate(
    { checks, errors: errors.length, baseline },
    { inconclusive: policy.inconclusive, maxWarnings: policy.max_warnings },
  );
  for (const key of Object.keys(expected.summary) as (keyof Summary)[]) {
    // Another version may have other words for the same reason.
    if (key === "gate" || key === "gate_reason" || summary[key] === expected.summary[key]) continue;
    return `its summary has ${key} ${String(summary[key])}, but its checks result in ${String(expected.summary[key])}`;
  }
  if (summary.gate !== expected.summary.gate) {
    return `its summary has the gate ${summary.gate}, its checks and policy result in ${expected.summary.gate}`;
  }
  if (identity(blockers) !== identity(expected.blockers)) {
    return "its blockers are not the checks that fail its gate";
  }
  if (report.exit_code !== exitCode(summary.gate)) {
    return `its gate is ${summary.gate}, but its exit code is ${report.exit_code}`;
  }
  const ids = new Set(rules.map(({ id }) => id));
  if (ids.size !== rules.length) return "it describes a rule twice";
  const undescribed = checks.find(({ rule }) => !ids.has(rule));
  return undescribed === undefined ? null : "it has a check of a rule that it does not describe";
}

/** The content of blockers, without their wording. */
function identity(blockers: readonly Blocker[]): string {
  return JSON.stringify(
    blockers.map(({ kind, checks }) => [
      kind,
      ...checks.map(({ rule, subject }) => [rule, subject.kind, subject.name]),
    ]),
  );
}
