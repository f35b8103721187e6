import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checksAgainstGate, decideGate, exitCode, type GatePolicy } from "../../../src/engine/gate/gate.ts";
import type { Check, CheckReference, Severity, Verdict } from "../../../src/schema/report.generated.ts";

const check = (verdict: Verdict, severity: Severity = "error"): Check => ({
  rule: "test/tiny",
  subject: { kind: "node", name: "a" },
  severity,
  verdict,
  reason: null,
  missing: [],
  because: [],
  root_causes: [],
  findings: [],
  evidence: [],
  waiver: null,
  remediation: null,
  location: null,
});

const strict: GatePolicy = { inconclusive: "fail", maxWarnings: null };
const policy = (changes: Partial<GatePolicy>): GatePolicy => ({ ...strict, ...changes });
const decided = (
  checks: readonly Check[],
  given: GatePolicy = strict,
  errors = 0,
  unplanned: readonly CheckReference[] = [],
) =>
  decideGate(
    { checks, errors, baseline: { missing: unplanned.map((one) => ({ ...one, reason: "off" })), relaxed: [] } },
    given,
  );
const gate = (checks: readonly Check[], given: GatePolicy = strict, errors = 0) =>
  decided(checks, given, errors).summary.gate;

const PASS = check("pass");

describe("what one check does to the gate, by the policy for inconclusive ones", () => {
  // Beside a check that passes, so that there is a verdict. With --max-warnings 0.
  const table: readonly (readonly [Verdict, Severity, fail: string, warn: string, ignore: string])[] = [
    ["pass", "error", "passed", "passed", "passed"],
    ["fail", "error", "failed", "failed", "failed"],
    ["fail", "warn", "failed", "failed", "failed"],
    ["fail", "info", "passed", "passed", "passed"],
    ["inconclusive", "error", "failed", "failed", "passed"],
    ["inconclusive", "warn", "passed", "failed", "passed"],
    ["inconclusive", "info", "passed", "passed", "passed"],
    ["not-applicable", "error", "passed", "passed", "passed"],
    ["skipped", "error", "passed", "passed", "passed"],
    ["waived", "error", "passed", "passed", "passed"],
    ["crashed", "info", "no-verdict", "no-verdict", "no-verdict"],
  ];

  it.each(table)("%s at level %s: %s, %s, %s", (verdict, severity, fail, warn, ignore) => {
    const gates = (["fail", "warn", "ignore"] as const).map((inconclusive) =>
      gate([PASS, check(verdict, severity)], policy({ inconclusive, maxWarnings: 0 })),
    );
    expect(gates).toEqual([fail, warn, ignore]);
  });
});

describe("warnings", () => {
  const warnings = (count: number) => [PASS, ...Array.from({ length: count }, () => check("fail", "warn"))];

  it("are fine in any number without --max-warnings", () => {
    expect(gate(warnings(100))).toBe("passed");
  });

  it("fail the gate when there are more than allowed", () => {
    expect(gate(warnings(2), policy({ maxWarnings: 2 }))).toBe("passed");
    expect(gate(warnings(3), policy({ maxWarnings: 2 }))).toBe("failed");
    expect(gate(warnings(0), policy({ maxWarnings: 0 }))).toBe("passed");
  });

  it("count inconclusive checks too when those are weighed as warnings", () => {
    const checks = [
      ...warnings(1),
      check("inconclusive"),
      check("inconclusive", "warn"),
      check("inconclusive", "info"),
    ];
    expect(gate(checks, policy({ inconclusive: "warn", maxWarnings: 3 }))).toBe("passed");
    expect(gate(checks, policy({ inconclusive: "warn", maxWarnings: 2 }))).toBe("failed");
    expect(decided(checks, policy({ inconclusive: "warn", maxWarnings: 2 })).summary.gate_reason).toBe(
      "3 warnings, at most 2 allowed",
    );
  });
});

describe("no verdict", () => {
  it.each<[string, readonly Check[]]>([
    ["no check at all", []],
    ["only checks that do not apply", [check("not-applicable")]],
    ["only skipped checks", [check("skipped"), check("skipped")]],
  ])("on %s", (_, checks) => {
    const { summary } = decided(checks);
    expect([summary.gate, summary.gate_reason]).toEqual(["no-verdict", "no check was evaluated"]);
  });

  it.each<Verdict>(["pass", "fail", "waived", "inconclusive"])("but not when a check ended in %s", (verdict) => {
    expect(gate([check("skipped"), check(verdict, "info")])).not.toBe("no-verdict");
  });

  it("on a crash, even if a check failed", () => {
    const { summary } = decided([check("crashed"), check("fail")]);
    expect([summary.gate, summary.gate_reason]).toEqual(["no-verdict", "1 check crashed"]);
  });

  it("on an error of the run", () => {
    const { summary } = decided([PASS], strict, 2);
    expect([summary.gate, summary.gate_reason]).toEqual(["no-verdict", "the run had 2 errors"]);
  });
});

describe("the counts of inconclusive checks", () => {
  const missing = { ...check("inconclusive"), missing: [{ what: "a.b is not in the inventory", location: null }] };
  const failed = (...rules: readonly string[]): Check => ({
    ...check("inconclusive"),
    because: rules.map((rule) => ({ rule, subject: { kind: "node", name: "a" } })),
  });
  const times = (count: number, one: Check) => Array.from({ length: count }, () => one);
  const reason = (checks: readonly Check[]) => decided([PASS, ...checks]).summary.gate_reason;

  it("add up by what they depend on", () => {
    expect(reason([...times(2, missing), ...times(4, failed("cluster/evc-min-sandy-bridge"))])).toBe(
      "6 required checks inconclusive: 2 need a missing value, 4 depend on cluster/evc-min-sandy-bridge",
    );
    expect(reason([missing, check("inconclusive"), failed("a/b", "a/a")])).toBe(
      "3 required checks inconclusive: 1 needs a missing value, 1 for other reasons, 1 depends on a/a and a/b",
    );
    expect(reason([...times(3, failed("a/a")), ...times(2, failed("a/b")), failed("a/c")])).toBe(
      "6 required checks inconclusive: 3 depend on a/a, 3 depend on other failed checks",
    );
  });

  it("name the cause of most checks first, and a second one if there is no third", () => {
    expect(reason([failed("a/a"), ...times(2, failed("b/b"))])).toBe(
      "3 required checks inconclusive: 2 depend on b/b, 1 depends on a/a",
    );
  });

  it("do not include checks that fail", () => {
    expect(reason([missing, { ...failed("a/a"), verdict: "fail" }])).toBe("1 error; 1 required check inconclusive");
  });

  it("are one count if no check depends on another", () => {
    expect(reason(times(2, missing))).toBe("2 required checks inconclusive");
  });
});

describe("the reason of a gate that passed", () => {
  const reason = (...checks: readonly Check[]) =>
    decided([PASS, ...checks], policy({ inconclusive: "ignore" })).summary.gate_reason;

  it("counts the required inconclusive checks that the policy allows", () => {
    expect(reason(check("inconclusive", "warn"))).toBe("no required check failed or is inconclusive");
    expect(reason(check("inconclusive"), check("inconclusive", "warn"))).toBe(
      "no required check failed; 1 required check inconclusive, as allowed",
    );
  });
});

describe("failures that others cause", () => {
  const caused: Check = { ...check("fail"), root_causes: [{ rule: "a/a", subject: { kind: "node", name: "a" } }] };

  it("count for the gate, which names the number of root causes", () => {
    const { summary } = decided([check("fail"), caused, caused]);
    expect([summary.errors, summary.root_errors, summary.gate_reason]).toEqual([3, 1, "3 errors, 1 root cause"]);
    expect(decided([check("fail")]).summary.gate_reason).toBe("1 error");
  });

  it("of another severity are no root errors", () => {
    expect(decided([check("fail", "warn"), caused]).summary.root_errors).toBe(0);
  });
});

describe("settings that are milder than in the approved plan", () => {
  it("fail the gate, with the checks that they are about", () => {
    const relaxed = [
      { rule: "a/a", subject: { kind: "node", name: "n" } },
      { rule: "a/b", subject: null },
      { rule: null, subject: null },
    ].map((one) => ({ ...one, setting: "severity", from: "error", to: "warn" }));
    const { summary, blockers } = decideGate({ checks: [PASS], errors: 0, baseline: { missing: [], relaxed } }, strict);
    expect([summary.gate, summary.gate_reason]).toEqual(["failed", "3 settings relaxed since the approved plan"]);
    expect(blockers.map(({ checks }) => checks)).toEqual([[{ rule: "a/a", subject: { kind: "node", name: "n" } }]]);
    expect(decideGate({ checks: [PASS], errors: 0, baseline: { missing: [], relaxed: [] } }, strict).blockers).toEqual(
      [],
    );
  });
});

describe("checksAgainstGate", () => {
  const checks = [
    ...[PASS, check("fail"), check("fail", "warn"), check("fail", "info"), check("crashed")],
    ...[check("inconclusive"), check("inconclusive", "warn"), check("waived")],
  ];
  const against = (changes: Partial<GatePolicy>) =>
    checksAgainstGate(checks, policy(changes)).map(({ verdict, severity }) => `${verdict} ${severity}`);

  it.each<[string, Partial<GatePolicy>, readonly string[]]>([
    ["errors and required inconclusive checks", {}, ["fail error", "inconclusive error"]],
    ["no warnings as long as there are not too many", { maxWarnings: 1 }, ["fail error", "inconclusive error"]],
    ["all warnings where there are", { maxWarnings: 0 }, ["fail error", "fail warn", "inconclusive error"]],
    ["no inconclusive checks that are ignored", { inconclusive: "ignore" }, ["fail error"]],
    [
      "inconclusive checks as warnings",
      { inconclusive: "warn", maxWarnings: 2 },
      ["fail error", "fail warn", "inconclusive error", "inconclusive warn"],
    ],
  ])("are %s", (_, changes, expected) => {
    expect(against(changes)).toEqual(expected);
  });
});

describe("the summary", () => {
  const all: readonly Check[] = [
    PASS,
    check("fail", "error"),
    check("fail", "warn"),
    check("fail", "info"),
    check("fail", "info"),
    check("inconclusive"),
    check("not-applicable"),
    check("skipped"),
    check("waived"),
  ];

  it("counts every verdict, and failures by severity", () => {
    expect(decided(all, policy({ maxWarnings: 0 })).summary).toEqual({
      planned: 9,
      pass: 1,
      fail: 4,
      inconclusive: 1,
      "not-applicable": 1,
      skipped: 1,
      waived: 1,
      crashed: 0,
      errors: 1,
      warnings: 1,
      infos: 2,
      root_errors: 1,
      partial: true,
      gate: "failed",
      gate_reason: "1 error; 1 required check inconclusive; 1 warning, at most 0 allowed",
    });
  });

  it("writes numbers as every report does", () => {
    const many = (verdict: Verdict, severity: Severity) => Array.from({ length: 1204 }, () => check(verdict, severity));
    const checks = [...many("fail", "error"), ...many("inconclusive", "error"), ...many("fail", "warn")];
    const missing = Array.from({ length: 2500 }, () => PASS);
    const { summary } = decided(checks, policy({ maxWarnings: 1000 }), 0, missing);
    expect(summary.gate_reason).toBe(
      "1,204 errors; 1,204 required checks inconclusive; 1,204 warnings, at most 1,000 allowed; " +
        "2,500 checks of the approved plan no longer evaluated",
    );
  });

  it("is partial only when checks were skipped", () => {
    expect(decided([PASS, check("not-applicable")]).summary.partial).toBe(false);
    expect(decided([PASS, check("skipped")]).summary.partial).toBe(true);
  });

  const anyCheck = fc.tuple(
    fc.constantFrom<Verdict>("pass", "fail", "inconclusive", "not-applicable", "skipped", "waived", "crashed"),
    fc.constantFrom<Severity>("error", "warn", "info"),
  );
  const anyPolicy = fc.record<GatePolicy>({
    inconclusive: fc.constantFrom("fail", "warn", "ignore"),
    maxWarnings: fc.option(fc.nat(3)),
  });

  it("adds up, and the gate is never open over a failure of level error or a crash", () => {
    fc.assert(
      fc.property(fc.array(anyCheck), anyPolicy, (rows, given) => {
        const checks = rows.map(([verdict, severity]) => check(verdict, severity));
        const { summary: sum, blockers } = decided(checks, given);
        expect(blockers.length === 0).toBe(sum.gate === "passed");
        const verdicts = sum.pass + sum.fail + sum.inconclusive + sum["not-applicable"] + sum.skipped;
        expect(verdicts + sum.waived + sum.crashed).toBe(checks.length);
        expect(sum.errors + sum.warnings + sum.infos).toBe(sum.fail);
        if (sum.errors > 0 || sum.crashed > 0) expect(sum.gate).not.toBe("passed");
        if (given.inconclusive === "fail" && rows.some(([v, s]) => v === "inconclusive" && s === "error")) {
          expect(sum.gate).not.toBe("passed");
        }
      }),
    );
  });
});

describe("the blockers", () => {
  const named = (name: string, one: Check): Check => ({ ...one, subject: { kind: "node", name } });
  const checks = [
    named("a", PASS),
    named("b", check("fail")),
    named("c", check("inconclusive")),
    named("d", check("fail", "warn")),
    named("e", check("inconclusive", "warn")),
    named("f", check("fail", "info")),
    named("g", check("inconclusive", "info")),
    named("h", check("waived")),
    named("i", check("skipped")),
    named("j", check("fail")),
  ];
  const shown = (...parameters: Parameters<typeof decided>) =>
    decided(...parameters).blockers.map(
      ({ kind, checks: members }) => `${kind}: ${members.map(({ subject }) => subject.name).join("")}`,
    );

  it.each<[string, Partial<GatePolicy>, readonly string[]]>([
    ["by default", {}, ["fail: bj", "inconclusive: c"]],
    ["with --max-warnings", { maxWarnings: 0 }, ["fail: bj", "inconclusive: c", "warnings: d"]],
    ["with inconclusive checks as warnings", { inconclusive: "warn", maxWarnings: 2 }, ["fail: bj", "warnings: cde"]],
    ["with as many warnings as are allowed", { inconclusive: "warn", maxWarnings: 3 }, ["fail: bj"]],
    ["with inconclusive checks ignored", { inconclusive: "ignore", maxWarnings: 0 }, ["fail: bj", "warnings: d"]],
  ])("are the checks that fail the gate %s, in plan order", (_, changes, expected) => {
    expect(shown(checks, policy(changes))).toEqual(expected);
  });

  it("name the checks of the approved plan that are missing", () => {
    expect(shown([PASS], strict, 0, [named("x", PASS), named("y", PASS)])).toEqual(["baseline: xy"]);
  });

  it("begin with what leaves no verdict, and the reason is then the first of them", () => {
    const { summary, blockers } = decided([check("crashed"), check("fail")], strict, 1);
    expect(blockers.map(({ kind }) => kind)).toEqual(["crashed", "errors", "fail"]);
    expect(blockers.map(({ reason }) => reason)).toEqual(["1 check crashed", "the run had 1 error", "1 error"]);
    expect(summary.gate_reason).toBe("1 check crashed");
    expect(shown([check("skipped")])).toEqual(["nothing-evaluated: "]);
    expect(shown([], strict, 1)).toEqual(["errors: "]);
    expect(shown([check("crashed")])).toEqual(["crashed: a"]);
  });
});

describe("exitCode", () => {
  it.each([
    ["passed", 0],
    ["failed", 1],
    ["no-verdict", 2],
  ] as const)("of %s is %d", (state, code) => {
    expect(exitCode(state)).toBe(code);
  });
});

describe("checks that apply after deployment", () => {
  const later = (severity: Severity): Check => ({ ...check("not-applicable", severity), awaits: "deployment" });
  const reason = (checks: readonly Check[]) => decided(checks).summary.gate_reason;

  it("do not change the gate, and are counted in its line if they are required", () => {
    expect(gate([PASS, later("error"), later("error"), later("warn")])).toBe("passed");
    expect(reason([PASS, later("error"), later("error"), later("warn")])).toMatch(
      /; 2 required checks apply after deployment, then run preflight again$/,
    );
    expect(reason([PASS, later("error")])).toContain("1 required check applies after deployment");
    expect(reason([check("fail"), later("error")])).toBe(
      "1 error; 1 required check applies after deployment, then run preflight again",
    );
    expect(reason([PASS, later("warn")])).not.toContain("after deployment");
  });
});
