import { exitCode, summarise } from "./gate.ts";
import type { RunReport, Summary } from "../../schema/report.generated.ts";

const POLICY = { inconclusive: "ignore", maxWarnings: null } as const;

/**
 * Where a report says two things that cannot both be true, as one sentence; null when it nowhere does. A report of this
 * program never does; one that was edited by hand may, and must not show an open gate beside a failed check.
 */
export function contradiction(report: RunReport): string | null {
  const { summary, checks, errors, rules, baseline } = report;
  const unplanned = baseline?.missing.length ?? 0;
  // Counts hold under any policy; what undecided checks and warnings do to the gate is the policy's business.
  const counted = summarise(checks, errors.length, POLICY, unplanned);
  for (const key of Object.keys(counted) as (keyof Summary)[]) {
    if (key === "gate" || key === "gate_reason" || summary[key] === counted[key]) continue;
    return `its summary says ${key} ${String(summary[key])}, its checks ${String(counted[key])}`;
  }
  if (summary.gate !== counted.gate && !(counted.gate === "open" && summary.gate === "closed")) {
    return `its gate is ${summary.gate}, but by its checks it is ${counted.gate}`;
  }
  if (report.exit_code !== exitCode(summary.gate)) {
    return `its gate is ${summary.gate}, but its exit code ${report.exit_code}`;
  }
  const ids = new Set(rules.map(({ id }) => id));
  if (ids.size !== rules.length) return "it describes a rule twice";
  const stranger = checks.find(({ rule }) => !ids.has(rule));
  return stranger === undefined ? null : "it has a check of a rule that it does not describe";
}
