import { describe, expect, it } from "vitest";
import { defineRule } from "../../../src/engine/api/rule.ts";
import type { EnabledRule, PlannedCheck } from "../../../src/engine/evaluation/plan.ts";
import { SiteObject } from "../../../src/site/core/site-object.ts";
import { type ApprovedCheck, checkSettings, compareWithPlan } from "../../../src/engine/policy/approved-plan.ts";
import type { Check, Verdict } from "../../../src/schema/report.generated.ts";

const GATE = { inconclusive: "fail", maxWarnings: null } as const;

const approved = (rule: string, name: string, isWithoutSubject = false): ApprovedCheck => ({
  rule,
  subject: { kind: "node", name },
  isWithoutSubject,
  severity: "error",
  messages: {},
  options: {},
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
  const held = compareWithPlan({ path: "plan.json", checks, ...GATE }, { checks: now, planned: [], ...GATE });
  expect(held.planned).toBe(checks.length);
  return held.missing.map(({ rule, subject, reason }) => `${rule} ${subject.name}: ${reason}`);
}

const RULE = defineRule({
  ...{ id: "a/b", title: "Require it", severity: "error", since: "0.1.0", remediation: "Fix it.", subject: "node" },
  source: { document: "a", section: "b", wording: "must" },
  messages: { some: "Wrong.", rest: "Wrong." },
  messageSeverity: { some: "warn" },
  options: {
    days: { type: "integer", default: 30, description: "Days." },
    allow: { type: "array", items: { type: "string" }, default: [], description: "Names." },
  },
  stricterOptions: { days: "higher" },
  check: () => undefined,
});

const NOWHERE = {
  document: {
    ...{ kind: "deployment" as const, path: "deployment.yaml", sha256: "", value: {}, secrets: [], directives: [] },
    ...{ locate: () => null, locateKey: () => null },
  },
  path: [],
};
const NODE = new SiteObject({
  ...{ kind: "node", name: "x", descriptions: [], sourceRef: NOWHERE },
  missing: () => ({ what: "it", sourceRef: NOWHERE }),
});

/** What a run falls short of in a plan: both given by what differs from the rule's own settings. */
function milder(before: Partial<EnabledRule>, now: Partial<EnabledRule>, gates: readonly [object, object] = [{}, {}]) {
  const planned = (given: Partial<EnabledRule>): PlannedCheck => ({
    enabled: { rule: RULE, severity: null, options: { days: 30, allow: [] }, skip: null, ...given },
    severity: given.severity ?? (given.strict === true ? "error" : RULE.severity),
    subject: NODE,
    noSubject: null,
    usualSeverity: "warn",
  });
  const check: ApprovedCheck = {
    ...{ rule: "a/b", subject: { kind: "node", name: "x" }, isWithoutSubject: false },
    ...checkSettings(planned(before)),
  };
  const { missing, relaxed } = compareWithPlan(
    { path: "plan.json", checks: [check], ...GATE, ...gates[0] },
    { checks: [evaluated("a/b", "x")], planned: [planned(now)], ...GATE, ...gates[1] },
  );
  expect(missing).toEqual([]);
  return relaxed.map(
    ({ rule, subject, setting, from, to }) => `${rule ?? "all"} ${subject?.name ?? "all"} ${setting}: ${from} to ${to}`,
  );
}

describe("an approved plan enforces its settings", () => {
  it("and finds nothing in the same or in stricter ones", () => {
    expect(milder({}, {})).toEqual([]);
    expect(milder({}, { strict: true })).toEqual([]);
    expect(milder({ severity: "warn" }, { severity: "error" })).toEqual([]);
    expect(milder({}, { options: { days: 60, allow: [] } })).toEqual([]);
    const gates = [
      { inconclusive: "ignore", maxWarnings: null },
      { inconclusive: "fail", maxWarnings: 3 },
    ] as const;
    expect(milder({}, {}, gates)).toEqual([]);
  });

  it.each<readonly [string, Partial<EnabledRule>, Partial<EnabledRule>, readonly string[]]>([
    ["a severity", {}, { severity: "info" }, ["severity: error to info", "severity of some: warn to info"]],
    ["the severity of a message alone", { severity: "error" }, {}, ["severity of some: error to warn"]],
    ["strict no more", { strict: true }, {}, ["severity of some: error to warn"]],
    ["an option", {}, { options: { days: 3, allow: [] } }, ["option days: 30 to 3"]],
    ["an option without a direction", {}, { options: { days: 30, allow: ["a"] } }, ['option allow: [] to ["a"]']],
  ])("%s", (_, before, now, expected) => {
    expect(milder(before, now)).toEqual(expected.map((text) => `a/b x ${text}`));
  });

  it("of the gate as well", () => {
    const gates = [
      { inconclusive: "warn", maxWarnings: 3 },
      { inconclusive: "ignore", maxWarnings: 4 },
    ] as const;
    expect(milder({}, {}, gates)).toEqual(["all all inconclusive: warn to ignore", "all all max_warnings: 3 to 4"]);
  });
});

describe("an approved plan enforces", () => {
  it.each(["pass", "fail", "inconclusive", "not-applicable", "waived", "crashed"] as const)(
    "nothing for a check that ended in %s, with the subject in any case",
    (verdict) => {
      expect(missing([approved("a/b", "Oslo")], [evaluated("a/b", "oslo", verdict)])).toEqual([]);
    },
  );

  it("each check that is skipped, gone or off", () => {
    const plan = [approved("a/b", "x"), approved("a/b", "y"), approved("c/d", "x")];
    expect(missing(plan, [evaluated("a/b", "x", "skipped")])).toEqual([
      "a/b x: skipped: not chosen",
      "a/b y: node:y no longer exists, or the rule is off for it",
      "c/d x: the rule did not run",
    ]);
  });

  it("only the rule if its subjects were none or unknown", () => {
    const plan = [approved("a/b", "deployment", true)];
    expect(missing(plan, [evaluated("a/b", "x"), evaluated("a/b", "y", "skipped")])).toEqual([]);
    expect(missing(plan, [evaluated("a/b", "x", "skipped")])).toHaveLength(1);
    expect(missing(plan, [evaluated("c/d", "deployment")])).toEqual(["a/b deployment: the rule did not run"]);
  });
});
