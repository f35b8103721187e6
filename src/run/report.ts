import { asStrict, type EnabledRule } from "../engine/evaluation/plan.ts";
import { decideGate, exitCode } from "../engine/gate/gate.ts";
import { policyRecord } from "../engine/policy/policy-record.ts";
import type {
  Baseline,
  Check,
  EvidenceRecord,
  IgnoredSetting,
  ReportError,
  RuleDescription,
  RunReport,
  WaiverRecord,
} from "../schema/report.generated.ts";
import { repositoryUri } from "../input/files/repository-uri.ts";
import { displayPath } from "../input/source/read-source.ts";
import type { InputHash, RunInputs } from "../input/source/run-inputs.ts";
import { excerptLocations } from "../report/model/excerpt-places.ts";
import { excerpts } from "../report/model/excerpts.ts";
import type { Site } from "../site/site.ts";
import type { PreflightError } from "../values/preflight-error.ts";
import type { Sequence } from "../values/sequence.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { gatePolicy, relaxedBy } from "./config/relaxed.ts";
import { policySource } from "./config/policy-source.ts";
import type { CheckOptions } from "./options.ts";
import { dataSources, type Recording } from "./sources.ts";
import { topologyOf } from "./topology.ts";
import { version } from "./version.ts";

/** The state of a run before it evaluates. */
export interface RunStart {
  readonly options: CheckOptions;
  readonly config: LoadedConfig;
  readonly ignored: readonly IgnoredSetting[];
  /** In ms since 1970. */
  readonly startedAt: number;
}

/** The results of a run. */
export interface Evaluated {
  readonly site: Site;
  readonly checks: Sequence<Check>;
  readonly evidence: readonly EvidenceRecord[];
  readonly waivers: readonly WaiverRecord[];
  readonly baseline: Baseline | null;
  readonly recordings: readonly Recording[];
  readonly vantage: readonly string[];
}

/** The report of a run; `evaluated` is null if its files have errors, and it has no verdict. */
export function runReport(
  { options, config, ignored, startedAt }: RunStart,
  inputs: RunInputs,
  evaluated: Evaluated | null,
): RunReport {
  const { enabled } = config;
  const {
    site = null,
    checks = [],
    evidence = [],
    waivers = [],
    baseline = null,
    recordings = [],
    vantage = [],
  } = evaluated ?? {};
  const gate = gatePolicy(options, config);
  const { summary, blockers } = decideGate({ checks, errors: inputs.errors.length, baseline }, gate);
  const subjects = site === null ? { off: [], unmatched: [] } : policyRecord(config.policy, site);
  const uri = repositoryUri(options.cwd, options.deployment);
  const located = {
    inputs: inKindOrder(inputs.hashes).map(({ kind, path, sha256 }) => ({ kind, path, uri: uri(path), sha256 })),
    checks,
    waivers,
    policy: {
      source: policySource(config, inputs, options.cwd),
      ignored,
      changed: relaxedBy(options, config, site),
      inconclusive: gate.inconclusive,
      max_warnings: gate.maxWarnings,
      ...subjects,
    },
    errors: inputs.errors.map(reportError),
  };
  return {
    schema_version: 1,
    tool: { name: "infinity-preflight", version },
    // Without a site, no limit was applied.
    profile: site?.profile.name ?? "v25",
    mode: !options.live ? "static" : (options.evidence ?? []).length > 0 ? "replay" : "live",
    exit_code: exitCode(summary.gate),
    started_at: new Date(startedAt).toISOString(),
    ended_at: new Date(options.now ?? Date.now()).toISOString(),
    inputs: located.inputs,
    as_of: options.now === null ? null : new Date(options.now).toISOString(),
    sources: site === null ? [] : dataSources(site, recordings, { now: startedAt, found: foundPath(options) }),
    summary,
    blockers,
    topology: site === null ? null : topologyOf(site),
    checks,
    evidence,
    waivers,
    policy: located.policy,
    ...(vantage.length > 0 && { vantage }),
    ...provenanceOf(options),
    baseline,
    rules: enabled.map(describe),
    errors: located.errors,
    // Without texts there are no lines to extract.
    excerpts: inputs.texts.size === 0 ? [] : excerpts(excerptLocations(located), inputs.texts),
  };
}

function foundPath({ foundInventory, cwd }: CheckOptions): string | null {
  return foundInventory === undefined ? null : displayPath(foundInventory, cwd);
}

function provenanceOf({ provenance }: CheckOptions): Pick<RunReport, "provenance"> {
  if (provenance === undefined) return {};
  const { runBy, job, ticket } = provenance;
  return { provenance: { run_by: runBy, job, ticket } };
}

const KINDS: readonly InputHash["kind"][] = [
  ...(["deployment", "inventory", "config", "plugin", "waivers", "plan", "evidence", "project"] as const),
];

/** Sorted by kind of file, regardless of the order of reading. */
function inKindOrder(hashes: readonly InputHash[]): readonly InputHash[] {
  return [...hashes].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

function describe({ rule, severity: set, strict = false }: EnabledRule): RuleDescription {
  const { id, title, source, remediation, since, docs } = rule;
  const own = set ?? rule.severity;
  const severity = strict ? asStrict(own) : own;
  const about = docs === undefined ? {} : { docs };
  return { id, title, severity, live: rule.live === true, source, remediation, since, ...about };
}

function reportError({ code, message, location, hint }: PreflightError): ReportError {
  return { code, message, location, hint };
}
