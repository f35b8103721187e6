import type { Check, RunReport } from "../../schema/report.generated.ts";
import { words, flow } from "../text/flow.ts";
import { gapsOf } from "../model/gaps.ts";
import type { Page } from "./page.ts";
import { unexplained, weighingSeverities } from "../model/inconclusive-groups.ts";
import { counted, listed, escapeForTerminal, thousands } from "../text/wording.ts";

const RULES_NAMED = 3;
const GAPS_NAMED = 2;
const LABEL = "Next: ";

/** What would open the gate, the widest step first within each kind; empty when it is open. */
export function nextSteps(report: RunReport, page: Page): string[] {
  if (report.summary.gate === "open") return [];
  const steps = [
    ...(report.errors.length > 0 ? ["correct the mistakes above; they keep the run from a verdict"] : []),
    ...nothingEvaluated(report),
    ...failures(report),
    ...supplies(report),
    ...((report.baseline?.missing.length ?? 0) > 0
      ? ["judge again what is no longer judged, or have it approved"]
      : []),
  ];
  const room = page.width - LABEL.length;
  return steps.flatMap((step, index) =>
    flow(words(`${step}${index === steps.length - 1 ? "." : ";"}`, room), room).map(
      (line, row) => `${index === 0 && row === 0 ? LABEL : " ".repeat(LABEL.length)}${line}`,
    ),
  );
}

/** A run that broke nowhere and still has no verdict. */
function nothingEvaluated({ summary, checks, errors }: RunReport): string[] {
  if (summary.gate !== "no-verdict" || summary.crashed > 0 || errors.length > 0) return [];
  if (summary.planned === 0) return ["turn rules on: every one of them is off"];
  if (summary.skipped === 0) return ["describe more: no rule applies to what the files name"];
  const options = new Set(checks.flatMap(({ reason }) => /--[a-z-]+/.exec(reason ?? "")?.[0] ?? []));
  return [`leave ${listed([...options].sort())} away, or choose otherwise: nothing is left to judge`];
}

function failures(report: RunReport): string[] {
  const severities = weighingSeverities(report);
  const failed = report.checks.filter(({ verdict, severity }) => verdict === "fail" && severities.includes(severity));
  if (failed.length === 0) return [];
  const noun = severities.includes("warn") ? "warning" : "error";
  return [
    `fix ${counted(failed.length, noun)}: ${tally(rulesOf(failed), RULES_NAMED)}; preflight rules show ID explains a rule`,
  ];
}

function supplies(report: RunReport): string[] {
  const severities = weighingSeverities(report);
  const open = unexplained(report, severities);
  if (open.length === 0) return [];
  const gaps = gapsOf(open).map(({ what, checks }) => [what, checks.length] as const);
  const noun = severities.includes("warn") ? "check" : "required check";
  return [
    `supply what ${counted(open.length, noun)} ${open.length === 1 ? "lacks" : "lack"}: ${tally(gaps, GAPS_NAMED)}`,
  ];
}

type Count = readonly [what: string, count: number];

/** Rules by how many checks they failed, the most first. */
function rulesOf(checks: readonly Check[]): Count[] {
  const counts = new Map<string, number>();
  for (const { rule } of checks) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** `a (301), b (3), c and 4 more`: gaps are phrases with commas and semicolons of their own, counts set them apart. */
function tally(counts: readonly Count[], most: number): string {
  const isAlone = counts.length === 1;
  const named = counts
    .slice(0, most)
    .map(([what, count]) => (isAlone ? escapeForTerminal(what) : `${escapeForTerminal(what)} (${thousands(count)})`))
    .join(", ");
  const rest = counts.length - most;
  return rest > 0 ? `${named} and ${thousands(rest)} more` : named;
}
