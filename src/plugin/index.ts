/*
 * `infinity-preflight/plugin`: what somebody needs who writes rules. See docs/plugins.md.
 */
export { defineRule, type Rule, type RuleContext, type RuleDefinition, type RuleOption } from "../engine/rule.ts";
export type { Answer, Question } from "../engine/question.ts";
export type { RuleSource, Severity } from "../engine/run-report.ts";
export type { Plugin } from "../engine/plugin.ts";
export type { Roster } from "../site/roster.ts";
export type { Site } from "../site/site.ts";
export type { SiteObject } from "../site/site-object.ts";
export type { Subjects } from "../site/subjects.ts";
export { dnsRecords, ntpReply, type Script, servedCertificate } from "./scripted-answers.ts";
export {
  RuleTester,
  type ExpectedCheck,
  type ExpectedFinding,
  type TesterCase,
  type TesterHooks,
  type TesterOptions,
} from "./rule-tester.ts";
