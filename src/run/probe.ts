import { evaluate } from "../engine/evaluate.ts";
import type { EvidenceFile } from "../engine/evidence-file.ts";
import { Evidence } from "../engine/evidence.ts";
import { plan } from "../engine/plan.ts";
import { Site } from "../site/site.ts";
import type { PreflightError } from "../values/preflight-error.ts";
import { rules } from "../../rules/index.generated.ts";
import { enabledRules, type RuleChoice } from "./enabled-rules.ts";
import { type AskOptions, liveAsker } from "./observe.ts";
import { type InputFiles, readInputs } from "./read-documents.ts";
import { version } from "./version.ts";

export interface ProbeOptions extends InputFiles, AskOptions, Pick<RuleChoice, "only" | "severities"> {
  /** What time it is taken to be, ms since 1970; null = the clock at the start. */
  readonly now: number | null;
}

/** What was recorded; null when a file has mistakes. */
export interface ProbeResult {
  readonly evidence: EvidenceFile | null;
  /** Questions that were not asked after all: interrupted, out of time, no route. */
  readonly unasked: number;
  readonly sources: ReadonlyMap<string, string>;
  readonly errors: readonly PreflightError[];
}

/**
 * Asks every question that a check of the same files would ask, and keeps the answers; gives no verdict. What was not
 * asked (interrupted, out of time) is left out, so that a later check says that it was not recorded.
 */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  const enabled = enabledRules(rules, { ...options, live: true }).filter(({ rule }) => rule.live === true);
  const startedAt = options.now ?? Date.now();
  const { documents, sources, errors } = await readInputs(options);
  if (documents === null) return { evidence: null, unasked: 0, sources, errors };
  const site = new Site(documents.deployment, documents.inventories, documents.certificates);
  const evidence = new Evidence();
  await evaluate(plan(enabled, site), { site, now: startedAt, asker: liveAsker(options, site, startedAt), evidence });
  const answers = evidence.records.filter(({ answer }) => answer.status !== "not-asked");
  return {
    evidence: {
      schema_version: 1,
      tool: { name: "infinity-preflight", version },
      from: options.from ?? "local",
      recorded_at: new Date(startedAt).toISOString(),
      answers,
    },
    unasked: evidence.records.length - answers.length,
    sources,
    errors: [],
  };
}
