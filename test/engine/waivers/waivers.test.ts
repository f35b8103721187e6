import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check, Finding } from "../../../src/schema/report.generated.ts";
import type { WaiverEntry } from "../../../src/engine/waivers/waiver-entry.ts";
import { applyWaivers } from "../../../src/engine/waivers/waivers.ts";

const NOW = Date.UTC(2026, 10, 22);
const at = (line: number) => ({ path: "d.yaml", line, column: 1, end_line: line, end_column: 2 });

function finding(fingerprint: string, line = 1): Finding {
  return { message_id: "m", message: "Wrong.", data: {}, fingerprint, location: at(line), caused_by: [], related: [] };
}

function check(changes: Partial<Check>): Check {
  return {
    ...{
      rule: "vm/thick-disk",
      subject: { kind: "node", name: "a" },
      severity: "error",
      verdict: "pass",
      reason: null,
    },
    ...{
      missing: [],
      because: [],
      root_causes: [],
      findings: [],
      evidence: [],
      waiver: null,
      remediation: null,
      location: at(1),
    },
    ...changes,
  };
}

function entry(changes: Partial<WaiverEntry> = {}): WaiverEntry {
  return {
    ...{ kind: "file", rule: "vm/thick-disk", subject: "node:a", fingerprints: null, verdict: null, line: null },
    ...{ reason: "agreed", owner: "ops", ticket: null, expires: "2027-01-31", location: at(9) },
    ...changes,
  };
}

const directive = (line: number, changes: Partial<WaiverEntry> = {}) =>
  entry({ kind: "inline", subject: null, owner: null, line: { path: "d.yaml", line }, ...changes });

const failed = (...findings: Finding[]) => check({ verdict: "fail", findings });
const inconclusive = (...lines: (number | null)[]) =>
  check({
    verdict: "inconclusive",
    missing: lines.map((line) => ({ what: "a value", location: line === null ? null : at(line) })),
  });

/** The verdicts behind the waivers, and their states. */
function outcome(checks: readonly Check[], entries: readonly WaiverEntry[], unwaivable: readonly string[] = []) {
  const waived = applyWaivers(checks, entries, { now: NOW, unwaivable: new Set(unwaivable) });
  return [waived.checks.map(({ verdict }) => verdict), waived.records.map(({ state }) => state)];
}

describe("applyWaivers", () => {
  it.each<[string, Check, WaiverEntry[], string, string[]]>([
    ["a failure", failed(finding("f")), [entry()], "waived", ["used"]],
    ["a subject in another case", failed(finding("f")), [entry({ subject: "node:A" })], "waived", ["used"]],
    ["all findings by name", failed(finding("f")), [entry({ fingerprints: ["f"] })], "waived", ["used"]],
    [
      "a finding that is not named",
      failed(finding("f"), finding("g")),
      [entry({ fingerprints: ["f"] })],
      "fail",
      ["incomplete"],
    ],
    [
      "findings that two waivers share out",
      failed(finding("f"), finding("g")),
      [entry({ fingerprints: ["f"] }), entry({ fingerprints: ["g"] })],
      "waived",
      ["used", "used"],
    ],
    ["none of the findings", failed(finding("f")), [entry({ fingerprints: ["x"] })], "fail", ["incomplete"]],
    ["an inconclusive check", inconclusive(3), [entry()], "waived", ["used"]],
    ["an inconclusive check, by verdict", inconclusive(null), [entry({ verdict: "inconclusive" })], "waived", ["used"]],
    ["the other verdict: failure", failed(finding("f")), [entry({ verdict: "inconclusive" })], "fail", ["incomplete"]],
    ["the other verdict: inconclusive", inconclusive(3), [entry({ verdict: "fail" })], "inconclusive", ["incomplete"]],
    ["findings, while inconclusive", inconclusive(3), [entry({ fingerprints: ["f"] })], "inconclusive", ["incomplete"]],
    ["another rule", failed(finding("f")), [entry({ rule: "vm/x" })], "fail", ["not-evaluated"]],
    ["another subject", failed(finding("f")), [entry({ subject: "node:b" })], "fail", ["unmatched"]],
    ["what passes", check({}), [entry()], "pass", ["unneeded"]],
    ["what does not apply", check({ verdict: "not-applicable" }), [entry()], "not-applicable", ["unneeded"]],
    ["what is skipped", check({ verdict: "skipped" }), [entry()], "skipped", ["not-evaluated"]],
    ["a crash", check({ verdict: "crashed" }), [entry()], "crashed", ["unneeded"]],
    ["a failure by its line", failed(finding("f", 7)), [directive(7)], "waived", ["used"]],
    ["another line", failed(finding("f", 7)), [directive(8)], "fail", ["unneeded"]],
    ["one line of two", failed(finding("f", 7), finding("g", 9)), [directive(7)], "fail", ["incomplete"]],
    ["both lines", failed(finding("f", 7), finding("g", 9)), [directive(7), directive(9)], "waived", ["used", "used"]],
    [
      "a line and the rest by the file",
      failed(finding("f", 7), finding("g", 9)),
      [directive(7), entry({ fingerprints: ["g"] })],
      "waived",
      ["used", "used"],
    ],
    ["a gap by its line", inconclusive(7), [directive(7)], "waived", ["used"]],
    ["a gap that has no line", inconclusive(null), [directive(7)], "inconclusive", ["unneeded"]],
    ["a check without gaps, by its subject's line", inconclusive(), [directive(1)], "waived", ["used"]],
    [
      "another file's line",
      failed(finding("f", 7)),
      [directive(7, { line: { path: "e.yaml", line: 7 } })],
      "fail",
      ["unneeded"],
    ],
    ["a directive whose rule is skipped", check({ verdict: "skipped" }), [directive(7)], "skipped", ["not-evaluated"]],
  ])("covers, or not: %s", (_, subject, entries, verdict, states) => {
    expect(outcome([subject], entries)).toEqual([[verdict], states]);
  });

  it("counts through its last day, and no longer", () => {
    const on = (expires: string) => outcome([failed(finding("f"))], [entry({ expires })]);
    expect(on("2026-11-22")).toEqual([["waived"], ["used"]]);
    expect(on("2026-11-21")).toEqual([["fail"], ["expired"]]);
    expect(on("no date")).toEqual([["fail"], ["expired"]]);
  });

  it("uses a valid waiver instead of an expired one", () => {
    const entries = [entry({ expires: "2026-01-01" }), entry({ expires: "2027-01-01" })];
    const { checks, records } = applyWaivers([failed(finding("f"))], entries, { now: NOW, unwaivable: new Set() });
    expect(checks.at(0)?.waiver?.expires).toBe("2027-01-01");
    expect(records.map(({ state }) => state)).toEqual(["expired", "used"]);
  });

  it("does not apply to rules that cannot be waived", () => {
    expect(outcome([failed(finding("f"))], [entry(), directive(1)], ["vm/thick-disk"])).toEqual([
      ["fail"],
      ["refused", "refused"],
    ]);
  });

  it("keeps findings and gaps, and reports the owner and scope of the waiver", () => {
    const { checks } = applyWaivers([failed(finding("f"))], [entry({ ticket: "CHG-1" })], {
      now: NOW,
      unwaivable: new Set(),
    });
    expect(checks.at(0)).toEqual({
      ...failed(finding("f")),
      verdict: "waived",
      waiver: {
        ...{ kind: "file", reason: "agreed", owner: "ops", ticket: "CHG-1", expires: "2027-01-31", location: at(9) },
        ...{ verdict: "fail", through: null },
      },
    });
  });

  describe("checks that wait for a waived one", () => {
    const cause = failed(finding("f"));
    const other = { ...failed(finding("g")), rule: "vm/other" };
    const waiting = (...causes: Check[]) =>
      check({
        ...{ rule: "vm/waiting", verdict: "inconclusive", missing: [{ what: "a value", location: null }] },
        because: causes.map(({ rule, subject }) => ({ rule, subject })),
      });

    it("are waived with it", () => {
      const { checks } = applyWaivers([waiting(cause), cause], [entry()], { now: NOW, unwaivable: new Set() });
      expect(checks.map(({ verdict }) => verdict)).toEqual(["waived", "waived"]);
      expect(checks.at(0)?.waiver).toMatchObject({
        verdict: "inconclusive",
        through: { rule: "vm/thick-disk", subject: { kind: "node", name: "a" } },
      });
    });

    it("are not while another cause remains", () => {
      expect(outcome([cause, other, waiting(cause, other)], [entry()])[0]).toEqual(["waived", "fail", "inconclusive"]);
    });

    it("are not when they cannot be waived", () => {
      expect(outcome([cause, waiting(cause)], [entry()], ["vm/waiting"])[0]).toEqual(["waived", "inconclusive"]);
    });
  });

  it("reports for each without effect the reason and the fix", () => {
    const entries = [
      entry({ subject: "node:ab" }),
      entry({ expires: "2026-01-01" }),
      entry({ rule: "vm/fine" }),
      entry({ rule: "vm/off" }),
      directive(99),
    ];
    const checks = [failed(finding("f")), check({ rule: "vm/fine" })];
    const { records } = applyWaivers(checks, entries, { now: NOW, unwaivable: new Set() });
    expect(records.map(({ message }) => message)).toEqual([
      'The waiver of vm/thick-disk for "node:ab" matches nothing: the rule has no such subject. Did you mean node:a?',
      'The waiver of vm/thick-disk for "node:a" expired on 2026-01-01, so its check counts again. Fix the findings, or extend the waiver.',
      'The waiver of vm/fine for "node:a" is not needed: its check passed. Remove it.',
      'The waiver of vm/off for "node:a" was not used in this run: the rule did not run.',
      "The directive for vm/thick-disk is not needed: the rule has no finding on that line. Remove it.",
    ]);
  });

  it("never makes a verdict other than waived, and only of what is open", () => {
    const verdicts = fc.constantFrom("pass", "fail", "inconclusive", "not-applicable", "skipped", "crashed" as const);
    const someChecks = fc.array(
      fc.record({ name: fc.constantFrom("a", "b"), verdict: verdicts, line: fc.integer({ min: 1, max: 3 }) }),
      { maxLength: 6 },
    );
    const someEntries = fc.array(
      fc.oneof(
        fc.record({
          subject: fc.constantFrom("node:a", "node:b"),
          expires: fc.constantFrom("2026-01-01", "2027-01-01"),
        }),
        fc.integer({ min: 1, max: 3 }).map((line) => directive(line)),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(someChecks, someEntries, (rough, changes) => {
        const checks = rough.map(({ name, verdict, line }) =>
          check({ subject: { kind: "node", name }, verdict, findings: verdict === "fail" ? [finding("f", line)] : [] }),
        );
        const entries = changes.map((change) => entry(change));
        const { checks: after, records } = applyWaivers(checks, entries, { now: NOW, unwaivable: new Set() });
        expect(records).toHaveLength(entries.length);
        for (const [index, before] of checks.entries()) {
          const now = after.at(index);
          if (now?.verdict === before.verdict) expect(now).toEqual(before);
          else {
            expect(["fail", "inconclusive"]).toContain(before.verdict);
            expect(now).toEqual({ ...before, verdict: "waived", waiver: now?.waiver });
            expect(now?.waiver?.expires).not.toBe("2026-01-01");
          }
        }
      }),
    );
  });
});

describe("what the report says of a waiver", () => {
  const skipped = check({ verdict: "skipped" });
  const message = (checks: readonly Check[], waiver: WaiverEntry, unwaivable: readonly string[] = []) =>
    applyWaivers(checks, [waiver], { now: NOW, unwaivable: new Set(unwaivable) }).records[0]?.message;

  it.each<readonly [string, readonly Check[], Partial<WaiverEntry>, readonly string[], RegExp | null]>([
    ["used", [failed(finding("f"))], {}, [], null],
    [
      "of a rule that cannot be waived",
      [failed(finding("f"))],
      {},
      ["vm/thick-disk"],
      / has no effect: the rule cannot be waived\. Fix its findings, and remove the waiver\.$/,
    ],
    [
      "that does not cover all findings",
      [failed(finding("f"), finding("g"))],
      { fingerprints: ["f"] },
      [],
      / does not cover all findings of its check, so the check counts\. Fix the other findings, or waive them too\.$/,
    ],
    [
      "of another finding",
      [failed(finding("f"))],
      { fingerprints: ["g"] },
      [],
      / does not cover everything in its check: its check fails in another way\. See its verdict and fingerprints\.$/,
    ],
    [
      "of findings where there are gaps",
      [inconclusive(null)],
      { verdict: "fail" },
      [],
      / does not cover everything in its check: its check is inconclusive\. See its verdict and fingerprints\.$/,
    ],
    ["of a skipped check", [skipped], {}, [], / was not used in this run: its check was skipped\.$/],
    [
      "of a line, while the rule is skipped",
      [skipped],
      { kind: "inline", subject: null, line: { path: "d.yaml", line: 1 } },
      [],
      / was not used in this run: the rule was skipped\.$/,
    ],
    [
      "of a line, while one check of the rule is not skipped",
      [skipped, check({ subject: { kind: "node", name: "b" } })],
      { kind: "inline", subject: null, line: { path: "d.yaml", line: 1 } },
      [],
      / is not needed: the rule has no finding on that line\. Remove it\.$/,
    ],
    [
      "of a rule that did not run",
      [check({ rule: "vm/other" })],
      {},
      [],
      / was not used in this run: the rule did not run\.$/,
    ],
    ["of a check that passed", [check({})], {}, [], / is not needed: its check passed\. Remove it\.$/],
    [
      "of a subject like another",
      [check({ subject: { kind: "node", name: "conf01" } })],
      { subject: "node:conf1" },
      [],
      / matches nothing: the rule has no such subject\. Did you mean node:conf01\?$/,
    ],
    [
      "of a subject like no other",
      [check({ subject: { kind: "node", name: "conf01" } })],
      { subject: "host:x" },
      [],
      / matches nothing: the rule has no such subject\. Remove it, or correct the subject\.$/,
    ],
  ])("%s", (_, checks, changes, unwaivable, expected) => {
    const found = message(checks, entry(changes), unwaivable);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatch(expected);
  });

  it("stays `used` if it covers one check, and not all of another on the same line", () => {
    const line = directive(1);
    const other = check({
      subject: { kind: "node", name: "b" },
      verdict: "fail",
      findings: [finding("g", 1), finding("h", 2)],
    });
    for (const checks of [
      [failed(finding("f", 1)), other],
      [other, failed(finding("f", 1))],
    ]) {
      const { records, checks: settled } = applyWaivers(checks, [line], { now: NOW, unwaivable: new Set() });
      expect(records.map(({ state }) => state)).toEqual(["used"]);
      expect([...settled].filter(({ verdict }) => verdict === "fail")).toEqual([other]);
    }
  });

  it("is that of a check which is waived because all its causes are, and of none that fails", () => {
    const cause = failed(finding("f"));
    const because = [{ rule: cause.rule, subject: cause.subject }];
    const caused = check({ rule: "vm/other", verdict: "inconclusive", because });
    const { checks } = applyWaivers([cause, caused, check({ rule: "vm/third", because })], [entry()], {
      now: NOW,
      unwaivable: new Set(),
    });
    expect([...checks].map(({ verdict, waiver }) => [verdict, waiver?.through ?? null])).toEqual([
      ["waived", null],
      ["waived", because[0]],
      ["pass", null],
    ]);
  });
});
