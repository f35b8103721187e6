import { CheckSerializer } from "../../engine/evaluation/check-serializer.ts";
import { ReportWriter } from "../../engine/evaluation/report-checks.ts";
import { evaluate } from "../../engine/evaluation/evaluate.ts";
import type { EvidenceFile } from "../../schema/evidence.generated.ts";
import { type Responder, Evidence } from "../../engine/evaluation/evidence.ts";
import type { Plan } from "../../engine/evaluation/plan.ts";
import type { Check, EvidenceRecord } from "../../schema/report.generated.ts";
import { type VantagePointChecks, worstVantagePoint } from "../../engine/evaluation/worst-vantage-point.ts";
import type { Prober, ProberOptions } from "../../probe/prober.ts";
import type { Site } from "../../site/site.ts";
import { limitsOf } from "../config/config-settings.ts";
import { parseEndpoint } from "../../values/network/endpoint.ts";
import {
  ALLOWED_TARGETS_HINT,
  type AllowedTargets,
  allowedTargetText,
  parseAllowedTargets,
} from "../../values/network/probe-targets.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { Sequence } from "../../values/sequence.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { CheckOptions, LiveOptions, ProbeLimits } from "../options.ts";
import { countedAt, type VantagePolicy } from "./vantage.ts";

interface Observation {
  readonly checks: Sequence<Check>;
  readonly evidence: readonly EvidenceRecord[];
}

/** The site, the plan and the time of an evaluation. */
export interface Context {
  readonly site: Site;
  readonly plan: Plan;
  readonly now: number;
}

/** The evaluation context for a vantage point with these DNS servers. */
type ContextWith = (systemResolvers: readonly string[]) => Context;

/** Evaluates with recordings; without any, by contacting the servers. */
export async function observe(
  options: CheckOptions,
  config: LoadedConfig,
  recordings: readonly EvidenceFile[],
  vantage: VantagePolicy,
  contextWith: ContextWith,
): Promise<Observation & Pick<Context, "site">> {
  const { maxAge_ms = config.settings.max_age.value, systemResolvers: given = [] } = options;
  const context = contextWith(given);
  const { site } = context;
  if (recordings.length === 0) return { ...(await observeLive(options, config, vantage, context)), site };
  const contextAt: ContextWith = (own) => (own.length > 0 ? contextWith(own) : context);
  return { ...(await observeRecorded(recordings, maxAge_ms, vantage, contextAt)), site };
}

async function observeLive(
  options: LiveOptions & Pick<CheckOptions, "timer">,
  config: LiveConfig,
  vantage: VantagePolicy,
  context: Context,
): Promise<Observation> {
  const evidence = new Evidence();
  const writer = writerFor(context);
  const { responder, close } = liveResponder(options, config, context);
  const evaluated = await evaluate(context.plan, {
    ...context,
    responder,
    evidence,
    timer: options.timer,
    beforeQueries: (_, outcomes) => writer.writeAhead(context.plan, outcomes),
  }).finally(close);
  return writer.write(countedAt(options.from ?? "local", evaluated, vantage).evaluated, evidence);
}

/**
 * Evaluates once for each vantage point; the worst verdict counts. For its resolvers, see
 * `EvidenceFile.system_resolvers`.
 */
async function observeRecorded(
  files: readonly EvidenceFile[],
  maxAge_ms: number | null,
  vantage: VantagePolicy,
  contextWith: ContextWith,
): Promise<Observation> {
  const { replay } = await import("../../probe/replay.ts");
  const vantagePoints: VantagePointChecks[] = [];
  let records: readonly EvidenceRecord[] = [];
  for (const from of new Set(files.map((file) => file.from))) {
    const ofPlace = files.filter((file) => file.from === from);
    const answers = ofPlace.flatMap((file) => file.answers);
    const context = contextWith(systemResolversOf(ofPlace));
    const evidence = new Evidence();
    const responder = replay(answers, { from, now: context.now, maxAge_ms });
    const { evaluated, elsewhere } = countedAt(
      from,
      await evaluate(context.plan, { ...context, responder, evidence }),
      vantage,
    );
    const seen = writerFor(context).write(evaluated, evidence, records.length + 1);
    vantagePoints.push({ from, checks: seen.checks, elsewhere });
    records = [...records, ...seen.evidence];
  }
  return { checks: worstVantagePoint(vantagePoints, vantage), evidence: records };
}

function writerFor({ site }: Context): ReportWriter {
  return new ReportWriter(new CheckSerializer((subject) => site.relations.deploymentReferenceTo(subject)));
}

/** The DNS servers of the vantage point itself, from its newest recording that used any. */
export function systemResolversOf(files: readonly EvidenceFile[]): readonly string[] {
  const newest = files
    .filter((file) => file.system_resolvers !== undefined)
    .reduce<EvidenceFile | null>((a, b) => (a !== null && a.recorded_at > b.recorded_at ? a : b), null);
  return newest?.system_resolvers ?? [];
}

/** The settings that determine how servers are contacted, besides options. */
type LiveConfig = Pick<LoadedConfig, "settings" | "isNamed">;

/**
 * Addresses that may be contacted besides the usual targets. Throws PreflightErrors for an invalid option or setting.
 */
export function allowedTargets(
  { allowProbe = [], systemResolvers = [] }: Pick<LiveOptions, "allowProbe" | "systemResolvers">,
  { settings, isNamed }: LiveConfig,
): readonly AllowedTargets[] {
  // A discovered config may have been written by the author of the deployment.
  const given = [...allowProbe, ...(isNamed ? settings.probe_allow.value : [])];
  const own = systemResolvers.flatMap((resolver) => {
    const endpoint = parseEndpoint(resolver, 53);
    return endpoint === null ? [] : [allowedTargetText(endpoint.host, endpoint.port)];
  });
  return [...given, ...own].map((text) => {
    const targets = parseAllowedTargets(text);
    if (targets !== null) return targets;
    const message = `${quoted(text)} is not a valid address range for live checks.`;
    throw new PreflightErrors([new PreflightError("usage", message, null, ALLOWED_TARGETS_HINT)]);
  });
}

/** A responder that contacts servers, and the function that closes its connections. */
interface LiveResponder {
  readonly responder: Responder;
  readonly close: () => void;
}

/** Contacts servers. The probes are loaded at the first query of a rule. */
export function liveResponder(options: LiveOptions, config: LiveConfig, context: Context): LiveResponder {
  const { from, probe = {}, signal, interruptible = directly, onProgress } = options;
  const allow = allowedTargets(options, config);
  let made: Promise<{ readonly prober: Prober; readonly responder: Responder }> | null = null;
  const make = async () => {
    const { createProber } = await import("../../probe/prober.ts");
    const prober = createProber({
      ...probeSettings(probe, limitsOf(config.settings)),
      allow,
      now: context.now,
      ca: context.site.certificateAuthorities,
      ...(from !== undefined && { from }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    const { withFollowUps } = await import("./follow-ups.ts");
    return { prober, responder: await withFollowUps(prober, context) };
  };
  return {
    responder: (questions, answered) =>
      interruptible(async () => (await (made ??= make())).responder(questions, answered)),
    close: () => void made?.then(({ prober }) => prober.close()),
  };
}

const directly: NonNullable<LiveOptions["interruptible"]> = (work) => work();

/**
 * Timeout of a TCP connection and of a TLS handshake relative to that of a datagram, with the ratio of their defaults.
 */
const TCP_FACTOR = 1.5;
const TLS_FACTOR = 2.5;

/** The same for the prober: options, else the config; the prober has defaults for the others. */
export function probeSettings(
  given: ProbeLimits,
  config: ProbeLimits,
): Pick<ProberOptions, "timeout_ms" | "tries" | "concurrency" | "deadline_ms"> {
  const timeout = given.timeout_ms ?? config.timeout_ms;
  const retries = given.retries ?? config.retries;
  const deadline_ms = given.deadline_ms ?? config.deadline_ms;
  const most = given.concurrency ?? config.concurrency;
  return {
    ...(timeout !== undefined && {
      timeout_ms: {
        dns: timeout,
        ntp: timeout,
        tcp: timeout * TCP_FACTOR,
        tls: timeout * TLS_FACTOR,
        vsphere: timeout * TLS_FACTOR,
      },
    }),
    ...(retries !== undefined && { tries: retries + 1 }),
    ...(deadline_ms !== undefined && { deadline_ms }),
    ...(most !== undefined && { concurrency: { dns: most, ntp: most, tcp: most, tls: most, vsphere: most } }),
  };
}
