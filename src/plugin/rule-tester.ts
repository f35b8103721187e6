import { deepStrictEqual, fail, ok } from "node:assert/strict";
import { type Question, questionKey } from "../engine/api/question.ts";
import type { Datum, Rule } from "../engine/api/rule.ts";
import type { Check } from "../schema/report.generated.ts";
import { isTextLocation, type Location } from "../values/location.ts";
import { type CaseInput, checksOf } from "./judged-case.ts";
import { unmissed } from "./removal.ts";
import { answerTo } from "./scripted-answers.ts";

/** What a rule must find at one subject. */
export type ExpectedCheck =
  | { readonly verdict: "pass" }
  | { readonly verdict: "fail"; readonly findings: readonly ExpectedFinding[] }
  /** All gaps, each by words of its sentence, in their order; or words of the reason. */
  | { readonly verdict: "inconclusive"; readonly missing?: readonly string[]; readonly reason?: string }
  | { readonly verdict: "not-applicable"; readonly reason: string };

export interface ExpectedFinding {
  readonly message_id: string;
  readonly data: Readonly<Record<string, Datum>>;
  /** `deployment.yaml:4:5`, `inventory.yaml:9:7`; further inventories are `inventory2.yaml` and so on. */
  readonly at: string;
}

/** Documents in, the verdict of every subject out. */
export interface TesterCase extends CaseInput {
  readonly name: string;
  /** By subject id, as `node:oslo-conf01`: all checks of the rule, none left out. */
  readonly checks: Readonly<Record<string, ExpectedCheck>>;
}

/** How a test framework is told of tests: those of vitest, of `node:test`, or of your own. */
export interface TesterHooks {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

export interface TesterOptions {
  /** Fields whose absence may leave a pass as it is, for the rule's page says why. */
  readonly optional?: readonly string[];
}

/**
 * Tests a rule as strictly as the built-in ones are: every check of a case is expected by verdict, message id, data and
 * place; every answer that a case scripts is asked for, and every question has one; every message is met; no case stands
 * there twice; and no check passes when a value that the rule reads is taken away.
 */
export class RuleTester {
  readonly #hooks: TesterHooks;

  /** @param hooks `{ describe, it }` of your test framework */
  constructor(hooks: TesterHooks) {
    this.#hooks = hooks;
  }

  /** Declares the tests of a rule. */
  run(rule: Rule, cases: readonly TesterCase[], options: TesterOptions = {}): void {
    const { describe, it } = this.#hooks;
    describe(rule.id, () => {
      for (const given of cases) it(given.name, () => expectCase(rule, given));
      it("has no case twice", async () => {
        assertDistinct(cases);
        await Promise.resolve();
      });
      it("has a case for every message", async () => {
        assertAllMessages(rule, cases);
        await Promise.resolve();
      });
      it("passes no more when a value that it reads is missing", () => expectMissed(rule, cases, options));
    });
  }
}

async function expectCase(rule: Rule, given: TesterCase): Promise<void> {
  const asked = new Set<string>();
  const checks = await checksOf(rule, given, strictResponder(given, asked));
  const seen = Object.fromEntries(checks.map((check) => [`${check.subject.kind}:${check.subject.name}`, check]));
  deepStrictEqual(verdictsOf(seen), verdictsOf(given.checks));
  for (const [subject, expected] of Object.entries(given.checks)) {
    const check = seen[subject];
    if (check !== undefined) expectCheck(subject, check, expected);
  }
  const unasked = Object.keys(given.answers ?? {}).filter((key) => !asked.has(key));
  deepStrictEqual(unasked, [], "the case scripts answers that nobody asks for");
  // A rule that changes the site, or remembers something, judges otherwise when it judges again.
  const again = await checksOf(rule, given, strictResponder(given, asked));
  deepStrictEqual(again, checks, "the rule judges the same documents otherwise the second time");
}

function strictResponder({ answers = {} }: TesterCase, asked: Set<string>) {
  return (questions: readonly Question[]) =>
    Promise.resolve(
      questions.map((question) => {
        const key = questionKey(question);
        asked.add(key);
        if (!Object.hasOwn(answers, key)) fail(`the rule asks ${JSON.stringify(key)}, and the case scripts no answer`);
        return answerTo(question, answers[key]);
      }),
    );
}

function verdictsOf(checks: Readonly<Record<string, { readonly verdict: string; readonly reason?: string | null }>>) {
  // Why a rule crashed belongs beside that it did.
  return Object.fromEntries(
    Object.entries(checks).map(([subject, { verdict, reason }]) => [
      subject,
      verdict === "crashed" ? `crashed: ${reason ?? ""}` : verdict,
    ]),
  );
}

function expectCheck(subject: string, check: Check, expected: ExpectedCheck): void {
  switch (expected.verdict) {
    case "pass":
      return;
    case "fail":
      deepStrictEqual(
        check.findings.map(({ message_id, data, location }) => ({ message_id, data, at: position(location) })),
        expected.findings,
        subject,
      );
      for (const { message } of check.findings) {
        ok(!/\{\{|undefined|NaN|\[object/.test(message), `${subject}: a placeholder is not filled: ${message}`);
        ok(/^[^a-z].*[.!?]$/s.test(message), `${subject}: this message is no full sentence: ${message}`);
      }
      return;
    case "inconclusive": {
      const { missing = [], reason } = expected;
      ok(missing.length > 0 || reason !== undefined, `${subject}: say what is missing, or words of the reason`);
      if (reason !== undefined) includes(check.reason ?? "", reason, subject);
      if (missing.length === 0) return;
      deepStrictEqual(check.missing.length, missing.length, `${subject} lacks ${JSON.stringify(check.missing)}`);
      for (const [index, words] of missing.entries()) includes(check.missing[index]?.what ?? "", words, subject);
      return;
    }
    case "not-applicable":
      includes(check.reason ?? "", expected.reason, subject);
  }
}

function includes(text: string, words: string, subject: string): void {
  ok(text.includes(words), `${subject}: ${JSON.stringify(text)} does not say ${JSON.stringify(words)}`);
}

function position(location: Location | null): string {
  return isTextLocation(location) ? `${location.path}:${location.line}:${location.column}` : "nowhere";
}

function assertDistinct(cases: readonly TesterCase[]): void {
  for (const of of [({ name }: TesterCase) => name, inputOf]) {
    const keys = cases.map(of);
    const twice = cases.filter((_, index) => keys.indexOf(keys[index] ?? "") !== index);
    deepStrictEqual(
      twice.map(({ name }) => name),
      [],
      "a case stands there twice",
    );
  }
}

function inputOf({ deployment, inventory, files, answers, options, now }: TesterCase): string {
  return JSON.stringify([deployment, inventory, files, answers, options, now]);
}

function assertAllMessages({ messages }: Rule, cases: readonly TesterCase[]): void {
  const met = new Set(
    cases
      .flatMap(({ checks }) => Object.values(checks))
      .flatMap((check) => (check.verdict === "fail" ? check.findings.map(({ message_id }) => message_id) : [])),
  );
  deepStrictEqual(
    Object.keys(messages).filter((id) => !met.has(id)),
    [],
    "no case meets these messages",
  );
}

async function expectMissed(rule: Rule, cases: readonly TesterCase[], { optional = [] }: TesterOptions): Promise<void> {
  for (const given of cases) {
    deepStrictEqual(
      await unmissed(rule, given, optional),
      [],
      `${given.name}: without these values the checks end as before; read them with need, or name them as optional`,
    );
  }
}
