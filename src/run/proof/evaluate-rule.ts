import { type Responder, Evidence } from "../../engine/evaluation/evidence.ts";
import { evaluate } from "../../engine/evaluation/evaluate.ts";
import type { Outcome } from "../../engine/evaluation/evaluate-check.ts";
import { type EnabledRule, Plan, plan, type PlannedGroup } from "../../engine/evaluation/plan.ts";
import { reportChecks } from "../../engine/evaluation/report-checks.ts";
import type { Check, EvidenceRecord, SubjectId } from "../../schema/report.generated.ts";
import type { Site } from "../../site/site.ts";

/** The inputs of a rule besides the site. */
export interface RuleInput {
  readonly enabled: EnabledRule;
  readonly now: number;
  readonly responder: Responder;
}

/** The checks of one rule on a site, with all their fields in reports. */
export async function checksOfRule(site: Site, { enabled, now, responder }: RuleInput): Promise<readonly Check[]> {
  const evidence = new Evidence();
  const evaluated = await evaluate(plan([enabled], site), { site, now, responder, evidence });
  return [...reportChecks(evaluated, evidence).checks];
}

/** One check, evaluated. */
export interface EvaluatedCheck {
  readonly check: Check;
  /** Null if the run skips it. */
  readonly outcome: Outcome | null;
  readonly evidence: readonly EvidenceRecord[];
}

/** Evaluates the check of a planned group with one subject. */
export async function evaluateOne(
  site: Site,
  group: PlannedGroup,
  { now, responder }: Omit<RuleInput, "enabled">,
): Promise<EvaluatedCheck> {
  const evidence = new Evidence();
  const evaluated = await evaluate(new Plan([group]), { site, now, responder, evidence });
  const { checks, evidence: records } = reportChecks(evaluated, evidence);
  const [check] = checks;
  if (check === undefined) throw new Error("a planned check has no verdict");
  return { check, outcome: evaluated.outcomes[0] ?? null, evidence: records };
}

/** The group of a rule's plan with only one of its subjects; null if the rule does not have the subject. */
export function groupOf(site: Site, enabled: EnabledRule, { kind, name }: SubjectId): PlannedGroup | null {
  for (const group of plan([enabled], site).groups) {
    const subject = group.subjects.find((each) => each.kind === kind && each.name === name);
    if (subject !== undefined) return { ...group, subjects: [subject] };
  }
  return null;
}

/** A subject as it is written on the command line: `node:oslo-conf01`. */
export function idOf({ kind, name }: SubjectId): string {
  return `${kind}:${name}`;
}
