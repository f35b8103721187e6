import { evaluate } from "../engine/evaluation/evaluate.ts";
import { Evidence } from "../engine/evaluation/evidence.ts";
import { type CheckSettings, checkSettings } from "../engine/policy/approved-plan.ts";
import type { GatePolicy } from "../engine/gate/gate.ts";
import { plan, type PlannedCheck } from "../engine/evaluation/plan.ts";
import { type Question, questionKey } from "../engine/api/question.ts";
import type { SubjectId } from "../schema/report.generated.ts";
import type { RunInputs } from "../input/source/run-inputs.ts";
import { gatePolicy } from "./config/relaxed.ts";
import { type Connection, connections, imagine } from "./live/connections.ts";
import { deploymentFlows, type Flow } from "../site/deployment-flows.ts";
import { allowedTargets } from "./live/observe.ts";
import type { PlanOptions } from "./options.ts";
import { readRun } from "./read-run.ts";

/** What a run would look at, and the first questions it would ask. */
export interface RunPlan {
  readonly schema_version: 1;
  readonly profile: string;
  readonly planned: number;
  /** What an inconclusive check does, and how many warnings pass (null = any number): `--baseline-plan` holds runs to it. */
  readonly inconclusive: GatePolicy["inconclusive"];
  readonly max_warnings: number | null;
  readonly checks: readonly PlanEntry[];
  /** Each question of the first turn once. Names that resolve and records that are found lead to further ones. */
  readonly questions: readonly Question[];
  /** What the run would connect to, as far as it is known beforehand. */
  readonly connections: readonly Connection[];
  /** What the deployment itself needs to connect to, by location. */
  readonly flows: readonly Flow[];
}

export interface PlanEntry extends CheckSettings {
  readonly rule: string;
  readonly subject: SubjectId;
  readonly live: boolean;
  /** `evaluate`: looked at. `skip`: left out by options. `not-applicable`, `inconclusive`: there is no subject to look at. */
  readonly outlook: "evaluate" | "skip" | "not-applicable" | "inconclusive";
  /** Why, unless the outlook is `evaluate`. */
  readonly reason: string | null;
  readonly questions: readonly Question[];
}

/** A plan; null when a file has mistakes. */
export interface PlanResult {
  readonly plan: RunPlan | null;
  readonly inputs: RunInputs;
}

/** The plan of a run, and nothing asked. Throws PreflightErrors for options that make no sense. */
export async function planRun(options: PlanOptions): Promise<PlanResult> {
  const { config, siteWith, deployment, inputs } = await readRun(options);
  options.onFiles?.(inputs.reserved);
  if (siteWith === null || deployment === null) return { plan: null, inputs };
  const site = siteWith(options.systemResolvers ?? []);
  const gate = gatePolicy(options, config);
  const evidence = new Evidence();
  const asked = new Map<number, readonly Question[]>();
  const evaluated = await evaluate(plan(config.enabled, site), {
    ...{ site, now: options.now ?? Date.now(), responder: imagine, evidence },
    beforeQueries: (waiting) => {
      for (const { position, open } of waiting) asked.set(position, open);
    },
  });
  const made = connections(evaluated, evidence, allowedTargets(options, config));
  const questions = new Map([...asked.values()].flat().map((question) => [questionKey(question), question]));
  return {
    plan: {
      schema_version: 1,
      profile: site.profile.name,
      planned: evaluated.plan.length,
      inconclusive: gate.inconclusive,
      max_warnings: gate.maxWarnings,
      checks: [...evaluated.plan].map((check, position) => entry(check, asked.get(position) ?? [])),
      questions: [...questions.values()],
      connections: made,
      flows: deploymentFlows(
        site,
        deployment,
        made.filter(({ refused }) => refused === null),
      ),
    },
    inputs,
  };
}

function entry(check: PlannedCheck, questions: readonly Question[]): PlanEntry {
  const { enabled, subject, noSubject } = check;
  const { rule, skip } = enabled;
  const base = {
    rule: rule.id,
    subject: { kind: subject.kind, name: subject.name },
    ...checkSettings(check),
    live: rule.live === true,
    questions,
  };
  if (skip !== null) return { ...base, outlook: "skip", reason: skip };
  if (noSubject?.kind === "none") return { ...base, outlook: "not-applicable", reason: noSubject.reason };
  if (noSubject?.kind === "unlisted") {
    const reason = [...new Set(noSubject.missing.map(({ what }) => what))].join("; ");
    return { ...base, outlook: "inconclusive", reason };
  }
  return { ...base, outlook: "evaluate", reason: null };
}
