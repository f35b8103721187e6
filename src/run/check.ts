import { checksWith } from "../engine/evaluation/check-table.ts";
import { type EnabledRule, plan } from "../engine/evaluation/plan.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import type { Document } from "../site/core/document.ts";
import { displayPath } from "../input/source/read-source.ts";
import { assertMemoryForChecks } from "../input/source/budget.ts";
import { readEvidence } from "../input/files/read-evidence.ts";
import { merge, NO_INPUTS, onlyErrors, type Read, withoutTexts } from "../input/source/run-inputs.ts";
import type { Site } from "../site/site.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { applyExceptions } from "./exceptions/apply-exceptions.ts";
import { gatePolicy } from "./config/relaxed.ts";
import { readExceptions } from "./exceptions/read-exceptions.ts";
import { vantageNotes } from "./live/vantage.ts";
import { readLiveInventory } from "./inputs/live-inventory.ts";
import { readRun, type SiteOrigin } from "./read-run.ts";
import { observe, systemResolversOf } from "./live/observe.ts";
import type { CheckOptions, CheckResult } from "./options.ts";
import { runReport } from "./report.ts";
import type { Recording } from "./sources.ts";

/**
 * Reads, plans, contacts servers, evaluates. Throws PreflightErrors for invalid options; errors in files are part of
 * the report, which then has no checks and the exit code 2.
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const { report, inputs, newWaivers, basis } = await checkWithSite(options);
  const result = { report, inputs, newWaivers };
  bases.set(result, basis);
  return result;
}

/** Stored separately, as a result is plain data. */
const bases = new WeakMap<CheckResult, RunBasis | null>();

/** The basis of a result of `check`; null for other results, and if a file has errors. */
export function basisOf(result: CheckResult): RunBasis | null {
  return bases.get(result) ?? null;
}

/** The site and settings with which a run was evaluated, for results derived from it afterward. */
export interface RunBasis {
  readonly origin: SiteOrigin;
  readonly enabled: readonly EnabledRule[];
  /** DNS servers of the vantage point. */
  readonly systemResolvers: readonly string[];
  readonly now: number;
}

/** A result with its basis; null if a file has errors. */
export interface ResultWithBasis extends CheckResult {
  readonly basis: RunBasis | null;
}

/** Like `check`, with the basis of the run. */
export async function checkWithBasis(options: CheckOptions): Promise<ResultWithBasis> {
  const { report, inputs, newWaivers, basis } = await checkWithSite(options);
  return { report, inputs, newWaivers, basis };
}

/** Like `check`, with the site that was evaluated; null if a file has errors. */
export async function checkWithSite(options: CheckOptions): Promise<ResultWithBasis & { readonly site: Site | null }> {
  const startedAt = timeOf(options.now);
  const { config, siteWith, origin, documents, account, deployment, ignored, inputs: read } = await readRun(options);
  const start = { options, config, ignored, startedAt };
  const exceptions = await readExceptions(options, config, documents);
  const recordings = siteWith === null ? NO_RECORDINGS : await readRecordings(options);
  const listedBy = options.listedBy === undefined ? NO_INPUTS : { ...NO_INPUTS, hashes: [options.listedBy] };
  const files = merge(read, exceptions.inputs, recordings.inputs, listedBy);
  options.onFiles?.(files.reserved);
  const live = files.errors.length > 0 ? { value: [], inputs: NO_INPUTS } : await readLiveInventory(options, account);
  const all = merge(files, live.inputs);
  const inputs = options.excerpts === false ? withoutTexts(all) : all;
  if (siteWith === null || deployment === null || inputs.errors.length > 0) {
    return { report: runReport(start, inputs, null), inputs, newWaivers: null, site: null, basis: null };
  }
  options.timer?.phase("read files");
  const recorded = recordings.value.map(({ file }) => file);
  const policy = { deployment, isRequired: options.requireVantage ?? false };
  const observed = await observe(options, config, recorded, policy, (systemResolvers) => {
    const site = siteWith(systemResolvers, live.value);
    const planned = plan(config.enabled, site);
    assertMemoryForChecks(planned.counts);
    options.timer?.phase("link and plan");
    return { site, plan: planned, now: startedAt };
  });
  options.timer?.phase("evaluate, with queries");
  const vantage = vantageNotes(observed.checks, { ...policy, evidence: observed.evidence });
  const seen = { ...observed, vantage };
  const ended = merge(inputs, onlyErrors(options.signal?.aborted === true ? [interrupted()] : []));
  const isWhole = ended.errors.length === 0 && checksWith(seen.checks, "crashed").length === 0;
  const terms = isWhole ? options.newWaivers : undefined;
  const { newWaivers, ...waived } = applyExceptions(seen.checks, exceptions, {
    config,
    gate: gatePolicy(options, config),
    site: seen.site,
    now: startedAt,
    terms,
  });
  const report = runReport(start, ended, { ...seen, ...waived, recordings: recordings.value });
  options.timer?.phase("make the report");
  const basis = origin === null ? null : runBasis(origin, live.value);
  return { report, inputs: ended, newWaivers, site: seen.site, basis };

  function runBasis({ sources, siteFrom }: SiteOrigin, more: readonly Document<Inventory>[]): RunBasis {
    const systemResolvers = recorded.length > 0 ? systemResolversOf(recorded) : (options.systemResolvers ?? []);
    const own = { ...sources, inventories: [...sources.inventories, ...more] };
    return { origin: { sources: own, siteFrom }, enabled: config.enabled, systemResolvers, now: startedAt };
  }
}

/** Untyped callers may pass a string or a Date, with which every certificate would seem valid. */
function timeOf(now: number | null): number {
  if (now === null) return Date.now();
  if (Number.isFinite(now)) return now;
  const hint = "pass a value as returned by Date.parse, or omit it";
  throw new PreflightErrors([new PreflightError("usage", "now must be a number of ms since 1970.", null, hint)]);
}

const NO_RECORDINGS: Read<readonly Recording[]> = { value: [], inputs: NO_INPUTS };

/** The evidence files of a run. */
export async function readRecordings({
  evidence = [],
  cwd,
  stdin,
}: Pick<CheckOptions, "evidence" | "cwd" | "stdin">): Promise<Read<readonly Recording[]>> {
  const read: Read<Recording | null>[] = [];
  for (const given of evidence) {
    const { value: file, inputs } = await readEvidence(given, { cwd, stdin });
    read.push({ value: file === null ? null : { path: displayPath(given, cwd), file }, inputs });
  }
  return { value: read.flatMap(({ value }) => value ?? []), inputs: merge(...read.map(({ inputs }) => inputs)) };
}

function interrupted(): PreflightError {
  const message = "The run was interrupted; run again to query the rest.";
  return new PreflightError("interrupted", message, null);
}
