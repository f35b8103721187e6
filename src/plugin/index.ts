/*
 * `infinity-preflight/plugin`: what authors of rules need. See docs/plugins.md.
 */
export {
  defineRule,
  type Fix,
  type FixableFinding,
  type Rule,
  type RuleContext,
  type RuleDefinition,
  type RuleOption,
} from "../engine/api/rule.ts";
export { all, append, type Edits, given, type Mutation, remove, replace, set } from "../engine/api/mutation.ts";
export type { Answer, Question } from "../engine/api/question.ts";
export type { RuleSource, Severity } from "../schema/report.generated.ts";
export type { Plugin } from "../engine/api/plugin.ts";
export type { PartialList } from "../site/core/partial-list.ts";
export type { Site } from "../site/site.ts";
export type { SiteObject } from "../site/core/site-object.ts";
export type { Subjects } from "../site/subjects.ts";
export { dnsRecords, ntpReply, type Script, servedCertificate } from "./scripted-answers.ts";
export {
  RuleTester,
  type ExpectedCheck,
  type ExpectedFinding,
  type ExpectedVerdict,
  type RuleCase,
  type TesterHooks,
  type TesterOptions,
} from "./rule-tester.ts";
