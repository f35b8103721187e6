import { evaluate, type EvaluatedPlan } from "../../src/engine/evaluation/evaluate.ts";
import { type Responder, Evidence } from "../../src/engine/evaluation/evidence.ts";
import { reportChecks } from "../../src/engine/evaluation/report-checks.ts";
import { defaultOptions, type EnabledRule, plan } from "../../src/engine/evaluation/plan.ts";
import type { Answer, Question } from "../../src/engine/api/question.ts";
import { defineRule, type Rule, type RuleContext } from "../../src/engine/api/rule.ts";
import type { Check } from "../../src/schema/report.generated.ts";
import type { Site } from "../../src/site/site.ts";
import type { Subjects } from "../../src/site/subjects.ts";
import { type EvaluatedCheck, evaluatedChecks } from "../support/evaluated-checks.ts";
import { scripted } from "../support/scripted-answers.ts";

const messages = { bad: "{{what}} is bad.", plain: "This is bad." } as const;

export type TinyContext = RuleContext<typeof messages>;

/** A rule of a few lines to test the engine. */
export function tinyRule<Kind extends keyof Subjects>(
  subject: Kind,
  check: (subject: Subjects[Kind], context: TinyContext) => void,
  changes: Partial<Omit<Rule, "check" | "subject">> = {},
): Rule {
  const rule = defineRule({
    id: "test/tiny",
    title: "Require nothing in particular",
    severity: "error",
    since: "0.1.0",
    source: { document: "guide-v25", section: "None", wording: "must" },
    subject,
    // Only such a rule may query servers.
    live: true,
    messages,
    remediation: "Do better.",
    check,
  });
  return { ...rule, ...changes };
}

export function enabled(rule: Rule, changes: Partial<EnabledRule> = {}): EnabledRule {
  return { rule, severity: null, options: defaultOptions(rule), skip: null, ...changes };
}

/** A responder that records every batch of queries, and answers like `answers` (a script, or a responder). */
export function recorder(answers: Responder | Readonly<Record<string, Partial<Answer>>> = {}) {
  const batches: (readonly Question[])[] = [];
  const answer = typeof answers === "function" ? answers : scripted(answers);
  const responder: Responder = (questions) => {
    batches.push(questions);
    return answer(questions);
  };
  return { batches, responder };
}

const refuseToAsk: Responder = () => Promise.reject(new Error("nothing was to be asked"));

/** Plans and evaluates. */
export async function evaluated(...given: Parameters<typeof evaluatedPlan>): Promise<readonly EvaluatedCheck[]> {
  return evaluatedChecks(await evaluatedPlan(...given));
}

/** The same, as the engine has it. */
export async function evaluatedPlan(
  rules: readonly (Rule | EnabledRule)[],
  site: Site,
  responder: Responder = refuseToAsk,
  evidence = new Evidence(),
): Promise<EvaluatedPlan> {
  const planned = plan(
    rules.map((rule) => ("rule" in rule ? rule : enabled(rule))),
    site,
  );
  return evaluate(planned, { site, now: Date.UTC(2026, 10, 22, 12), responder, evidence });
}

/** Plans, evaluates and reports. */
export async function checksOf(
  rules: readonly (Rule | EnabledRule)[],
  site: Site,
  responder: Responder = refuseToAsk,
): Promise<readonly Check[]> {
  const evidence = new Evidence();
  return [...reportChecks(await evaluatedPlan(rules, site, responder, evidence), evidence).checks];
}

export const dns = (name: string, server = "10.0.0.53"): Question => ({
  kind: "dns",
  server,
  port: 53,
  name,
  type: "A",
});
export const ntp = (address: string): Question => ({ kind: "ntp", address, port: 123 });
export const tcp = (address: string): Question => ({ kind: "tcp", address, port: 443 });
export const tls = (address: string): Question => ({ kind: "tls", address, port: 443, name: "vcenter.example" });
