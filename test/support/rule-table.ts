import { describe, expect, it } from "vitest";
import type { Check, Verdict } from "../../src/schema/report.generated.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import { isTextLocation } from "../../src/values/location.ts";
import { type CaseInput, checksOf } from "../../src/plugin/judged-case.ts";
import { SPARED } from "./spared.ts";

export { checksOf };

/** One case of a rule: documents in, the verdict of each subject out. */
export interface RuleCase extends CaseInput {
  readonly name: string;
  /** By subject (`node:oslo-conf01`): all checks of the rule, none left out. */
  readonly expect: Readonly<Record<string, Expected>>;
}

interface Expected {
  readonly verdict: Verdict;
  /** Message ids of the findings, each with `line:column` where it points and, if given, words of its message. */
  readonly findings?: readonly (readonly [messageId: string, at: string, words?: string])[];
  /** What is missing, in full or in part, in any order. */
  readonly missing?: readonly string[];
  /** Words of the reason. */
  readonly reason?: string;
  readonly severity?: Check["severity"];
}

/**
 * A table of cases for one rule. The table as a whole must hold a pass, a fail, an inconclusive and a not-applicable
 * check (unless the rule is said to have no such verdict), so that no verdict of a rule goes untested.
 */
export function ruleTable(rule: Rule, cases: readonly RuleCase[], without: readonly Verdict[] = []): void {
  describe(rule.id, () => {
    it.each(cases)("$name", async (given) => {
      const checks = await checksOf(rule, given);
      const seen = Object.fromEntries(checks.map((check) => [`${check.subject.kind}:${check.subject.name}`, check]));
      const verdicts = (of: Readonly<Record<string, { readonly verdict: Verdict }>>) =>
        Object.fromEntries(Object.entries(of).map(([subject, { verdict }]) => [subject, verdict]));
      expect(verdicts(seen)).toEqual(verdicts(given.expect));
      for (const [subject, expected] of Object.entries(given.expect)) {
        const check = seen[subject];
        if (check !== undefined) compare(check, expected);
      }
    });

    it("does not pass without a value that it needs", async () => {
      const { unmissed } = await import("../../src/plugin/removal.ts");
      const found = [];
      for (const given of cases) {
        const spared = await unmissed(rule, given, SPARED[rule.id] ?? []);
        if (spared.length > 0) found.push({ case: given.name, spared });
      }
      expect(found).toEqual([]);
    });

    it.each(
      (["pass", "fail", "inconclusive", "not-applicable"] as const).filter((verdict) => !without.includes(verdict)),
    )("has a case that ends in %s", (verdict) => {
      expect(cases.flatMap((given) => Object.values(given.expect)).map((expected) => expected.verdict)).toContain(
        verdict,
      );
    });
  });
}

function compare(check: Check, expected: Expected): void {
  if (expected.findings !== undefined) {
    const found = check.findings.map(({ message_id, location }) => [message_id, position(location)]);
    expect(found).toEqual(expected.findings.map(([id, at]) => [id, at]));
    for (const [index, [, , words]] of expected.findings.entries()) {
      if (words !== undefined) expect(check.findings[index]?.message).toContain(words);
    }
  }
  for (const finding of check.findings) {
    expect(finding.message).toMatch(/^[^a-z].*[.!?]$/s);
    expect(finding.message).not.toMatch(/\{\{|undefined|NaN|\[object/);
  }
  const gaps = check.missing.map(({ what }) => what);
  for (const what of expected.missing ?? []) expect(gaps.join("\n")).toContain(what);
  if (expected.reason !== undefined) expect(check.reason).toContain(expected.reason);
  if (expected.severity !== undefined) expect(check.severity).toBe(expected.severity);
  if (check.verdict === "inconclusive") expect(gaps.length > 0 || check.reason !== null).toBe(true);
  if (check.verdict === "not-applicable") expect(check.reason).toBeTruthy();
}

function position(location: Check["location"]): string {
  return isTextLocation(location)
    ? `${location.path.replace(/\..*/, "")}:${location.line}:${location.column}`
    : "nowhere";
}
