import type { Responder } from "../../engine/evaluation/evidence.ts";
import { Evidence } from "../../engine/evaluation/evidence.ts";
import { evaluate } from "../../engine/evaluation/evaluate.ts";
import { type EnabledRule, plan } from "../../engine/evaluation/plan.ts";
import { reportChecks } from "../../engine/evaluation/report-checks.ts";
import type { Check, SubjectId } from "../../schema/report.generated.ts";
import type { Site } from "../../site/site.ts";

/** What a rule is evaluated with, besides the site. */
interface RuleInput {
  readonly enabled: EnabledRule;
  readonly now: number;
  readonly responder: Responder;
}

/** The checks of one rule on a site, with all that reports have of them. */
export async function checksOfRule(site: Site, { enabled, now, responder }: RuleInput): Promise<readonly Check[]> {
  const evidence = new Evidence();
  const evaluated = await evaluate(plan([enabled], site), { site, now, responder, evidence });
  return [...reportChecks(evaluated, evidence).checks];
}

/** `node:oslo-conf01` */
export function idOf({ kind, name }: SubjectId): string {
  return `${kind}:${name}`;
}
