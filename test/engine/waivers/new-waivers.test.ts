import { describe, expect, it } from "vitest";
import { newWaivers } from "../../../src/engine/waivers/new-waivers.ts";
import type { Check, CheckReference } from "../../../src/schema/report.generated.ts";

const TERMS = { reason: "agreed", owner: "ops", ticket: "CHG-1", expires: "2027-01-31" };

function check(rule: string, verdict: Check["verdict"], changes: Partial<Check> = {}): Check {
  return {
    ...{ rule, subject: { kind: "node", name: "a" }, severity: "error", verdict, reason: null, missing: [] },
    ...{ because: [], root_causes: [], findings: [], evidence: [], waiver: null, remediation: null, location: null },
    ...changes,
  };
}

const failed = (rule: string, ...fingerprints: readonly string[]) =>
  check(rule, "fail", {
    findings: fingerprints.map((fingerprint) => ({
      ...{ message_id: "m", message: "Wrong.", data: {}, fingerprint, location: null, caused_by: [], related: [] },
    })),
  });
const waitingFor = (rule: string, ...because: readonly CheckReference[]) => check(rule, "inconclusive", { because });
const of = (rule: string, name = "a"): CheckReference => ({ rule, subject: { kind: "node", name } });

const written = (checks: readonly Check[], unwaivable: readonly string[] = []) => {
  const { entries, refused } = newWaivers(checks, TERMS, new Set(unwaivable));
  return {
    entries: entries.map(({ rule, subject, verdict, fingerprints }) => [rule, subject, verdict, fingerprints]),
    refused: refused.map(({ rule }) => rule),
  };
};

describe("newWaivers", () => {
  it("covers the findings of a failed check, and nothing that comes up later", () => {
    expect(newWaivers([failed("a/a", "f1", "f2")], TERMS, new Set())).toEqual({
      entries: [
        {
          ...{ kind: "file", rule: "a/a", subject: "node:a", verdict: "fail", fingerprints: ["f1", "f2"] },
          ...{ ...TERMS, location: null, line: null },
        },
      ],
      refused: [],
    });
  });

  it("covers an inconclusive check only while it is inconclusive", () => {
    expect(written([check("a/a", "inconclusive")]).entries).toEqual([["a/a", "node:a", "inconclusive", null]]);
  });

  it("needs none for what is inconclusive only because of waived failures", () => {
    const cause = failed("a/a", "f");
    expect(written([cause, waitingFor("a/b", of("a/a"))]).entries).toEqual([["a/a", "node:a", "fail", ["f"]]]);
    for (const other of [
      waitingFor("a/b", of("a/a"), of("a/c")),
      waitingFor("a/b", of("a/a", "b")),
      { ...waitingFor("a/b", of("a/a")), verdict: "fail" as const },
    ]) {
      expect(written([cause, other]).entries.map(([rule]) => rule)).toEqual(["a/a", "a/b"]);
    }
    // Its cause is inconclusive itself, and waived as that.
    expect(written([check("a/a", "inconclusive"), waitingFor("a/b", of("a/a"))]).entries).toHaveLength(2);
  });

  it("refuses checks whose rules cannot be waived, and waives what waits for them by itself", () => {
    expect(written([failed("a/a", "f"), waitingFor("a/b", of("a/a"))], ["a/a"])).toEqual({
      entries: [["a/b", "node:a", "inconclusive", null]],
      refused: ["a/a"],
    });
  });
});
