import { evaluate, type EvaluatedPlan } from "../engine/evaluation/evaluate.ts";
import type { EvidenceFile } from "../schema/evidence.generated.ts";
import { Evidence } from "../engine/evaluation/evidence.ts";
import { evidenceDigest } from "../engine/evaluation/evidence-digest.ts";
import { serverOf, whyUnasked } from "../engine/evaluation/why-unasked.ts";
import { type EnabledRule, plan } from "../engine/evaluation/plan.ts";
import { type Answer, type Question, questionKey } from "../engine/api/question.ts";
import type { RunInputs } from "../input/source/run-inputs.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { liveResponder } from "./live/observe.ts";
import type { ProbeOptions } from "./options.ts";
import { readRun } from "./read-run.ts";
import { version } from "./version.ts";

/** A recording; null if a file has errors. */
export interface ProbeResult {
  readonly evidence: EvidenceFile | null;
  /**
   * Queries that were not sent: one line for each server and reason with the option that helps, and their number.
   * Excludes those skipped because a DNS server did not answer, and those that would have followed from the answers.
   */
  readonly unasked: ReadonlyMap<string, number>;
  /** Rules that failed with an internal error before they had sent all queries. */
  readonly crashed: readonly string[];
  readonly inputs: RunInputs;
}

/**
 * Sends every query that a check of the same files would send, and records the answers; gives no verdict. Queries that
 * were not sent for lack of time are omitted, so that a later check reports them as not recorded. Throws
 * PreflightErrors for invalid options.
 */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  const startedAt = options.now ?? Date.now();
  const { config, siteWith, inputs } = await readRun({ ...options, live: true });
  options.onFiles?.(inputs.reserved);
  if (siteWith === null) return { evidence: null, unasked: new Map(), crashed: [], inputs };
  const enabled = askingRules(config.enabled);

  const { systemResolvers = [] } = options;
  const site = siteWith(systemResolvers);
  const evidence = new Evidence();
  const context = { site, plan: plan(enabled, site), now: startedAt };
  const { responder, close } = liveResponder(options, config, context);
  const evaluated = await evaluate(context.plan, { ...context, responder, evidence }).finally(close);
  const broken = [...evaluated.plan].filter((_, position) => evaluated.outcomes[position]?.verdict === "crashed");
  const recording = {
    schema_version: 1,
    tool: { name: "infinity-preflight", version },
    from: options.from ?? "local",
    recorded_at: new Date(startedAt).toISOString(),
    ...(systemResolvers.length > 0 && { system_resolvers: systemResolvers }),
    answers: inOrderOfChecks(evaluated, evidence).filter(({ answer }) => isOfThisPlace(answer)),
  } as const;
  return {
    evidence: { ...recording, digest: evidenceDigest(recording) },
    unasked: unaskedByServer(evidence),
    crashed: [...new Set(broken.map(({ enabled: { rule } }) => rule.id))],
    inputs,
  };
}

/** The answers in the order in which checks need them: the order of arrival differs in every run. */
function inOrderOfChecks(
  { questions }: EvaluatedPlan,
  evidence: Evidence,
): readonly { readonly question: Question; readonly answer: Answer }[] {
  const needed = new Set([...questions].sort(([a], [b]) => a - b).flatMap(([, keys]) => keys));
  const others = evidence.records.filter(({ question }) => !needed.has(questionKey(question)));
  return [...[...needed].flatMap((key) => evidence.record(key) ?? []), ...others];
}

function askingRules(enabled: readonly EnabledRule[]): readonly EnabledRule[] {
  const asking = enabled.filter(({ rule, skip }) => rule.live === true && skip === null);
  if (asking.length > 0) return asking;
  const hint = "preflight rules list marks live rules";
  throw new PreflightErrors([
    new PreflightError("usage", "None of the rules is live, so there is nothing to record.", null, hint),
  ]);
}

/**
 * That a vantage point has no route to a server (no IPv6), or that the server is down, is a result; a timeout of the
 * run is not.
 */
function isOfThisPlace({ status, reason }: Answer): boolean {
  return status !== "not-asked" || reason === "own-network-error" || reason === "server-silent";
}

function unaskedByServer({ records }: Evidence): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { question, answer } of records) {
    const why =
      answer.reason === "own-network-error"
        ? `${serverOf(question)}: this machine's network failed or has no route to it`
        : whyUnasked(question, answer);
    if (why !== null) counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return counts;
}
