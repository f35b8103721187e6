import { describe, expect, it } from "vitest";
import { compareReports, hasAnyProblem, hasNewProblems, incomparable } from "../../../src/engine/comparison/compare.ts";
import type { Check, Comparison, RunReport } from "../../../src/schema/report.generated.ts";
import { check, failed, finding, report } from "../../report/sample-report.ts";

const GATE = { gate: "failed", gate_reason: "" } as const;
const RULE = "vm/memory-multiple-of-4";
const compare = (before: readonly Check[], after: readonly Check[]): Comparison =>
  compareReports({ report: report(before, GATE), path: "before.json" }, { report: report(after, GATE), path: null });
const changes = (before: readonly Check[], after: readonly Check[]) =>
  compare(before, after).changes.map(({ change }) => change);

const gap = { verdict: "inconclusive", missing: [{ what: "memory is missing", location: null }] } as const;
const A = finding("8190 MB.", { fingerprint: "a".repeat(32) });
const B = finding("Another.", { fingerprint: "b".repeat(32) });
const fails = failed(RULE, "node a", A);
const passes = check(RULE, "node a");
const inconclusive = check(RULE, "node a", gap);
const skipped = check(RULE, "node a", { verdict: "skipped", reason: "--no-live" });
const crashed = check(RULE, "node a", { verdict: "crashed", reason: "TypeError" });
const notApplicable = check(RULE, "node a", { verdict: "not-applicable", reason: "has no VM" });
const waived = failed(RULE, "node a", A, { verdict: "waived" });
const OTHER = check("vm/no-snapshots", "node a");

describe("a finding", () => {
  it.each<readonly [string, readonly Check[], readonly Check[], readonly string[]]>([
    ["is fixed when its check passes", [fails], [passes], ["fixed"]],
    ["is fixed when its check fails otherwise", [fails], [failed(RULE, "node a", B)], ["new", "fixed"]],
    ["is still failing with the same fingerprint", [fails], [fails], ["still-failing"]],
    ["is new where there was none", [passes], [fails], ["new"]],
    ["is new of a check that was not planned", [OTHER], [OTHER, fails], ["new"]],
    ["has another severity", [fails], [{ ...fails, severity: "warn" }], ["severity-changed"]],
    ["is not fixed by missing data", [fails], [inconclusive], ["newly-inconclusive"]],
    ["is not fixed by an option that skips its check", [fails], [skipped], ["no-longer-checked"]],
    ["is not fixed by a crash", [fails], [crashed], ["no-longer-checked"]],
    ["is not fixed where its check does not apply", [fails], [notApplicable], ["no-longer-checked"]],
    ["is not fixed by taking its subject away", [fails, OTHER], [OTHER], ["no-longer-checked"]],
    ["is not fixed by a waiver", [fails], [waived], ["newly-waived"]],
    ["is new when its waiver is over", [waived], [fails], ["new"]],
  ])("%s", (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it("is one of its subject: the same message at another node is another finding", () => {
    const other = failed(RULE, "node b", finding("8190 MB.", { fingerprint: "c".repeat(32) }));
    expect(changes([fails, check(RULE, "node b")], [passes, other])).toEqual(["fixed", "new"]);
  });
});

describe("a check without a finding", () => {
  it.each<readonly [string, readonly Check[], readonly Check[], readonly string[]]>([
    ["is newly inconclusive", [passes], [inconclusive], ["newly-inconclusive"]],
    ["is newly inconclusive where it was not planned", [OTHER], [OTHER, inconclusive], ["newly-inconclusive"]],
    ["is no longer inconclusive", [inconclusive], [passes], ["no-longer-inconclusive"]],
    ["is no longer checked when it passed before", [passes], [skipped], ["no-longer-checked"]],
    ["is no longer checked when it was inconclusive", [inconclusive, OTHER], [OTHER], ["no-longer-checked"]],
    ["is nothing new when it never was evaluated", [skipped], [notApplicable], []],
    ["is no change while it passes", [passes], [passes], []],
  ])("%s", (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it("reports what is missing, and what was", () => {
    expect(compare([passes], [inconclusive]).changes[0]?.message).toBe("memory is missing");
    expect(compare([inconclusive], [passes]).changes[0]?.message).toBe("memory is missing");
  });

  it("is counted while it stays inconclusive", () => {
    const { counts, changes: all } = compare([inconclusive], [inconclusive]);
    expect([counts.still_inconclusive, all]).toEqual([1, []]);
  });
});

describe("counts", () => {
  it("are those of root causes; consequences are marked", () => {
    const caused = failed("vm/no-snapshots", "node a", B, { root_causes: [{ rule: RULE, subject: fails.subject }] });
    const { counts, changes: all } = compare([passes, OTHER], [fails, caused]);
    expect(counts.new).toBe(1);
    expect(all.map(({ is_consequence }) => is_consequence)).toEqual([false, true]);
    const fixed = compare([fails, caused], [passes, OTHER]);
    expect([fixed.counts.fixed, fixed.changes.length]).toEqual([1, 2]);
  });
});

describe("files under another name", () => {
  const withInventory = (path: string, checks: readonly Check[]): RunReport => {
    const of = report(checks, GATE);
    const { inputs } = of;
    return { ...of, inputs: inputs.map((input) => (input.kind === "inventory" ? { ...input, path } : input)) };
  };
  const age = (name: string, fingerprint: string) =>
    failed("inventory/age", `inventory ${name}`, finding(`${name} is old.`, { fingerprint: fingerprint.repeat(32) }));

  it("are one subject, by what they are to the run", () => {
    const before = { report: withInventory("monday.json", [age("monday.json", "a")]), path: "before.json" };
    const after = { report: withInventory("friday.json", [age("friday.json", "b")]), path: null };
    expect(compareReports(before, after).changes.map(({ change }) => change)).toEqual(["still-failing"]);
  });
});

describe("notes", () => {
  const notes = (change: Partial<RunReport>, later: Partial<RunReport> = {}) =>
    compareReports(
      { report: { ...report([passes], GATE), ...change }, path: "before.json" },
      { report: { ...report([passes], GATE), ...later }, path: null },
    ).notes;

  it("list the limits of the comparison", () => {
    const [source] = report([], GATE).sources;
    if (source === undefined) throw new Error("the sample has an inventory");
    expect(notes({ started_at: "2099-01-01T00:00:00Z" })[0]).toBe("The second report is older than the first.");
    expect(notes({ tool: { name: "infinity-preflight", version: "0.0.9" } })[0]).toMatch(/0\.0\.9/);
    expect(notes({ mode: "live" }, { mode: "static" })[0]).toBe("The earlier run was live, and this one static.");
    const old = { ...source, collected_at: "2025-02-01T00:00:00Z" };
    expect(notes({}, { sources: [old] })).toEqual([expect.stringContaining("before the earlier run")]);
    expect(notes({}, { sources: [{ ...source, collected_at: "2099-01-01T00:00:00Z" }] })).toEqual([]);
  });
});

describe("--fail-on", () => {
  it.each<readonly [string, readonly Check[], readonly Check[], boolean, boolean]>([
    ["new findings", [passes], [fails], true, true],
    ["newly inconclusive checks", [passes], [inconclusive], true, true],
    ["checks that are no longer evaluated", [passes], [skipped], true, true],
    ["old findings", [fails], [fails], false, true],
    ["old inconclusive checks", [inconclusive], [inconclusive], false, true],
    ["fixed findings", [fails], [passes], false, false],
  ])("counts %s", (_, before, after, isNew, isAny) => {
    const comparison = compare(before, after);
    expect([hasNewProblems(comparison), hasAnyProblem(comparison)]).toEqual([isNew, isAny]);
  });
});

describe("reports that cannot be compared", () => {
  const topology = (node: string): RunReport["topology"] => ({
    ...{ locations: [], hosts: [], clusters: [] },
    nodes: [{ name: node, role: "conferencing", location: null, host: null, cluster: null, certain: true }],
  });
  const of = (change: Partial<RunReport>, path: string | null = "x.json") => ({
    report: { ...report([passes], GATE), ...change },
    path,
  });

  it("have no node in common, or no checks", () => {
    expect(incomparable(of({ topology: topology("a") }), of({ topology: topology("a") }))).toBeNull();
    expect(incomparable(of({ topology: topology("a") }), of({ topology: topology("b") }, null))).toBe(
      "x.json is about deployment.yaml and this run is about deployment.yaml, which have no node in common.",
    );
    expect(incomparable(of({ checks: [] }), of({}))).toBe("x.json has no checks, as its run had errors.");
  });
});
