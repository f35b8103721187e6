/*
 * `infinity-preflight`: the program without its command line. Nothing here affects the process: no exit code, no signal
 * handler, no environment, no output. See docs/node-api.md.
 */
import { resolve } from "node:path";
import type { RunReport } from "../schema/report.generated.ts";
import { type FormatName, render } from "../report/format.ts";
import type { FormatOptions } from "../report/format-options.ts";
import { basisOf, check as checkRun } from "./check.ts";
import type { FixedDeployment } from "./fix.ts";
import type { CheckOptions, CheckResult, PlanOptions, ProbeOptions } from "./options.ts";
import { planRun, type PlanResult } from "./plan.ts";
import { probe as probeRun, type ProbeResult } from "./probe.ts";

/** All options except the deployment file are optional, with the defaults of the command line. */
export type Options<All extends { readonly deployment: string }> = Partial<All> & Pick<All, "deployment">;

const nothing = () => ({ inventories: [], cwd: resolve(""), live: true, only: [], severities: [], now: null });

/**
 * Evaluates a deployment: reads its files, contacts the servers (unless `live` is false, or `evidence` is given) and
 * resolves to the report. Errors in files are part of the report; throws PreflightErrors for invalid options.
 */
export function check(options: Options<CheckOptions>): Promise<CheckResult> {
  return checkRun({ ...nothing(), ...options });
}

/** What `check` would evaluate and query, without contacting servers. Throws PreflightErrors for invalid options. */
export function plan(options: Options<PlanOptions>): Promise<PlanResult> {
  return planRun({ ...nothing(), ...options });
}

/** Sends the queries of `check` and records the answers, for `evidence`. Throws PreflightErrors for invalid options. */
export function probe(options: Options<ProbeOptions>): Promise<ProbeResult> {
  return probeRun({ ...nothing(), ...options });
}

/**
 * The deployment's text with the certain fixes of failed static checks, as `--fix` makes them; writes no file and
 * contacts no servers. Null if an input is invalid: `check` reports that. Throws PreflightErrors for invalid options.
 */
export async function fix(options: Options<CheckOptions>): Promise<FixedDeployment | null> {
  // Loaded on demand: few callers use it.
  const { fixDeployment } = await import("./fix.ts");
  return fixDeployment({ ...nothing(), ...options, live: false });
}

/**
 * The report of a result with the values that its checks read, as `--explain` adds them; includes passed checks unless
 * `which` is "failures". Contacts no servers.
 */
export async function explain(result: CheckResult, which: "failures" | "all" = "all"): Promise<RunReport> {
  const { explainedReport } = await import("./proof/explain-checks.ts");
  return explainedReport(result.report, basisOf(result), { which, pageOf: ({ docs }) => docs ?? null });
}

/** A report as text in one of the formats. The defaults are those of a file: no color, 80 columns. */
export async function format(
  report: RunReport,
  name: FormatName,
  options: Partial<FormatOptions> = {},
): Promise<string> {
  return [...(await render(report, name, { color: false, width: 80, quiet: false, ...options }))].join("");
}

export type { FormatName };
export type { CheckOptions, CheckResult, FormatOptions, PlanOptions, PlanResult, ProbeOptions, ProbeResult };
export type { FixedDeployment, FindingFix } from "./fix.ts";
export type { PlanEntry, RunPlan } from "./plan.ts";
export { compareReports, type ReportFile } from "../engine/comparison/compare.ts";
export { pull, type PullOptions } from "./pull.ts";
export type { EvidenceFile } from "../schema/evidence.generated.ts";
export type * from "../schema/report.generated.ts";
export { rules } from "../../rules/index.generated.ts";
export { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
