import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withRootCauses } from "../../../src/engine/evaluation/root-causes.ts";
import type { Check, CheckReference, Finding, Severity, Verdict } from "../../../src/schema/report.generated.ts";

interface Sketch {
  readonly severity?: Severity;
  readonly verdict?: Verdict;
  /** For each finding the names of the checks at whose values it depends. */
  readonly findings?: readonly (readonly string[])[];
}

const reference = (name: string): CheckReference => ({ rule: `g/${name}`, subject: { kind: "node", name: "a" } });

function finding(causes: readonly string[]): Finding {
  return {
    message_id: "m",
    message: "M.",
    data: {},
    fingerprint: "f",
    location: null,
    caused_by: causes.map(reference),
    related: [],
  };
}

function checks(sketches: Readonly<Record<string, Sketch>>): readonly Check[] {
  return Object.entries(sketches).map(([name, { severity = "error", verdict = "fail", findings = [[]] }]) => ({
    ...reference(name),
    severity,
    verdict,
    reason: null,
    missing: [],
    because: [],
    findings: findings.map(finding),
    root_causes: [],
    evidence: [],
    waiver: null,
    remediation: null,
    location: null,
  }));
}

/** Root causes by the name of the check. */
function roots(sketches: Readonly<Record<string, Sketch>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    withRootCauses(checks(sketches)).map(({ rule, root_causes }) => [
      rule.slice(2),
      root_causes.map((root) => root.rule.slice(2)),
    ]),
  );
}

describe("root causes", () => {
  it("links a check to the failed check that it depends on", () => {
    expect(roots({ version: {}, avx2: { findings: [["version"]] } })).toEqual({ version: [], avx2: ["version"] });
  });

  it("follows chains to their end", () => {
    expect(roots({ c: { findings: [["b"]] }, b: { findings: [["a"]] }, a: {} })).toEqual({ c: ["a"], b: ["a"], a: [] });
  });

  it("lists every root, in the order of the run", () => {
    expect(roots({ x: {}, y: {}, z: { findings: [["y"], ["x"]] } })["z"]).toEqual(["x", "y"]);
  });

  it("treats a check with a finding of its own as a root", () => {
    expect(roots({ x: {}, y: { findings: [["x"], []] } })["y"]).toEqual([]);
  });

  it("does not link to a check that passes, is waived or is inconclusive", () => {
    for (const verdict of ["pass", "waived", "inconclusive", "not-applicable", "crashed", "skipped"] as const) {
      expect(roots({ x: { verdict }, y: { findings: [["x"]] } })["y"], verdict).toEqual([]);
    }
  });

  it("links to a check of the same or a higher severity only", () => {
    expect(roots({ x: { severity: "warn" }, y: { findings: [["x"]] } })["y"]).toEqual([]);
    expect(roots({ x: { severity: "warn" }, y: { severity: "info", findings: [["x"]] } })["y"]).toEqual(["x"]);
  });

  it("leaves checks that depend on each other unlinked, and what depends on them linked", () => {
    expect(roots({ x: { findings: [["y"]] }, y: { findings: [["x"]] }, z: { findings: [["y"]] } })).toEqual({
      x: [],
      y: [],
      z: ["y"],
    });
  });

  it("keeps of the direct causes those that count", () => {
    const linked = withRootCauses(checks({ x: {}, y: { verdict: "waived" }, z: { findings: [["x", "y"]] } }));
    expect(linked.at(2)?.findings[0]?.caused_by).toEqual([reference("x")]);
    const waived = withRootCauses(checks({ x: {}, y: { verdict: "waived", findings: [["x"]] } }));
    expect(waived.at(1)?.findings[0]?.caused_by).toEqual([]);
  });

  it("takes a check with a finding of its own out of any cycle", () => {
    expect(roots({ x: { findings: [["y"], []] }, y: { findings: [["x"]] } })).toEqual({ x: [], y: ["x"] });
    expect(roots({ x: { findings: [["x"], ["y"]] }, y: { findings: [["x"]] } })).toEqual({ x: [], y: ["x"] });
  });

  it("is none for a check of which one finding is in a cycle, whatever causes the other", () => {
    expect(roots({ x: { findings: [["y"]] }, y: { findings: [["x"], ["z"]] }, z: {} })).toEqual({
      x: [],
      y: [],
      z: [],
    });
  });

  it("removes the direct causes of a check that is a root, and of one that is waived", () => {
    const found = withRootCauses(
      checks({ x: {}, y: { findings: [["x"], []] }, z: { verdict: "waived", findings: [["x"]] } }),
    );
    expect(found.map(({ findings }) => findings.flatMap(({ caused_by }) => caused_by))).toEqual([[], [], []]);
  });

  it("returns the checks unchanged if none depends on another", () => {
    const given = checks({ x: {}, y: {} });
    expect(withRootCauses(given)).toBe(given);
  });

  it("takes a chain of any length", () => {
    const long = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`c${index}`, index === 0 ? {} : { findings: [[`c${index - 1}`]] }]),
    );
    expect(roots(long)["c19999"]).toEqual(["c0"]);
  });

  it("never loses a failure, never changes a verdict, and roots have no root", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const sketch = fc.record({
      severity: fc.constantFrom<Severity>("error", "warn", "info"),
      verdict: fc.constantFrom<Verdict>("fail", "fail", "fail", "waived", "pass"),
      findings: fc.array(fc.subarray(names), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(sketch, { minLength: 6, maxLength: 6 }), (given) => {
        const before = checks(Object.fromEntries(given.map((one, index) => [names[index] ?? "", one])));
        const after = withRootCauses(before);
        expect(after.map(({ verdict, severity }) => [verdict, severity])).toEqual(
          before.map(({ verdict, severity }) => [verdict, severity]),
        );
        const byRule = new Map(after.map((check) => [check.rule, check]));
        for (const check of after) {
          for (const { rule } of check.root_causes) {
            expect(byRule.get(rule)).toMatchObject({ verdict: "fail", root_causes: [] });
          }
        }
        // If anything fails, there is a root: failures never depend only on each other.
        const failed = after.filter(({ verdict }) => verdict === "fail");
        expect(failed.length === 0 || failed.some(({ root_causes }) => root_causes.length === 0)).toBe(true);
      }),
    );
  });
});
