import type { RuleTest, SelfTest, TestedRule } from "../../schema/proof/selftest.generated.ts";
import type { ProofView } from "./proof-view.ts";
import { painter } from "../text/paint.ts";
import { wrap } from "../text/flow.ts";
import { counted, escapeForTerminal, listed, messageText, sentence, subjectName } from "../text/wording.ts";

/** Number of rules listed; more are counted, and the JSON has all. */
const MOST_NAMED = 20;

/** A self-test for people: first rules that did not fail, then those that were not exercised, then the others. */
export function* selftestText({ rules, summary, passed }: SelfTest, view: ProofView): Generator<string> {
  const paint = painter(view.color);
  const lines = (text: string, indent: number) =>
    wrap(text, view.width - indent - 2).map(
      (line, index) => `${" ".repeat(index === 0 ? indent : indent + 2)}${line}\n`,
    );
  function* ruleText(tested: TestedRule): Generator<string> {
    const mark = tested.result === "silent" ? paint("SILENT", "red") : paint("fails", "green");
    yield `${mark}  ${paint(escapeForTerminal(tested.rule), "bold")}${tested.live ? " (live)" : ""}\n`;
    if (tested.reason !== null) yield* lines(sentence(capitalized(escapeForTerminal(tested.reason))), 2);
    for (const test of shownTests(tested)) yield* lines(testText(test), 2);
  }
  for (const tested of withResult(rules, "silent")) yield* ruleText(tested);
  for (const [reason, those] of byReason(withResult(rules, "not-exercised"))) {
    const names = those.map(({ rule }) => escapeForTerminal(rule));
    yield* lines(`${paint("not exercised", "yellow")}  ${sentence(capitalized(escapeForTerminal(reason)))}`, 0);
    const named = names.length > MOST_NAMED ? "" : `: ${listed(names)}`;
    yield* lines(`${counted(names.length, "rule")}${named}`, 2);
  }
  if (!view.isBrief) for (const tested of withResult(rules, "fails")) yield* ruleText(tested);
  const { fails, silent, not_exercised, waived } = summary;
  yield "\n";
  yield* lines(
    `${counted(fails, "rule")} can fail on this deployment, ${counted(silent, "rule")} stayed silent, ${counted(not_exercised, "rule")} could not be exercised.`,
    0,
  );
  if (waived > 0)
    yield* lines(`A waiver covers the failures of ${counted(waived, "rule")}: they do not fail the gate.`, 0);
  yield* lines(
    passed
      ? "Self-test passed: no rule passed in spite of an error."
      : `Self-test failed: ${counted(silent, "rule")} passed in spite of an error. Do not rely on ${silent === 1 ? "it" : "them"} before that is fixed.`,
    0,
  );
}

function withResult(rules: readonly TestedRule[], result: TestedRule["result"]): readonly TestedRule[] {
  return rules.filter((tested) => tested.result === result);
}

/** Rules that could not be exercised, by reason. */
function byReason(rules: readonly TestedRule[]): ReadonlyMap<string, readonly TestedRule[]> {
  const groups = new Map<string, TestedRule[]>();
  for (const tested of rules) {
    const group = groups.get(tested.reason ?? "");
    if (group === undefined) groups.set(tested.reason ?? "", [tested]);
    else group.push(tested);
  }
  return groups;
}

/** For a rule that can fail, one error is enough; for one that cannot, those that it did not report. */
function shownTests({ result, tests }: TestedRule): readonly RuleTest[] {
  if (result === "silent") return tests.filter(({ verdict }) => verdict !== "fail");
  return tests.filter(({ verdict }) => verdict === "fail").slice(0, 1);
}

function testText({ error, subject, verdict, severity, waived, message }: RuleTest): string {
  const ended = verdict === "fail" ? `${waived ? "waived " : ""}${severity ?? "error"}` : verdict;
  const said = message === null ? "" : `: ${messageText(message)}`;
  return `${subjectName(subject)}, ${escapeForTerminal(error)} → ${ended}${said}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
