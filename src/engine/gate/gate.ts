import type { Baseline, Blocker, Check, CheckReference, Gate, Summary } from "../../schema/report.generated.ts";
import type { Sequence } from "../../values/sequence.ts";
import { checksWith, notableChecks, requiredAfterDeployment, verdictCounts } from "../evaluation/check-table.ts";
import { counted, thousands } from "../../values/text/counted.ts";

/** How inconclusive checks and warnings count. */
export interface GatePolicy {
  /** What an inconclusive check does: fail the gate, count as one warning, or nothing. */
  readonly inconclusive: "fail" | "warn" | "ignore";
  /** More warnings than this fail the gate; null = any number is fine. */
  readonly maxWarnings: number | null;
}

/** The inputs of the gate. */
export interface Evaluated {
  readonly checks: Sequence<Check>;
  /** How many errors the run had. */
  readonly errors: number;
  /** What the run falls short of in the approved plan; null when it is compared with none. */
  readonly baseline: Pick<Baseline, "missing" | "relaxed"> | null;
}

export interface GateResult {
  readonly summary: Summary;
  /** Empty when the gate passed. The first ones say why there is no verdict, if there is none. */
  readonly blockers: readonly Blocker[];
}

/**
 * Counts, the gate, and what fails it. Which checks those are is decided here alone; formats read
 * `blockers`. Without a blocker the gate passed. A crash, an error of the run, or a run that evaluated nothing leaves no
 * verdict; anything else fails the gate.
 */
export function decideGate(evaluated: Evaluated, policy: GatePolicy): GateResult {
  const counts = countsOf(evaluated.checks);
  const blockers = blockersOf(evaluated, counts, policy);
  const inconclusive = checksWith(evaluated.checks, "inconclusive");
  const required = inconclusive.filter(({ severity }) => severity === "error").length;
  const gate = gateOf(blockers);
  const partial = counts.skipped > 0;
  const reasons = [reasonOf(gate, blockers, required), afterDeployment(requiredAfterDeployment(evaluated.checks))];
  const gateReason = reasons.filter((reason) => reason !== null).join("; ");
  return { summary: { ...counts, partial, gate, gate_reason: gateReason }, blockers };
}

type Counts = Omit<Summary, "partial" | "gate" | "gate_reason">;

function countsOf(checks: Sequence<Check>): Counts {
  const verdicts = verdictCounts(checks);
  const failed = new Map<Check["severity"], number>();
  let rootErrors = 0;
  for (const { severity, root_causes } of checksWith(checks, "fail")) {
    failed.set(severity, (failed.get(severity) ?? 0) + 1);
    if (severity === "error" && root_causes.length === 0) rootErrors++;
  }
  return {
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
}

function blockersOf({ checks, errors, baseline }: Evaluated, counts: Counts, policy: GatePolicy): readonly Blocker[] {
  const members: Record<CheckEffect, CheckReference[]> = { crashed: [], fail: [], inconclusive: [], warnings: [] };
  const causes = new InconclusiveCauses();
  for (const check of notableChecks(checks)) {
    const effect = effectOf(check, policy);
    if (effect === null) continue;
    members[effect].push({ rule: check.rule, subject: check.subject });
    if (effect === "inconclusive") causes.add(check);
  }
  const { crashed, fail, inconclusive, warnings } = members;
  const isNothingEvaluated = counts.pass + counts.fail + counts.waived + counts.inconclusive === 0;
  const most = policy.maxWarnings;
  const roots = counts.root_errors < counts.errors ? `, ${counted(counts.root_errors, "root cause")}` : "";
  const found: readonly (Blocker | false)[] = [
    crashed.length > 0 && { kind: "crashed", reason: `${counted(crashed.length, "check")} crashed`, checks: crashed },
    errors > 0 && { kind: "errors", reason: `the run had ${counted(errors, "error")}`, checks: [] },
    // Otherwise the crashes and errors say why.
    isNothingEvaluated &&
      crashed.length === 0 &&
      errors === 0 && { kind: "nothing-evaluated", reason: "no check was evaluated", checks: [] },
    fail.length > 0 && { kind: "fail", reason: `${counted(fail.length, "error")}${roots}`, checks: fail },
    inconclusive.length > 0 && {
      kind: "inconclusive",
      reason: `${counted(inconclusive.length, "required check")} inconclusive${causes.text()}`,
      checks: inconclusive,
    },
    most !== null &&
      warnings.length > most && {
        kind: "warnings",
        reason: `${counted(warnings.length, "warning")}, at most ${thousands(most)} allowed`,
        checks: warnings,
      },
    baseline !== null && baselineBlocker(baseline),
  ];
  return found.filter((blocker) => blocker !== false);
}

/** More sets of rules than this, on whose failures checks depend, are counted together. */
const CAUSES_NAMED = 2;

/** Counts inconclusive checks by their causes, each check once, so that the counts add up. */
class InconclusiveCauses {
  #missing = 0;
  #others = 0;
  readonly #dependent = new Map<string, number>();

  add({ because, missing }: Check): void {
    if (because.length > 0) {
      const rules = [...new Set(because.map(({ rule }) => rule))].sort().join(" and ");
      this.#dependent.set(rules, (this.#dependent.get(rules) ?? 0) + 1);
    } else if (missing.length > 0) this.#missing++;
    else this.#others++;
  }

  /** `: 2 need a missing value, 4 depend on cluster/evc-min-sandy-bridge`; empty where no check depends on another one. */
  text(): string {
    if (this.#dependent.size === 0) return "";
    const verb = (count: number, one: string, many: string) => `${thousands(count)} ${count === 1 ? one : many}`;
    const groups = [...this.#dependent].sort(([, a], [, b]) => b - a);
    const named = groups.length > CAUSES_NAMED ? groups.slice(0, CAUSES_NAMED - 1) : groups;
    const rest = groups.slice(named.length).reduce((sum, [, count]) => sum + count, 0);
    const parts = [
      ...(this.#missing === 0 ? [] : [verb(this.#missing, "needs a missing value", "need a missing value")]),
      ...(this.#others === 0 ? [] : [`${thousands(this.#others)} for other reasons`]),
      ...named.map(([rules, count]) => `${verb(count, "depends", "depend")} on ${rules}`),
      ...(rest === 0 ? [] : [`${thousands(rest)} depend on other failed checks`]),
    ];
    return `: ${parts.join(", ")}`;
  }
}

/** Null as false, for use in a list of conditions. */
function baselineBlocker({ missing, relaxed }: NonNullable<Evaluated["baseline"]>): Blocker | false {
  const reasons = [
    ...(missing.length === 0 ? [] : [`${counted(missing.length, "check")} of the approved plan no longer evaluated`]),
    ...(relaxed.length === 0 ? [] : [`${counted(relaxed.length, "setting")} relaxed since the approved plan`]),
  ];
  const references = [...missing, ...relaxed].flatMap(({ rule, subject }) =>
    rule === null || subject === null ? [] : [{ rule, subject }],
  );
  return reasons.length > 0 && { kind: "baseline", reason: reasons.join(", "), checks: references };
}

type CheckEffect = Blocker["kind"] & ("crashed" | "fail" | "inconclusive" | "warnings");

/** The effect of a check on the gate; null if there is none. */
function effectOf({ verdict, severity }: Check, { inconclusive }: GatePolicy): CheckEffect | null {
  if (verdict === "crashed") return "crashed";
  if (severity === "info") return null;
  if (verdict === "fail") return severity === "error" ? "fail" : "warnings";
  if (verdict !== "inconclusive" || inconclusive === "ignore") return null;
  if (inconclusive === "warn") return "warnings";
  return severity === "error" ? "inconclusive" : null;
}

/**
 * The checks that keep the gate from passing: errors and required inconclusive checks, and warnings where there are more than
 * the policy allows. Crashes are not among them.
 */
export function checksAgainstGate(checks: Sequence<Check>, policy: GatePolicy): readonly Check[] {
  const found = [...notableChecks(checks)].map((check) => ({ check, effect: effectOf(check, policy) }));
  const warnings = found.filter(({ effect }) => effect === "warnings").length;
  const isTooMany = policy.maxWarnings !== null && warnings > policy.maxWarnings;
  return found
    .filter(({ effect }) => effect === "fail" || effect === "inconclusive" || (effect === "warnings" && isTooMany))
    .map(({ check }) => check);
}

const WITHOUT_VERDICT: readonly Blocker["kind"][] = ["crashed", "errors", "nothing-evaluated"];

function gateOf(blockers: readonly Blocker[]): Gate {
  if (blockers.length === 0) return "passed";
  return blockers.some(({ kind }) => WITHOUT_VERDICT.includes(kind)) ? "no-verdict" : "failed";
}

/** @param required inconclusive checks of severity error, whether they fail the gate or not */
function reasonOf(gate: Gate, blockers: readonly Blocker[], required: number): string {
  if (gate === "passed") {
    return required === 0
      ? "no required check failed or is inconclusive"
      : `no required check failed; ${counted(required, "required check")} inconclusive, as allowed`;
  }
  const reasons = blockers.map(({ reason }) => reason);
  // Without a verdict, the first cause is the one to remove; what would fail the gate is not final yet.
  return (gate === "no-verdict" ? reasons.slice(0, 1) : reasons).join("; ");
}

/** What a gate cannot cover before the VMs exist. */
function afterDeployment(required: number): string | null {
  if (required === 0) return null;
  const applies = required === 1 ? "applies" : "apply";
  return `${counted(required, "required check")} ${applies} after deployment, then run preflight again`;
}

/** The exit code of a gate. */
export function exitCode(gate: Gate): 0 | 1 | 2 {
  return gate === "passed" ? 0 : gate === "failed" ? 1 : 2;
}
