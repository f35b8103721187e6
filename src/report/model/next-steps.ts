import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Blocker, Check, RunReport } from "../../schema/report.generated.ts";
import { gapsOf } from "./gaps.ts";
import { blockingChecks, unexplained } from "./inconclusive-groups.ts";
import { counted, listed, escapeForTerminal, thousands } from "../text/wording.ts";

const RULES_NAMED = 3;
const GAPS_NAMED = 2;

/** What would make the gate pass, as phrases, within each kind the step for most checks first; empty if it passed. */
export function nextSteps(report: RunReport): readonly string[] {
  const has = (kind: Blocker["kind"]) => report.blockers.some((blocker) => blocker.kind === kind);
  const isBlocking = blockingChecks(report);
  return [
    ...(has("errors") ? ["correct the errors in the files; with any there is no verdict"] : []),
    ...(has("nothing-evaluated") ? [nothingEvaluated(report)] : []),
    ...failures(checksWith(report.checks, "fail").filter(isBlocking)),
    ...supplies(unexplained(report).filter(isBlocking)),
    ...(has("baseline")
      ? ["evaluate again what is missing or relaxed since the approved plan, or approve a new plan"]
      : []),
  ];
}

/** The next step of a run without errors in which no check was evaluated. */
function nothingEvaluated({ summary, checks }: RunReport): string {
  if (summary.planned === 0) return "enable rules: all of them are off";
  if (summary.skipped === 0) return "add to the files: no rule applies to their contents";
  const options = new Set(checks.flatMap(({ reason }) => /--[a-z-]+/.exec(reason ?? "")?.[0] ?? []));
  return `omit ${listed([...options].sort())}, or select other rules: no check is left to evaluate`;
}

function failures(failed: readonly Check[]): string[] {
  if (failed.length === 0) return [];
  const roots = failed.filter(({ root_causes }) => root_causes.length === 0);
  const errors = roots.filter(({ severity }) => severity === "error").length;
  const warnings = roots.length - errors;
  const what = listed([
    ...(errors > 0 ? [counted(errors, roots.length < failed.length ? "root cause" : "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ]);
  return [`fix ${what}: ${tally(rulesOf(roots), RULES_NAMED)}; preflight rules show ID explains a rule`];
}

function supplies(open: readonly Check[]): string[] {
  if (open.length === 0) return [];
  const gaps = gapsOf(open).map(({ what, checks }) => [what, checks.length] as const);
  const noun = open.every(({ severity }) => severity === "error") ? "required check" : "check";
  return [`provide the missing values for ${counted(open.length, noun)}: ${tally(gaps, GAPS_NAMED)}`];
}

type Count = readonly [what: string, count: number];

/** Rules by number of failed checks, the most first. */
function rulesOf(checks: readonly Check[]): Count[] {
  const counts = new Map<string, number>();
  for (const { rule } of checks) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** `a (301), b (3), c and 4 more`: gaps are phrases that may contain commas and semicolons, so counts separate them. */
function tally(counts: readonly Count[], most: number): string {
  const isAlone = counts.length === 1;
  const named = counts
    .slice(0, most)
    .map(([what, count]) => (isAlone ? escapeForTerminal(what) : `${escapeForTerminal(what)} (${thousands(count)})`))
    .join(", ");
  const rest = counts.length - most;
  return rest > 0 ? `${named} and ${thousands(rest)} more` : named;
}
