import { describe, expect, it } from "vitest";
import type { Check, Severity, Verdict } from "../../../src/schema/report.generated.ts";
import { worstVantagePoint } from "../../../src/engine/evaluation/worst-vantage-point.ts";

const check = (verdict: Verdict, words: string | null = null, severity: Severity = "error"): Check => ({
  rule: "test/tiny",
  subject: { kind: "node", name: "a" },
  severity,
  verdict,
  reason: verdict === "fail" ? null : words,
  missing: [],
  because: [],
  root_causes: [],
  findings:
    verdict === "fail"
      ? [
          {
            message_id: "bad",
            message: words ?? "",
            data: {},
            fingerprint: "0",
            location: null,
            caused_by: [],
            related: [],
          },
        ]
      : [],
  evidence: [],
  waiver: null,
  remediation: null,
  location: null,
});

const worst = (...rows: readonly Check[]) =>
  worstVantagePoint(rows.map((row, index) => ({ from: `place${index + 1}`, checks: [row] }))).at(0);

describe("worstPlace", () => {
  it("is empty without a vantage point, and the checks themselves with one", () => {
    expect(worstVantagePoint([])).toEqual([]);
    const checks = [check("fail", "Down."), check("pass")];
    expect(worstVantagePoint([{ from: "oslo", checks }])).toEqual(checks);
  });

  it.each<[Verdict, Verdict]>([
    ["crashed", "fail"],
    ["fail", "inconclusive"],
    ["inconclusive", "pass"],
    ["inconclusive", "not-applicable"],
    ["pass", "not-applicable"],
    ["not-applicable", "skipped"],
    ["crashed", "inconclusive"],
    ["fail", "waived"],
  ])("lets %s stand before %s, whichever place saw it", (grave, light) => {
    expect(worst(check(grave), check(light))?.verdict).toBe(grave);
    expect(worst(check(light), check(grave))?.verdict).toBe(grave);
  });

  it("never lets a failure of a lower level hide one of a higher", () => {
    const info = check("fail", "Slow.", "info");
    const error = check("fail", "Down.", "error");
    expect(worst(info, error)?.severity).toBe("error");
    expect(worst(error, info)?.severity).toBe("error");
  });

  it("lets the verdict stand before the severity", () => {
    expect(worst(check("fail", "Slow.", "info"), check("inconclusive", "no answer", "error"))?.verdict).toBe("fail");
    const warning = check("fail", "Slow.", "warn");
    for (const order of [
      [warning, check("fail", "Slower.", "info")],
      [check("fail", "Slower.", "info"), warning],
    ]) {
      expect(worst(...order)?.severity).toBe("warn");
    }
  });

  it("lists what each vantage point saw, in their order, where they differ", () => {
    expect(worst(check("pass"), check("fail", "Down."), check("inconclusive", "no answer"))?.vantage_points).toEqual([
      { from: "place1", verdict: "pass" },
      { from: "place2", verdict: "fail" },
      { from: "place3", verdict: "inconclusive" },
    ]);
    expect(worst(check("pass"), check("pass"))).not.toHaveProperty("vantage_points");
  });

  it("takes two verdicts with different reasons, findings or gaps for different", () => {
    const gaps = (...what: readonly string[]): Check => ({
      ...check("inconclusive"),
      missing: what.map((each) => ({ what: each, location: null })),
    });
    const two = (...messages: readonly string[]): Check => ({
      ...check("fail"),
      findings: messages.flatMap((message) => check("fail", message).findings),
    });
    for (const [one, other] of [
      [check("not-applicable", "no VM"), check("not-applicable", "no address")],
      [gaps("a"), gaps("b")],
      [gaps("a", "b"), gaps("ab")],
      [two("a", "b"), two("ab")],
    ] as const) {
      expect(worst(one, other)?.vantage_points).toHaveLength(2);
      expect(worst(one, { ...one, evidence: ["e1"] })).toEqual(one);
    }
  });

  it("names the vantage point in the message and in the reason", () => {
    expect(worst(check("pass"), check("fail", "Down."))?.findings[0]?.message).toBe("Down. (Seen from place2.)");
    expect(worst(check("inconclusive", "no answer"), check("pass"))?.reason).toBe("seen from place1: no answer");
  });

  it("names the vantage point of a check that is inconclusive only because of gaps", () => {
    const gap = (what: string): Check => ({ ...check("inconclusive"), missing: [{ what, location: null }] });
    expect(worst(check("pass"), gap("no answers"))).toMatchObject({
      reason: "seen from place2",
      missing: [{ what: "no answers" }],
    });
    expect(worst(gap("no answers of Oslo"), gap("no answers of Bergen"))).toMatchObject({
      reason: "seen from place1",
      missing: [{ what: "no answers of Oslo" }],
    });
    expect(worst(gap("no inventory"), gap("no inventory"))?.reason).toBeNull();
  });

  it("gives no reason to a check that passes", () => {
    expect(worst(check("pass"), check("not-applicable"))?.reason).toBeNull();
  });

  it("names no vantage point if all have the same result", () => {
    expect(worst(check("fail", "Down."), check("fail", "Down."))?.findings[0]?.message).toBe("Down.");
    expect(worst(check("pass"), check("pass"))).toEqual(check("pass"));
  });

  it("names the vantage point if both fail with different messages", () => {
    expect(worst(check("fail", "Down."), check("fail", "Slow."))?.findings[0]?.message).toBe(
      "Down. (Seen from place1.)",
    );
  });

  it("compares check by check", () => {
    const vantagePoints = [
      { from: "oslo", checks: [check("pass"), check("fail", "Down.")] },
      { from: "bergen", checks: [check("fail", "Gone."), check("pass")] },
    ];
    expect(worstVantagePoint(vantagePoints).map(({ findings }) => findings[0]?.message)).toEqual([
      "Gone. (Seen from bergen.)",
      "Down. (Seen from oslo.)",
    ]);
  });

  it("prefers the right network among equal verdicts, and uses no other if it is required", () => {
    const elsewhere = new Set([0]);
    const of = (jump: Check, right: Check, isRequired: boolean) => {
      const places = [
        { from: "jump", checks: [jump], elsewhere },
        { from: "mgmt", checks: [right] },
      ];
      return [places, [...places].reverse()].map((order) => worstVantagePoint(order, { isRequired }).at(0));
    };
    for (const found of of({ ...check("pass"), evidence: ["e1"] }, { ...check("pass"), evidence: ["e2"] }, false)) {
      expect(found).toEqual({ ...check("pass"), evidence: ["e2"] });
    }
    for (const found of of(check("inconclusive", "elsewhere"), check("pass"), true)) {
      expect(found?.verdict).toBe("pass");
      expect(found?.vantage_points).toHaveLength(2);
    }
    for (const found of of(check("inconclusive", "elsewhere"), check("pass"), false)) {
      expect(found?.verdict).toBe("inconclusive");
    }
    const places = ["a", "b"].map((from) => ({ from, checks: [check("inconclusive", from)], elsewhere }));
    expect(worstVantagePoint(places, { isRequired: true }).at(0)?.verdict).toBe("inconclusive");
  });
});
