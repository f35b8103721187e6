import { Host } from "../../site/estate/estate-objects.ts";
import { Node } from "../../site/deployment/deployment-objects.ts";
import { PortGroup } from "../../site/relations/networks-in-use.ts";
import { type Missing, distinctGaps } from "../../site/core/missing.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import {
  type CheckEvaluator,
  type EvaluatedGroup,
  evaluatorFor,
  type EvaluationInput,
  type Evaluation,
  type Outcome,
  outcomeSeverity,
} from "./evaluate-check.ts";
import { type EnabledRule, isMilderSeverity, type PlannedGroup, subjectsOf } from "./plan.ts";
import type { Rule } from "../api/rule.ts";

const NONE: readonly never[] = [];

/**
 * Evaluates the checks of planned groups. Facts that exclude each other are missing from the site; a check that fails with
 * one of them fails all the same.
 */
export function groupEvaluator(input: EvaluationInput): (group: PlannedGroup) => CheckEvaluator {
  const evaluatorOf = candidateHostsEvaluator(input);
  const readings = input.site.readings.map((site) => ({
    evaluatorOf: candidateHostsEvaluator({ ...input, site }),
    counterpartOf: counterpartsIn(site),
  }));
  if (readings.length === 0) return evaluatorOf;
  return (group) => {
    const evaluateCheck = evaluatorOf(group);
    if (group.noSubject !== null) return evaluateCheck;
    const others = readings.map((reading) => ({ ...reading, evaluateCheck: reading.evaluatorOf(group) }));
    return (subject) => {
      const undisputed = evaluateCheck(subject);
      if (undisputed.state === "decided" && isProven(undisputed)) return undisputed;
      const evaluations = others.flatMap(({ counterpartOf, evaluateCheck: evaluateReading }) => {
        const counterpart = counterpartOf(group.enabled.rule, subject);
        return counterpart === undefined ? [] : [evaluateReading(counterpart)];
      });
      const open = [undisputed, ...evaluations].flatMap((each) => (each.state === "suspended" ? each.open : []));
      if (open.length > 0) return { state: "suspended", open };
      return mostSevereProof(group, undisputed, evaluations);
    };
  };
}

function isProven(evaluation: Evaluation): boolean {
  return evaluation.state === "decided" && ["fail", "crashed"].includes(evaluation.outcome.verdict);
}

/**
 * The most severe failure with either value, unless the check without both may fail with something more severe still.
 */
function mostSevereProof(group: PlannedGroup, undisputed: Evaluation, readings: readonly Evaluation[]): Evaluation {
  const severityOf = (evaluation: Evaluation) =>
    evaluation.state === "decided" ? outcomeSeverity(group, evaluation.outcome) : group.severity;
  const isInconclusive = undisputed.state === "decided" && undisputed.outcome.verdict === "inconclusive";
  return readings.filter(isProven).reduce((worst, reading) => {
    const isSettled = worst !== undisputed || isInconclusive;
    return isSettled && isMilderSeverity(severityOf(reading), severityOf(worst)) ? worst : reading;
  }, undisputed);
}

/**
 * Evaluates the checks of planned groups. Where it is unknown whether nodes may run on some hosts (HA and DRS of their
 * cluster are unknown), every check is evaluated with those hosts and without them. Where the two verdicts differ, it
 * is inconclusive.
 */
function candidateHostsEvaluator(input: EvaluationInput): (group: PlannedGroup) => CheckEvaluator {
  const { site } = input;
  const evaluatorOf = evaluatorsByRule(input);
  let certainly: {
    readonly evaluatorOf: ReturnType<typeof evaluatorsByRule>;
    readonly counterpartOf: ReturnType<typeof counterpartsIn>;
  } | null = null;
  return (group) => {
    const { rule } = group.enabled;
    const evaluateCheck = evaluatorOf(group);
    return (
      withoutSubject(group) ??
      ((subject) => {
        const all = evaluateCheck(subject);
        // Known after a check has read the candidate hosts.
        const certain = site.withCertainHosts;
        if (certain === null) return explained(all, subject, site);
        certainly ??= {
          evaluatorOf: evaluatorsByRule({ ...input, site: certain }),
          counterpartOf: counterpartsIn(certain),
        };
        const counterpart = certainly.counterpartOf(rule, subject);
        const without = counterpart === undefined ? null : certainly.evaluatorOf(group)(counterpart);
        return explained(
          combine(group, { all, without }, () => openQuestions(subject, site)),
          subject,
          site,
        );
      })
    );
  };
}

/** The evaluator of checks without a subject of their own; null for all others. */
function withoutSubject({ noSubject }: PlannedGroup): CheckEvaluator | null {
  if (noSubject === null) return null;
  return () =>
    noSubject.kind === "none"
      ? decided({ verdict: "not-applicable", reason: noSubject.reason })
      : decided({ verdict: "inconclusive", missing: noSubject.missing, reason: null, openBy: NONE });
}

/** One evaluator for each rule. */
function evaluatorsByRule(input: EvaluationInput): (group: EvaluatedGroup) => CheckEvaluator {
  const byRule = new Map<EnabledRule, CheckEvaluator>();
  return (group) => {
    let evaluateCheck = byRule.get(group.enabled);
    if (evaluateCheck === undefined) {
      evaluateCheck = evaluatorFor(group, input);
      byRule.set(group.enabled, evaluateCheck);
    }
    return evaluateCheck;
  };
}

function decided(outcome: Outcome): Evaluation {
  return { state: "decided", outcome, questions: NONE };
}

/** Finds the subjects of a rule in another site over the same documents; undefined for an object that is not a subject there. */
function counterpartsIn(site: Site): (rule: Rule, subject: SiteObject) => SiteObject | undefined {
  const subjects = subjectsOf(site);
  const byKind = new Map<Rule["subject"], ReadonlyMap<string, SiteObject>>();
  const keyOf = ({ kind, name }: SiteObject) => `${kind}:${name}`;
  return (rule, subject) => {
    let found = byKind.get(rule.subject);
    if (found === undefined) {
      found = new Map(subjects(rule).items.map((object) => [keyOf(object), object]));
      byKind.set(rule.subject, found);
    }
    return found.get(keyOf(subject));
  };
}

/**
 * The evaluation that follows from both. `without` is null for an object that is a subject only with the uncertain
 * hosts.
 */
function combine(
  group: EvaluatedGroup,
  { all, without }: { readonly all: Evaluation; readonly without: Evaluation | null },
  open: () => readonly Missing[],
): Evaluation {
  const both = without === null ? [all] : [all, without];
  const questions = both.flatMap((evaluation) => (evaluation.state === "suspended" ? evaluation.open : []));
  if (all.state === "suspended" || without?.state === "suspended") return { state: "suspended", open: questions };
  return {
    state: "decided",
    outcome: settled(group, all.outcome, without?.outcome ?? null, open),
    questions: [...new Set([...all.questions, ...(without?.questions ?? [])])],
  };
}

/** A failure on a host without nodes, with how a node may come to run there. */
function explained(evaluation: Evaluation, subject: SiteObject, site: Site): Evaluation {
  if (evaluation.state !== "decided" || evaluation.outcome.verdict !== "fail") return evaluation;
  const host = hostOf(subject);
  const path = host === null ? null : site.relations.pathTo(host);
  if (path === null) return evaluation;
  const findings = evaluation.outcome.findings.map((finding) => ({ ...finding, related: [...finding.related, path] }));
  return { ...evaluation, outcome: { ...evaluation.outcome, findings } };
}

function hostOf(subject: SiteObject): Host | null {
  return subject instanceof Host ? subject : subject instanceof PortGroup ? subject.host : null;
}

function settled(
  group: EvaluatedGroup,
  all: Outcome,
  without: Outcome | null,
  open: () => readonly Missing[],
): Outcome {
  if (without === null) return all.verdict === "fail" ? inconclusiveOf([all], open()) : all;
  if (all.verdict === "crashed") return all;
  if (without.verdict === "crashed") return without;
  // A severity counts only if both variants lack only values that their source cannot contain.
  if (all.verdict === "inconclusive" && all.severity !== undefined && without.verdict === "inconclusive") {
    if (all.severity !== without.severity) return inconclusiveOf([all, without], []);
  }
  // Of two failures, the one without those hosts is proven completely; a less severe one may be incomplete.
  const isAll =
    all.verdict !== "fail" || !isMilderSeverity(outcomeSeverity(group, without), outcomeSeverity(group, all));
  if (all.verdict === without.verdict && isAll) return all.verdict === "fail" ? without : all;
  return inconclusiveOf([all, without], open());
}

/** The gaps of both, and the values that would decide which of them counts. */
function inconclusiveOf(outcomes: readonly Outcome[], open: readonly Missing[]): Outcome {
  const gaps = outcomes.flatMap((outcome) => (outcome.verdict === "inconclusive" ? outcome.missing : []));
  const reason = outcomes.map((outcome) => (outcome.verdict === "inconclusive" ? outcome.reason : null));
  return {
    verdict: "inconclusive",
    missing: distinctGaps([...open, ...gaps]),
    reason: reason.find((text) => text !== null) ?? null,
    openBy: [...new Set(outcomes.flatMap((outcome) => (outcome.verdict === "inconclusive" ? outcome.openBy : [])))],
  };
}

/** The values that would decide on which hosts the nodes of a subject run; for all nodes if its nodes are unknown. */
function openQuestions(subject: SiteObject, site: Site): readonly Missing[] {
  const host = hostOf(subject);
  const nodes =
    subject instanceof Node ? [subject] : host === null ? site.nodes : site.relations.candidateNodesOf(host);
  const own = nodes.flatMap((node) => node.hostPlacement.open);
  return distinctGaps(own.length > 0 ? own : site.nodes.flatMap((node) => node.hostPlacement.open));
}
