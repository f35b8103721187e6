import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exitCode, type GatePolicy, summarise } from "../../../src/engine/gate/gate.ts";
import type { Check, Severity, Verdict } from "../../../src/schema/report.generated.ts";

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
const gate = (checks: readonly Check[], given: GatePolicy = strict, errors = 0) =>
  summarise(checks, errors, given).gate;

const PASS = check("pass");

describe("what one check does to the gate, by the policy for undecided ones", () => {
  // Beside a check that passes, so that there is a verdict. With --max-warnings 0.
  const table: readonly (readonly [Verdict, Severity, fail: string, warn: string, ignore: string])[] = [
    ["pass", "error", "open", "open", "open"],
    ["fail", "error", "closed", "closed", "closed"],
    ["fail", "warn", "closed", "closed", "closed"],
    ["fail", "info", "open", "open", "open"],
    ["inconclusive", "error", "closed", "closed", "open"],
    ["inconclusive", "warn", "open", "closed", "open"],
    ["inconclusive", "info", "open", "open", "open"],
    ["not-applicable", "error", "open", "open", "open"],
    ["skipped", "error", "open", "open", "open"],
    ["waived", "error", "open", "open", "open"],
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
    expect(gate(warnings(100))).toBe("open");
  });

  it("close the gate when there are more than allowed", () => {
    expect(gate(warnings(2), policy({ maxWarnings: 2 }))).toBe("open");
    expect(gate(warnings(3), policy({ maxWarnings: 2 }))).toBe("closed");
    expect(gate(warnings(0), policy({ maxWarnings: 0 }))).toBe("open");
  });

  it("count undecided checks too when those are weighed as warnings", () => {
    const checks = [
      ...warnings(1),
      check("inconclusive"),
      check("inconclusive", "warn"),
      check("inconclusive", "info"),
    ];
    expect(gate(checks, policy({ inconclusive: "warn", maxWarnings: 3 }))).toBe("open");
    expect(gate(checks, policy({ inconclusive: "warn", maxWarnings: 2 }))).toBe("closed");
    expect(summarise(checks, 0, policy({ inconclusive: "warn", maxWarnings: 2 })).gate_reason).toBe(
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
    const summary = summarise(checks, 0, strict);
    expect([summary.gate, summary.gate_reason]).toEqual(["no-verdict", "no check was judged"]);
  });

  it.each<Verdict>(["pass", "fail", "waived", "inconclusive"])("but not when a check ended in %s", (verdict) => {
    expect(gate([check("skipped"), check(verdict, "info")])).not.toBe("no-verdict");
  });

  it("on a crash, even where a check failed", () => {
    const summary = summarise([check("crashed"), check("fail")], 0, strict);
    expect([summary.gate, summary.gate_reason]).toEqual(["no-verdict", "1 check crashed"]);
  });

  it("on an error of the run", () => {
    const summary = summarise([PASS], 2, strict);
    expect([summary.gate, summary.gate_reason]).toEqual(["no-verdict", "the run had 2 errors"]);
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
    expect(summarise(all, 0, policy({ maxWarnings: 0 }))).toEqual({
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
      gate: "closed",
      gate_reason: "1 error, 1 required check undecided, 1 warning, at most 0 allowed",
    });
  });

  it("writes numbers as every report does", () => {
    const many = (verdict: Verdict, severity: Severity) => Array.from({ length: 1204 }, () => check(verdict, severity));
    const checks = [...many("fail", "error"), ...many("inconclusive", "error"), ...many("fail", "warn")];
    const { gate_reason } = summarise(checks, 0, policy({ maxWarnings: 1000 }), 2500);
    expect(gate_reason).toBe(
      "1,204 errors, 1,204 required checks undecided, 1,204 warnings, at most 1,000 allowed, " +
        "2,500 checks of the approved plan no longer judged",
    );
  });

  it("is partial only when checks were skipped", () => {
    expect(summarise([PASS, check("not-applicable")], 0, strict).partial).toBe(false);
    expect(summarise([PASS, check("skipped")], 0, strict).partial).toBe(true);
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
        const sum = summarise(checks, 0, given);
        const verdicts = sum.pass + sum.fail + sum.inconclusive + sum["not-applicable"] + sum.skipped;
        expect(verdicts + sum.waived + sum.crashed).toBe(checks.length);
        expect(sum.errors + sum.warnings + sum.infos).toBe(sum.fail);
        if (sum.errors > 0 || sum.crashed > 0) expect(sum.gate).not.toBe("open");
        if (given.inconclusive === "fail" && rows.some(([v, s]) => v === "inconclusive" && s === "error")) {
          expect(sum.gate).not.toBe("open");
        }
      }),
    );
  });
});

describe("exitCode", () => {
  it.each([
    ["open", 0],
    ["closed", 1],
    ["no-verdict", 2],
  ] as const)("of %s is %d", (state, code) => {
    expect(exitCode(state)).toBe(code);
  });
});
