import { describe, expect, it } from "vitest";
import { type ApprovedCheck, compareWithPlan } from "../../../src/engine/gate/baseline.ts";
import type { Check, Verdict } from "../../../src/schema/report.generated.ts";

const approved = (rule: string, name: string, isWithoutSubject = false): ApprovedCheck => ({
  rule,
  subject: { kind: "node", name },
  isWithoutSubject,
});

function evaluated(rule: string, name: string, verdict: Verdict = "pass"): Check {
  return {
    ...{ rule, subject: { kind: "node", name }, severity: "error", verdict },
    reason: verdict === "skipped" ? "not chosen" : null,
    ...{
      missing: [],
      because: [],
      root_causes: [],
      findings: [],
      evidence: [],
      waiver: null,
      remediation: null,
      location: null,
    },
  };
}

function missing(checks: readonly ApprovedCheck[], now: readonly Check[]) {
  const held = compareWithPlan({ path: "plan.json", checks }, now);
  expect(held.planned).toBe(checks.length);
  return held.missing.map(({ rule, subject, reason }) => `${rule} ${subject.name}: ${reason}`);
}

describe("an approved plan holds a run to", () => {
  it.each(["pass", "fail", "inconclusive", "not-applicable", "waived", "crashed"] as const)(
    "nothing more than a check that ended in %s, in whatever case its subject is written",
    (verdict) => {
      expect(missing([approved("a/b", "Oslo")], [evaluated("a/b", "oslo", verdict)])).toEqual([]);
    },
  );

  it("each check that is skipped, gone or off", () => {
    const plan = [approved("a/b", "x"), approved("a/b", "y"), approved("c/d", "x")];
    expect(missing(plan, [evaluated("a/b", "x", "skipped")])).toEqual([
      "a/b x: skipped: not chosen",
      "a/b y: there is no node:y any more, or the rule is off for it",
      "c/d x: the rule took no part in this run",
    ]);
  });

  it("the rule alone where its subjects were none or unknown", () => {
    const plan = [approved("a/b", "deployment", true)];
    expect(missing(plan, [evaluated("a/b", "x"), evaluated("a/b", "y", "skipped")])).toEqual([]);
    expect(missing(plan, [evaluated("a/b", "x", "skipped")])).toHaveLength(1);
    expect(missing(plan, [evaluated("c/d", "deployment")])).toEqual([
      "a/b deployment: the rule took no part in this run",
    ]);
  });
});
