import { deepStrictEqual, fail, ok } from "node:assert/strict";
import { type Question, questionKey } from "../engine/api/question.ts";
import type { Rule } from "../engine/api/rule.ts";
import type { Check, Severity } from "../schema/report.generated.ts";
import { isTextLocation, type Location } from "../values/location.ts";
import { overlaps, type TextEdit, withEdits } from "../values/text-edit.ts";
import { type CaseInput, checksOf } from "./evaluated-case.ts";
import { markersOf, withoutMarkers } from "./markers.ts";
import { unmissed } from "./removal.ts";
import { type PageExample, parseRulePage } from "./rule-page.ts";
import { answerTo, scripted } from "./scripted-answers.ts";

/** The expected result of a rule for one subject. */
export interface ExpectedCheck {
  readonly verdict: ExpectedVerdict;
  readonly findings?: readonly ExpectedFinding[];
  /** What is missing, each in full or in part, in any order. */
  readonly missing?: readonly string[];
  /** Words of the reason. */
  readonly reason?: string;
  readonly severity?: Severity;
}

export type ExpectedVerdict = "pass" | "fail" | "inconclusive" | "not-applicable";

/**
 * The id of a finding's message, and words of it. The finding must point to a value that the documents mark: `«value»`.
 * The findings of a case point to its marked values in the order of the documents, or all of them to the only one. Where
 * that does not fit, values are marked with a label, `«label|value»`, and the finding has it: `"«label»"`.
 */
export type ExpectedFinding =
  | readonly [messageId: string]
  | readonly [messageId: string, words: string]
  | readonly [messageId: string, at: `«${string}»`, words?: string];

/** Documents, and the expected verdict of every subject. */
export interface RuleCase extends CaseInput {
  readonly name: string;
  /** The deployment after the rule's fixes, without marks: `--fix` writes exactly this, and no finding with a fix is left. */
  readonly fixed?: string;
  /** By subject id, as `node:oslo-conf01`: all checks of the rule, none left out. */
  readonly expect: Readonly<Record<string, ExpectedCheck>>;
}

/** The functions that define tests: those of vitest, `node:test`, or your own. */
export interface TesterHooks {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

export interface TesterOptions {
  /** Fields whose absence may leave a pass as it is, for the rule's page says why. */
  readonly optional?: readonly string[];
  /** Verdicts that the rule never has. */
  readonly without?: readonly ExpectedVerdict[];
  /**
   * Whether cases share answers. A query without one is then answered NXDOMAIN (DNS) or not at all, and an answer may be
   * left over; otherwise either fails the test.
   */
  readonly sharedAnswers?: boolean;
}

const VERDICTS: readonly ExpectedVerdict[] = ["pass", "fail", "inconclusive", "not-applicable"];

/**
 * Tests a rule: every check of a case has the expected verdict and findings, each at the marked value; all scripted
 * answers are used, and no query is without one; every message and every verdict has a case; no case is there twice; fixes
 * make exactly the deployment of a case that has `fixed`; no
 * check passes when a value that the rule reads is removed; and the examples of its page (`docs`) fail and pass. The built-in rules are tested with it, and those of plugins.
 */
export class RuleTester {
  readonly #hooks: TesterHooks;

  /** @param hooks `{ describe, it }` of your test framework */
  constructor(hooks: TesterHooks) {
    this.#hooks = hooks;
  }

  /** Declares the tests of a rule. */
  run(rule: Rule, cases: readonly RuleCase[], options: TesterOptions = {}): void {
    const { describe, it } = this.#hooks;
    describe(rule.id, () => {
      for (const given of cases) it(given.name, () => expectCase(rule, given, options));
      it("has no case twice", async () => {
        assertDistinct(cases);
        await Promise.resolve();
      });
      it("has a case for every message", async () => {
        assertAllMessages(rule, cases);
        await Promise.resolve();
      });
      it("has a case for every verdict", async () => {
        assertAllVerdicts(cases, options);
        await Promise.resolve();
      });
      if (rule.fix !== undefined) {
        it("has a case for its fix", async () => {
          ok(
            cases.some(({ deployment, fixed }) => fixed !== undefined && fixed !== withoutMarkers(deployment)),
            "no case has `fixed` and differs from its deployment",
          );
          await Promise.resolve();
        });
      }
      const { docs } = rule;
      if (docs !== undefined) it("has a page whose examples fail and pass", () => expectPage(rule, docs));
      it("does not pass without a value that it needs", () => expectMissed(rule, cases, options));
    });
  }
}

async function expectCase(rule: Rule, given: RuleCase, options: TesterOptions): Promise<void> {
  const asked = new Set<string>();
  const checks = await checksOf(rule, given, strictResponder(given, options, asked));
  const seen = Object.fromEntries(checks.map((check) => [`${check.subject.kind}:${check.subject.name}`, check]));
  deepStrictEqual(verdictsOf(seen), verdictsOf(given.expect));
  const positions = positionsOf(given);
  for (const [subject, expected] of Object.entries(given.expect)) {
    const check = seen[subject];
    if (check !== undefined) expectCheck(subject, check, expected, positions);
  }
  if (given.fixed !== undefined) await expectFixed(rule, given, given.fixed, checks);
  const unused = Object.keys(given.answers ?? {}).filter((key) => !asked.has(key));
  if (options.sharedAnswers !== true) deepStrictEqual(unused, [], "the rule does not make these queries");
  // A rule that changes the site, or remembers something, has other verdicts the second time.
  const again = await checksOf(rule, given, strictResponder(given, options, asked));
  deepStrictEqual(again, checks, "the rule does not have the same result for the same documents");
}

async function expectFixed(rule: Rule, given: RuleCase, fixed: string, checks: readonly Check[]): Promise<void> {
  deepStrictEqual(withEdits(withoutMarkers(given.deployment), editsOf(checks)), fixed);
  const after = await checksOf(rule, { ...given, deployment: fixed }, scripted(given.answers ?? {}));
  deepStrictEqual(editsOf(after), [], "the fixed deployment is to be fixed again");
}

/** The edits without duplicates: several subjects may share a value. */
function editsOf(checks: readonly Check[]): readonly TextEdit[] {
  const edits = checks.flatMap(({ findings }) => findings).flatMap(({ fix }) => fix?.edit ?? []);
  return edits.filter((edit, index) => !edits.slice(0, index).some((other) => overlaps(other, edit)));
}

function strictResponder({ answers = {} }: RuleCase, { sharedAnswers }: TesterOptions, asked: Set<string>) {
  return (questions: readonly Question[]) =>
    Promise.resolve(
      questions.map((question) => {
        const key = questionKey(question);
        asked.add(key);
        if (sharedAnswers !== true && !Object.hasOwn(answers, key))
          fail(`the rule queries ${JSON.stringify(key)}; the case has no answer to it`);
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

/** The expected location of each finding of a case. */
function positionsOf({
  name,
  deployment,
  inventory,
  config = "",
  expect,
}: RuleCase): ReadonlyMap<ExpectedFinding, string> {
  const inventories = inventory === undefined ? [] : [inventory].flat();
  const markers = [
    ...markersOf(deployment, "deployment.yaml"),
    ...markersOf(config, "config.yaml"),
    ...inventories.flatMap((text, index) => markersOf(text, `inventory${index === 0 ? "" : index + 1}.yaml`)),
  ];
  const findings = Object.values(expect).flatMap((check) => check.findings ?? []);
  const [only, ...others] = markers.filter(({ label }) => label === null);
  const unlabelled = findings.filter((finding) => labelOf(finding) === null);
  // Cases without findings may have marks, for cases share documents.
  ok(
    unlabelled.length === 0 || (only !== undefined && [0, unlabelled.length - 1].includes(others.length)),
    `${name}: ${unlabelled.length} findings for ${only === undefined ? 0 : others.length + 1} marked values «…»`,
  );
  const inOrder = [only, ...others];
  return new Map(
    findings.map((finding) => {
      const label = labelOf(finding);
      const labelled = markers.filter((marker) => label !== null && marker.label === label);
      ok(
        label === null || labelled.length === 1,
        `${name}: ${labelled.length} values are marked with «${label ?? ""}|`,
      );
      const marker = labelled[0] ?? (others.length === 0 ? only : inOrder[unlabelled.indexOf(finding)]);
      return [finding, marker?.at ?? ""] as const;
    }),
  );
}

function labelOf([, at = ""]: ExpectedFinding): string | null {
  return /^«(.*)»$/.exec(at)?.[1] ?? null;
}

function wordsOf(finding: ExpectedFinding): string {
  return (labelOf(finding) === null ? finding[1] : finding[2]) ?? "";
}

function expectCheck(
  subject: string,
  check: Check,
  expected: ExpectedCheck,
  positions: ReadonlyMap<ExpectedFinding, string>,
): void {
  const { findings, missing = [], reason, severity } = expected;
  if (findings !== undefined) {
    deepStrictEqual(
      check.findings.map(({ message_id, location }) => [message_id, position(location)]),
      findings.map((finding) => [finding[0], positions.get(finding)]),
      subject,
    );
    for (const [index, finding] of findings.entries()) {
      includes(check.findings[index]?.message ?? "", wordsOf(finding), subject);
    }
  }
  for (const { message } of check.findings) {
    ok(!/\{\{|undefined|NaN|\[object/.test(message), `${subject}: a placeholder is not filled: ${message}`);
    // An empty value is written as "", which belongs after a word of its own.
    ok(!/\w""/.test(message), `${subject}: an empty value takes the place of words: ${message}`);
    ok(/^[^a-z].*[.!?]$/s.test(message), `${subject}: this message is not a full sentence: ${message}`);
  }
  const gaps = check.missing.map(({ what }) => what);
  for (const words of missing) includes(gaps.join("\n"), words, subject);
  if (reason !== undefined) includes(check.reason ?? "", reason, subject);
  if (severity !== undefined) deepStrictEqual(check.severity, severity, subject);
  if (check.verdict === "inconclusive") ok(gaps.length > 0 || check.reason !== null, `${subject}: nothing is missing`);
  if (check.verdict === "not-applicable") ok(check.reason, `${subject}: the reason is missing`);
}

function includes(text: string, words: string, subject: string): void {
  ok(text.includes(words), `${subject}: ${JSON.stringify(text)} does not contain ${JSON.stringify(words)}`);
}

function position(location: Location | null): string {
  return isTextLocation(location) ? `${location.path}:${location.line}:${location.column}` : "nowhere";
}

function assertDistinct(cases: readonly RuleCase[]): void {
  for (const of of [({ name }: RuleCase) => name, inputOf]) {
    const keys = cases.map(of);
    const twice = cases.filter((_, index) => keys.indexOf(keys[index] ?? "") !== index);
    deepStrictEqual(
      twice.map(({ name }) => name),
      [],
      "a case is there twice",
    );
  }
}

function inputOf({ deployment, inventory, config, files, answers, options, now }: RuleCase): string {
  return JSON.stringify([deployment, inventory, config, files, answers, options, now]);
}

function assertAllMessages({ messages }: Rule, cases: readonly RuleCase[]): void {
  const met = new Set(
    cases.flatMap(({ expect }) => Object.values(expect)).flatMap(({ findings = [] }) => findings.map(([id]) => id)),
  );
  deepStrictEqual(
    Object.keys(messages).filter((id) => !met.has(id)),
    [],
    "no case has these messages",
  );
}

function assertAllVerdicts(cases: readonly RuleCase[], { without = [] }: TesterOptions): void {
  const met = new Set(cases.flatMap(({ expect }) => Object.values(expect)).map(({ verdict }) => verdict));
  deepStrictEqual(
    VERDICTS.filter((verdict) => !met.has(verdict)),
    VERDICTS.filter((verdict) => without.includes(verdict)),
    "verdicts without a case are not those of the option `without`",
  );
}

/** The failing example on the rule's page must fail, and the passing one must only pass. */
async function expectPage(rule: Rule, docs: string): Promise<void> {
  const page = parseRulePage(docs);
  deepStrictEqual(page.id, rule.id, "the first heading of the page is not the id of the rule");
  const verdicts = async ({ deployment, inventory, answers }: PageExample) => {
    const given = { deployment, ...(inventory && { inventory }), ...(answers && { answers }) };
    return [...new Set((await checksOf(rule, given)).map(({ verdict }) => verdict))];
  };
  ok((await verdicts(page.failing)).includes("fail"), "the failing example of the page does not fail");
  deepStrictEqual(await verdicts(page.passing), ["pass"], "the passing example of the page does not pass");
}

async function expectMissed(rule: Rule, cases: readonly RuleCase[], { optional = [] }: TesterOptions): Promise<void> {
  for (const given of cases) {
    deepStrictEqual(
      await unmissed(rule, given, optional),
      [],
      `${given.name}: without these values the checks end as before; read them with need, or name them as optional`,
    );
  }
}
