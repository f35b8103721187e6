import { describe, expect, it } from "vitest";
import { type Question, questionKey } from "../../src/engine/api/question.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import { type Outcome, sourceRefOf } from "../../src/engine/evaluation/evaluate-check.ts";
import { evaluatedCase } from "../../src/plugin/evaluated-case.ts";
import { type RuleCase, RuleTester, type TesterOptions } from "../../src/plugin/rule-tester.ts";
import { scripted } from "../../src/plugin/scripted-answers.ts";
import type { Check } from "../../src/schema/report.generated.ts";
import type { SiteObject } from "../../src/site/core/site-object.ts";
import { isTextLocation, type Location } from "../../src/values/location.ts";

export { checksOf } from "../../src/plugin/evaluated-case.ts";
export type { ExpectedFinding, RuleCase } from "../../src/plugin/rule-tester.ts";

const tester = new RuleTester({ describe, it });

/**
 * Tests the built-in rules, as `RuleTester` tests those of plugins, and compares everything that their checks report with the
 * snapshot beside the test: each message with its location, the related ones and those that it depends on, gaps, reasons, fixes and
 * the queries of the case. No two findings of a check have the same fingerprint.
 * `npx vitest run test/rules -u` writes the snapshots; read the diff.
 */
export const ruleTester = {
  run(rule: Rule, cases: readonly RuleCase[], options: TesterOptions = {}): void {
    tester.run(rule, cases, options);
    describe(rule.id, () => {
      it("reports word for word what its snapshot has", async () => {
        const texts: string[] = optionsOf(rule);
        for (const given of cases) {
          const queried = new Set<string>();
          const answered = scripted(given.answers ?? {});
          const { checks, outcomes } = await evaluatedCase(rule, given, (questions: readonly Question[]) => {
            for (const question of questions) queried.add(questionKey(question));
            return answered(questions);
          });
          const lines = checks.flatMap((check, index) => linesOf(check, outcomes[index] ?? null));
          texts.push([`# ${given.name}`, ...lines, ...[...queried].map((key) => `query: ${key}`)].join("\n"));
          for (const { findings } of checks) {
            const prints = findings.map(({ fingerprint }) => fingerprint);
            expect(new Set(prints).size, `${given.name}: findings share a fingerprint; give them keys`).toBe(
              prints.length,
            );
          }
        }
        expect(visible(`\n${texts.join("\n\n")}\n`)).toMatchSnapshot();
      });
      // The severity of a check is the most severe of several, so that a misspelled one can look like the mildest.
      it("has a severity", () => {
        expect(["error", "warn", "info"]).toEqual(
          expect.arrayContaining([rule.severity, ...Object.values(rule.messageSeverity ?? {})]),
        );
      });
    });
  },
};

function linesOf(check: Check, outcome: Outcome | null): readonly string[] {
  const { subject, verdict, severity, reason, awaits, missing, findings, remediation, commands, location } = check;
  const raw = outcome?.verdict === "fail" ? outcome.findings : [];
  const openBy = outcome?.verdict === "inconclusive" ? outcome.openBy : [];
  return [
    `${at(location)}: ${subject.kind} ${subject.name}: ${verdict} (${severity})`,
    ...(reason === null ? [] : [`  reason: ${reason}`]),
    ...(awaits === undefined ? [] : [`  awaits: ${awaits}`]),
    ...missing.map((gap) => `  missing: ${gap.what}${gap.location === null ? "" : `, ${at(gap.location)}`}`),
    ...openBy.map((key) => `  open by ${key}`),
    ...findings.flatMap((finding, index) => [
      `  ${at(finding.location)}: ${finding.message_id}: ${finding.message}`,
      ...absentField(raw[index]?.at),
      ...(raw[index]?.key == null ? [] : [`    key: ${raw[index].key}`]),
      ...finding.related.map((related) => `    ${at(related.location)}: ${related.message}`),
      ...(finding.fix == null
        ? []
        : [`    automatic fix: ${JSON.stringify(finding.fix.edit?.text ?? finding.fix.refusal)}`]),
      ...(raw[index]?.dependsOn ?? []).map((value) => {
        const { document, path } = sourceRefOf(value);
        return `    depends on ${at(document.locate(path))}: ${path.join(".")}`;
      }),
    ]),
    ...(commands ?? []).map(({ id }) => `  command: ${id}`),
    ...(remediation === null ? [] : remediation.split("\n").map((line) => `  fix: ${line}`)),
  ];
}

/** What the rule declares about its options, beside the defaults that the schema of configs has. */
function optionsOf({ stricterOptions = {}, strictOptions = {} }: Rule): string[] {
  const lines = [
    ...Object.entries(stricterOptions).map(([name, direction]) => `${name} is stricter if ${direction}`),
    ...Object.entries(strictOptions).map(([name, value]) => `${name} is ${value} in the preset strict`),
  ];
  return lines.length === 0 ? [] : [lines.join("\n")];
}

/** The field of a finding that points to where the field belongs: the location is that of the whole object. */
function absentField([object, field]: readonly [object?: SiteObject, field?: string, ...rest: unknown[]] = []) {
  return object === undefined || field === undefined || object.isGiven(field) ? [] : [`    at the field ${field}`];
}

function at(location: Location | null): string {
  return isTextLocation(location) ? `${location.path}:${location.line}:${location.column}` : "nowhere";
}

/** Control and format characters as escapes, so that a snapshot is a text file. */
function visible(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
