import { resolve } from "node:path";
import { compareWithPlan } from "../engine/gate/baseline.ts";
import { decideGate, exitCode } from "../engine/gate/gate.ts";
import { asStrict, type EnabledRule, plan } from "../engine/evaluation/plan.ts";
import type { NewWaivers } from "../engine/waivers/new-waivers.ts";
import { withRootCauses } from "../engine/evaluation/root-causes.ts";
import { policyRecord } from "../engine/policy/policy-record.ts";
import type {
  Baseline,
  Check,
  EvidenceRecord,
  PolicyRecord,
  ReportError,
  RuleDescription,
  RunReport,
  WaiverRecord,
} from "../schema/report.generated.ts";
import type { Site } from "../site/site.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { excerptLocations } from "../report/model/excerpt-places.ts";
import { excerpts } from "../report/model/excerpts.ts";
import { repositoryUri } from "../input/files/repository-uri.ts";
import { readEvidence, type ReadEvidence } from "../input/files/read-evidence.ts";
import { limitsOf } from "./config/config-settings.ts";
import { directivesOf, readExceptions, waive } from "./exceptions/read-exceptions.ts";
import type { CheckOptions } from "./options.ts";
import { observeLive, type Context, observeRecorded } from "./live/observe.ts";
import { type LiveInventory, liveInventory } from "./inputs/live-inventory.ts";
import { type ReadRun, readRun } from "./read-run.ts";
import type { ReadInput } from "./inputs/read-input.ts";
import { topologyOf } from "./topology.ts";
import { version } from "./version.ts";

/** A report; and the mistakes with all their places, with the text of the inputs, for whoever shows them at once. */
export interface CheckResult {
  readonly report: RunReport;
  readonly sources: ReadonlyMap<string, string>;
  readonly errors: readonly PreflightError[];
  /** What `newWaivers` asked for, and the file where it belongs (not written yet); null when nothing is to be written. */
  readonly newWaivers: (NewWaivers & { readonly file: string }) | null;
}

/**
 * Reads, plans, asks, judges. Throws PreflightErrors for options that make no sense; mistakes in files are part of the
 * report, which then has no checks and the exit code 2.
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const startedAt = timeOf(options.now);
  const read = await readRun(options);
  const { siteWith, config } = read;
  const exceptions = await readExceptions(options, config);
  const recorded = siteWith === null ? [] : await readRecordings(options);
  const inline = directivesOf(read.documents, options, config);
  const errors = [
    ...read.errors,
    ...exceptions.errors,
    ...inline.errors,
    ...recorded.flatMap((recording) => recording.errors),
  ];
  const sources = new Map([
    ...read.sources,
    ...exceptions.sources,
    ...recorded.map(({ path, text }) => [path, text] as const),
  ]);
  const inputs = [...read.inputs, ...exceptions.inputs, ...recorded.flatMap(evidenceInput)];
  options.onFiles?.([
    ...read.files,
    ...[...exceptions.inputs, ...recorded].map(({ path }) => resolve(options.cwd, path)),
    ...[exceptions.file ?? []].flat().map((file) => resolve(options.cwd, file)),
  ]);
  const frame = { options, read: { ...read, sources, inputs }, startedAt };
  const nothing = { checks: [], evidence: [], policy: { off: [], unmatched: [] }, waivers: [], baseline: null };
  if (siteWith === null || errors.length > 0) {
    return { ...assemble(frame, nothing, errors, null), newWaivers: null };
  }

  const live = await readLive(options);
  if (live !== null && live.error !== null) {
    return { ...assemble(frame, nothing, [live.error], null), newWaivers: null };
  }
  const whole = live === null ? frame : { ...frame, read: { ...frame.read, inputs: [...inputs, live.input] } };

  const contextWith = (systemResolvers: readonly string[]): Context => {
    const site = siteWith(systemResolvers, live === null ? [] : [live.document]);
    return { site, checks: plan(config.enabled, site), now: startedAt };
  };
  const recordings = recorded.flatMap(({ evidence }) => evidence ?? []);
  const context = contextWith(options.systemResolvers ?? []);
  const limits = limitsOf(config.settings);
  const seen =
    recordings.length > 0
      ? await observeRecorded(recordings, options.maxAge_ms ?? null, (own) =>
          own.length > 0 ? contextWith(own) : context,
        )
      : await observeLive(options, limits, context);
  const interruption = options.signal?.aborted === true ? [interrupted()] : [];
  const policy = policyRecord(config.policy, context.site);
  const entries = [...exceptions.waivers, ...inline.entries];
  const isWhole = interruption.length === 0 && !seen.checks.some(({ verdict }) => verdict === "crashed");
  const terms = isWhole ? options.newWaivers : undefined;
  const { added, ...waived } = waive(seen.checks, entries, {
    rules: config.policy.catalogue.rules,
    now: startedAt,
    terms,
  });
  const baseline = exceptions.approved === null ? null : compareWithPlan(exceptions.approved, waived.checks);
  const checks = withRootCauses(waived.checks);
  const evaluated = { checks, evidence: seen.evidence, policy, waivers: waived.records, baseline };
  const newWaivers = added === null || exceptions.file === null ? null : { ...added, file: exceptions.file };
  return { ...assemble(whole, evaluated, interruption, context.site), newWaivers };
}

/** Callers without types may give a text or a Date, by which every certificate would seem valid. */
function timeOf(now: number | null): number {
  if (now === null) return Date.now();
  if (Number.isFinite(now)) return now;
  const hint = "give what Date.parse returns, or leave it out";
  throw new PreflightErrors([new PreflightError("usage", "now must be a number of ms since 1970.", null, hint)]);
}

function readLive({ vcenter, onRead, signal }: CheckOptions): Promise<LiveInventory | null> {
  if (vcenter === undefined) return Promise.resolve(null);
  const never = new AbortController().signal;
  return liveInventory({ ...vcenter, signal: signal ?? never, ...(onRead && { onProgress: onRead }) });
}

interface Frame {
  readonly options: CheckOptions;
  readonly read: ReadRun;
  readonly startedAt: number;
}

function assemble(
  { options, read, startedAt }: Frame,
  evaluated: {
    readonly checks: readonly Check[];
    readonly evidence: readonly EvidenceRecord[];
    readonly policy: Pick<PolicyRecord, "off" | "unmatched">;
    readonly waivers: readonly WaiverRecord[];
    readonly baseline: Baseline | null;
  },
  errors: readonly PreflightError[],
  site: Site | null,
): Omit<CheckResult, "newWaivers"> {
  const { enabled, settings } = read.config;
  const { inconclusive = settings.inconclusive.value, maxWarnings = settings.max_warnings.value } = options;
  const unplanned = evaluated.baseline?.missing ?? [];
  const { summary, blockers } = decideGate(
    { checks: evaluated.checks, errors: errors.length, unplanned },
    { inconclusive, maxWarnings },
  );
  const uri = repositoryUri(options.cwd, options.deployment);
  const found = {
    inputs: read.inputs.map(({ kind, path, sha256 }) => ({ kind, path, uri: uri(path), sha256 })),
    checks: evaluated.checks,
    waivers: evaluated.waivers,
    policy: { inconclusive, max_warnings: maxWarnings, ...evaluated.policy },
    errors: errors.map(reportError),
  };
  const report: RunReport = {
    schema_version: 1,
    tool: { name: "infinity-preflight", version },
    // Without a site no limit was applied.
    profile: site?.profile.name ?? "v25",
    mode: !options.live ? "static" : (options.evidence ?? []).length > 0 ? "replay" : "live",
    exit_code: exitCode(summary.gate),
    started_at: new Date(startedAt).toISOString(),
    ended_at: new Date(options.now ?? Date.now()).toISOString(),
    inputs: found.inputs,
    summary,
    blockers,
    topology: site === null ? null : topologyOf(site),
    checks: found.checks,
    evidence: evaluated.evidence,
    waivers: found.waivers,
    policy: found.policy,
    baseline: evaluated.baseline,
    rules: enabled.map(describe),
    errors: found.errors,
    excerpts: excerpts(excerptLocations(found), read.sources),
  };
  return { report, sources: read.sources, errors };
}

async function readRecordings({ evidence = [], cwd, stdin }: CheckOptions): Promise<readonly ReadEvidence[]> {
  const read: ReadEvidence[] = [];
  for (const path of evidence) read.push(await readEvidence(path, { cwd, ...(stdin && { stdin }) }));
  return read;
}

function evidenceInput({ path, sha256 }: ReadEvidence): readonly ReadInput[] {
  return sha256 === null ? [] : [{ kind: "evidence", path, sha256 }];
}

function describe({ rule, severity: set, strict = false }: EnabledRule): RuleDescription {
  const { id, title, source, remediation, since } = rule;
  const own = set ?? rule.severity;
  return { id, title, severity: strict ? asStrict(own) : own, live: rule.live === true, source, remediation, since };
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
