import { evaluate } from "../engine/evaluation/evaluate.ts";
import { Evidence } from "../engine/evaluation/evidence.ts";
import { type CheckSettings, checkSettings } from "../engine/policy/approved-plan.ts";
import type { GatePolicy } from "../engine/gate/gate.ts";
import { Plan, plan, type PlannedGroup } from "../engine/evaluation/plan.ts";
import { type Question, questionKey } from "../engine/api/question.ts";
import type { SubjectId } from "../schema/report.generated.ts";
import type { SiteObject } from "../site/core/site-object.ts";
import { IterableSequence, type Sequence } from "../values/sequence.ts";
import { assertMemoryForChecks } from "../input/source/budget.ts";
import type { RunInputs } from "../input/source/run-inputs.ts";
import { gatePolicy } from "./config/relaxed.ts";
import { type Connection, connections, imagine } from "./live/connections.ts";
import { deploymentFlows, type Flow } from "../site/deployment-flows.ts";
import { allowedTargets } from "./live/observe.ts";
import type { PlanOptions } from "./options.ts";
import { readRun } from "./read-run.ts";

/** What a run would evaluate, and the first queries that it would send. */
export interface RunPlan {
  readonly schema_version: 1;
  readonly profile: string;
  readonly planned: number;
  /**
   * The effect of an inconclusive check, and the limit of warnings (null = none): `--baseline-plan` compares runs with
   * them.
   */
  readonly inconclusive: GatePolicy["inconclusive"];
  readonly max_warnings: number | null;
  readonly checks: Sequence<PlanEntry>;
  /** Each query of the first round once. Resolved names and records that exist lead to further ones. */
  readonly questions: readonly Question[];
  /** The connections of the run, as far as they are known in advance. */
  readonly connections: readonly Connection[];
  /** The connections that the deployment itself requires, by location. */
  readonly flows: readonly Flow[];
}

export interface PlanEntry extends CheckSettings {
  readonly rule: string;
  readonly subject: SubjectId;
  readonly live: boolean;
  /**
   * `evaluate`: will be evaluated. `skip`: skipped by options. `not-applicable`, `inconclusive`: there is no subject to
   * evaluate.
   */
  readonly outlook: "evaluate" | "skip" | "not-applicable" | "inconclusive";
  /** Why, unless the outlook is `evaluate`. */
  readonly reason: string | null;
  readonly questions: readonly Question[];
}

/** A plan; null if a file has errors. */
export interface PlanResult {
  readonly plan: RunPlan | null;
  readonly inputs: RunInputs;
}

/** The plan of a run; contacts no servers. Throws PreflightErrors for invalid options. */
export async function planRun(options: PlanOptions): Promise<PlanResult> {
  const { config, siteWith, deployment, inputs } = await readRun(options);
  options.onFiles?.(inputs.reserved);
  if (siteWith === null || deployment === null) return { plan: null, inputs };
  const site = siteWith(options.systemResolvers ?? []);
  const gate = gatePolicy(options, config);
  const evidence = new Evidence();
  const planned = plan(config.enabled, site);
  const { live, positions } = livePart(planned);
  assertMemoryForChecks(live.counts);
  const asked = new Map<number, readonly Question[]>();
  const evaluated = await evaluate(live, {
    ...{ site, now: options.now ?? Date.now(), responder: imagine, evidence },
    beforeQueries: (waiting) => {
      for (const { position, open } of waiting) asked.set(positions(position), open);
    },
  });
  const made = connections(evaluated, evidence, allowedTargets(options, config));
  const questions = new Map([...asked.values()].flat().map((question) => [questionKey(question), question]));
  return {
    plan: {
      schema_version: 1,
      profile: site.profile.name,
      planned: planned.length,
      inconclusive: gate.inconclusive,
      max_warnings: gate.maxWarnings,
      checks: new PlanTable(planned, asked),
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

/**
 * The checks that may contact servers, and the position of each in the whole plan. No other check is evaluated for a
 * plan.
 */
function livePart({ groups }: Plan): { readonly live: Plan; readonly positions: (position: number) => number } {
  const live: PlannedGroup[] = [];
  const ranges: { readonly first: number; readonly end: number; readonly inPlan: number }[] = [];
  let inPlan = 0;
  let first = 0;
  for (const group of groups) {
    const { length } = group.subjects;
    if (group.enabled.rule.live === true && group.enabled.skip === null) {
      live.push(group);
      ranges.push({ first, end: first + length, inPlan });
      first += length;
    }
    inPlan += length;
  }
  return {
    live: new Plan(live),
    positions: (position) => {
      const range = ranges.find(({ end }) => position < end);
      return range === undefined ? -1 : range.inPlan + position - range.first;
    },
  };
}

/** The entries of a plan, each created on demand: there may be hundreds of thousands. */
class PlanTable extends IterableSequence<PlanEntry> {
  readonly #plan: Plan;
  readonly #asked: ReadonlyMap<number, readonly Question[]>;

  /** @param asked the first queries of the checks that send any, by position */
  constructor(planned: Plan, asked: ReadonlyMap<number, readonly Question[]>) {
    super(planned.length);
    this.#plan = planned;
    this.#asked = asked;
  }

  *between(start: number, end: number): Generator<PlanEntry> {
    let first = 0;
    for (const group of this.#plan.groups) {
      const { subjects } = group;
      const stop = Math.min(end - first, subjects.length);
      const index = Math.max(0, start - first);
      if (index < stop) {
        const entry = entriesOf(group);
        let position = first + index;
        for (const subject of subjects.slice(index, stop)) yield entry(subject, this.#asked.get(position++) ?? NONE);
      }
      first += subjects.length;
      if (first >= end) return;
    }
  }
}

const NONE: readonly never[] = [];

/** Creates the entries of a group, which differ only in their subjects and queries. */
function entriesOf(group: PlannedGroup): (subject: SiteObject, questions: readonly Question[]) => PlanEntry {
  const { enabled, noSubject } = group;
  const { rule, skip } = enabled;
  const settings = checkSettings(group);
  const make =
    (outlook: PlanEntry["outlook"], reason: string | null) =>
    ({ kind, name }: SiteObject, questions: readonly Question[]): PlanEntry => ({
      rule: rule.id,
      subject: { kind, name },
      severity: settings.severity,
      messages: settings.messages,
      options: settings.options,
      live: rule.live === true,
      questions,
      outlook,
      reason,
    });
  if (skip !== null) return make("skip", skip);
  if (noSubject?.kind === "none") return make("not-applicable", noSubject.reason);
  if (noSubject?.kind === "unlisted") {
    return make("inconclusive", [...new Set(noSubject.missing.map(({ what }) => what))].join("; "));
  }
  return make("evaluate", null);
}
