import { reportChecks } from "../engine/checks.ts";
import { evaluate } from "../engine/evaluate.ts";
import { Evidence } from "../engine/evidence.ts";
import { exitCode, type GatePolicy, summarise } from "../engine/gate.ts";
import { type EnabledRule, plan } from "../engine/plan.ts";
import type { Check, EvidenceRecord, ReportError, RuleDescription, RunReport } from "../engine/run-report.ts";
import { Site } from "../site/site.ts";
import { PreflightError } from "../values/preflight-error.ts";
import type { Asker } from "../engine/evidence.ts";
import type { Prober, ProbeProgress } from "../probe/prober.ts";
import { rules } from "../../rules/index.generated.ts";
import { enabledRules, type RuleChoice } from "./enabled-rules.ts";
import { type InputFiles, type ReadInputs, readInputs } from "./read-documents.ts";
import { version } from "./version.ts";

export interface CheckOptions extends InputFiles, RuleChoice, GatePolicy {
  /** What time it is taken to be, ms since 1970; null = the clock at the start. Reports then carry this time alone. */
  readonly now: number | null;
  /** Ends the asking; what is there is judged and reported, and the report says that the run was interrupted. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProbeProgress) => void;
}

/** A report, with the text of its inputs for code frames and the mistakes in them with all their places. */
export interface CheckResult {
  readonly report: RunReport;
  readonly sources: ReadonlyMap<string, string>;
  readonly errors: readonly PreflightError[];
}

/**
 * Reads, plans, asks, judges. Throws PreflightErrors for options that make no sense; mistakes in files are part of the
 * report, which then has no checks and the exit code 2.
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const enabled = enabledRules(rules, options);
  const startedAt = options.now ?? Date.now();
  const read = await readInputs(options);
  const frame = { options, enabled, read, startedAt };
  if (read.documents === null) return assemble(frame, { checks: [], evidence: [] }, read.errors, "v25");

  const site = new Site(read.documents.deployment, read.documents.inventories);
  const evidence = new Evidence();
  const ask = prober(options, startedAt);
  const judged = await evaluate(plan(enabled, site), { site, now: startedAt, asker: ask, evidence });
  const errors = options.signal?.aborted === true ? [interrupted()] : [];
  return assemble(frame, reportChecks(judged, evidence), errors, site.profile.name);
}

interface Frame {
  readonly options: CheckOptions;
  readonly enabled: readonly EnabledRule[];
  readonly read: ReadInputs;
  readonly startedAt: number;
}

function assemble(
  { options, enabled, read, startedAt }: Frame,
  judged: { readonly checks: readonly Check[]; readonly evidence: readonly EvidenceRecord[] },
  errors: readonly PreflightError[],
  profile: string,
): CheckResult {
  const summary = summarise(judged.checks, errors.length, options);
  const report: RunReport = {
    schema_version: 1,
    tool: { name: "infinity-preflight", version },
    profile,
    mode: options.live ? "live" : "static",
    exit_code: exitCode(summary.gate),
    started_at: new Date(startedAt).toISOString(),
    ended_at: new Date(options.now ?? Date.now()).toISOString(),
    inputs: read.inputs,
    summary,
    checks: judged.checks,
    evidence: judged.evidence,
    rules: enabled.map(describe),
    errors: errors.map(reportError),
  };
  return { report, sources: read.sources, errors };
}

/** Loads the probes only when a rule asks for the first time. */
function prober({ signal, onProgress }: CheckOptions, now: number): Asker {
  let made: Promise<Prober> | null = null;
  const make = async () => {
    const { createProber } = await import("../probe/prober.ts");
    return createProber({ now, ...(signal && { signal }), ...(onProgress && { onProgress }) });
  };
  return async (questions) => (await (made ??= make())).ask(questions);
}

function describe({ rule, severity }: EnabledRule): RuleDescription {
  const { id, title, source, remediation, since } = rule;
  return { id, title, severity: severity ?? rule.severity, live: rule.live === true, source, remediation, since };
}

function reportError({ code, message, location, hint }: PreflightError): ReportError {
  return { code, message, location, hint };
}

function interrupted(): PreflightError {
  return new PreflightError(
    "interrupted",
    "The run was interrupted, so not every server was asked.",
    null,
    "run it again",
  );
}
