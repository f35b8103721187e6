import { describe, expect, it } from "vitest";
import {
  compareReports,
  hasAnyProblem,
  hasNewProblems,
  incomparable,
  isFailing,
} from "../../../src/engine/comparison/compare.ts";
import type { Check, Comparison, RunReport } from "../../../src/schema/report.generated.ts";
import { at, check, failed, finding, report } from "../../report/sample-report.ts";

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
    ["is nothing new when a waiver covers it at once", [passes], [waived], []],
    ["is one of several with the same message", [fails], [failed(RULE, "node a", [A, B])], ["still-failing", "new"]],
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
    ["is no longer checked when it was waived", [waived, OTHER], [OTHER], ["no-longer-checked"]],
    ["is newly waived when it was inconclusive", [inconclusive], [{ ...waived, findings: [] }], ["newly-waived"]],
    ["is nothing new when it never was evaluated", [skipped], [notApplicable], []],
    ["is nothing new when it is planned and skipped", [OTHER], [OTHER, skipped], []],
    ["is no change when it was skipped and is gone", [skipped, OTHER], [OTHER], []],
    ["is no change when it was skipped and passes", [skipped], [passes], []],
    ["is a new finding when it was inconclusive", [inconclusive], [fails], ["new"]],
    ["is no change while it passes", [passes], [passes], []],
  ])("%s", (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it("reports what is missing, and what was", () => {
    expect(compare([passes], [inconclusive]).changes[0]?.message).toBe("memory is missing");
    expect(compare([inconclusive], [passes]).changes[0]?.message).toBe("memory is missing");
  });

  it.each<readonly [string, readonly Check[], readonly Check[], string]>([
    ["no longer planned", [passes, OTHER], [OTHER], "no longer planned"],
    ["skipped: its reason", [passes], [skipped], "--no-live"],
    [
      "inconclusive because of failures: each of them",
      [passes],
      [
        check(RULE, "node a", {
          ...gap,
          because: [
            { rule: "dns/server-reachable", subject: { kind: "dns-server", name: "10.0.0.1" } },
            { rule: "dns/server-reachable", subject: { kind: "dns-server", name: "10.0.0.2" } },
          ],
        }),
      ],
      "because dns/server-reachable failed for dns-server 10.0.0.1; because dns/server-reachable failed for dns-server 10.0.0.2",
    ],
    [
      "inconclusive for several gaps: each of them once",
      [passes],
      [check(RULE, "node a", { ...gap, missing: [...gap.missing, { what: "b", location: null }, ...gap.missing] })],
      "memory is missing; b",
    ],
    ["skipped without a reason", [passes], [check(RULE, "node a", { verdict: "skipped" })], ""],
  ])("has a message: %s", (_, before, after, message) => {
    expect(compare(before, after).changes.map((change) => change.message)).toEqual([message]);
  });

  it("is counted while it stays inconclusive", () => {
    const { counts, changes: all } = compare([inconclusive], [inconclusive]);
    expect([counts.still_inconclusive, all]).toEqual([1, []]);
  });
});

describe("a change", () => {
  const here = at("deployment.yaml", "8190");
  const there = at("deployment.yaml", "oslo-conf01");

  it("has rule, subject, severities and verdicts of both runs, and the finding with its location", () => {
    const found = failed(RULE, "node a", { ...A, location: here }, { location: there });
    const identity = { rule: RULE, subject: { kind: "node", name: "a" }, severity: "error" };
    expect(compare([{ ...passes, severity: "warn" }], [found]).changes).toEqual([
      {
        ...{ change: "new", ...identity, severity_before: "warn", verdict_before: "pass", verdict: "fail" },
        ...{ fingerprint: A.fingerprint, message: "8190 MB.", is_consequence: false, location: here },
      },
    ]);
    expect(compare([OTHER], [OTHER, { ...inconclusive, location: there }]).changes).toEqual([
      {
        ...{ change: "newly-inconclusive", ...identity, severity_before: null, verdict_before: null },
        ...{ verdict: "inconclusive", fingerprint: null, message: "memory is missing", is_consequence: false },
        location: there,
      },
    ]);
    expect(compare([{ ...passes, location: there }, OTHER], [OTHER]).changes).toMatchObject([
      { ...identity, verdict_before: "pass", verdict: null, location: there },
    ]);
  });

  it("without a finding is no consequence, and a fixed or waived finding is what it was in the earlier run", () => {
    const root_causes = [{ rule: OTHER.rule, subject: OTHER.subject }];
    const consequence = { ...fails, root_causes };
    const isConsequence = (before: readonly Check[], after: readonly Check[]) =>
      compare(before, after).changes.map(({ is_consequence }) => is_consequence);
    expect(isConsequence([passes], [{ ...inconclusive, root_causes }])).toEqual([false]);
    expect(isConsequence([consequence], [waived])).toEqual([true]);
    expect(isConsequence([fails], [{ ...waived, root_causes }])).toEqual([false]);
    expect(isConsequence([fails], [{ ...passes, root_causes }])).toEqual([false]);
    expect(isConsequence([fails], [consequence])).toEqual([true]);
  });
});

describe("the runs of a comparison", () => {
  it("have their file, deployment, version, start, gate and sources", () => {
    const { before, after } = compare([fails], [passes]);
    expect(before).toEqual({
      ...{ path: "before.json", deployment: "deployment.yaml", version: "0.1.0", gate: "failed" },
      ...{ started_at: "2025-03-01T09:00:00.000Z", sources: report([], GATE).sources },
    });
    expect(after.path).toBeNull();
  });

  it("may be without a deployment", () => {
    const { inputs, ...rest } = report([passes], GATE);
    const without = { ...rest, inputs: inputs.filter(({ kind }) => kind !== "deployment") };
    const { before, notes } = compareReports(
      { report: without, path: "before.json" },
      { report: report([passes], GATE), path: null },
    );
    expect(before.deployment).toBeNull();
    expect(notes).toContain("The deployment file was none and is now deployment.yaml.");
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

  it("keep their roles when a further file is listed before them", () => {
    const earlier = withInventory("monday.json", [age("monday.json", "a")]);
    const later = withInventory("friday.json", [age("friday.json", "b")]);
    const waivers = { kind: "waivers" as const, path: "waivers.yaml", uri: "waivers.yaml", sha256: "0".repeat(64) };
    const { changes: found } = compareReports(
      { report: earlier, path: "before.json" },
      { report: { ...later, inputs: [waivers, ...later.inputs] }, path: null },
    );
    expect(found.map(({ change }) => change)).toEqual(["still-failing"]);
  });

  it("have as many findings as before with one message", () => {
    const twice = (name: string, ...fingerprints: readonly string[]) =>
      failed(
        "inventory/age",
        `inventory ${name}`,
        fingerprints.map((of) => finding("Old.", { fingerprint: of.repeat(32) })),
      );
    const before = withInventory("monday.json", [twice("monday.json", "a", "b")]);
    const compared = (...fingerprints: readonly string[]) =>
      compareReports(
        { report: before, path: "before.json" },
        { report: withInventory("friday.json", [twice("friday.json", ...fingerprints)]), path: null },
      ).changes.map(({ change }) => change);
    expect(compared("c", "d")).toEqual(["still-failing", "still-failing"]);
    expect(compared("c", "d", "e")).toEqual(["still-failing", "still-failing", "new"]);
    expect(compared("c")).toEqual(["still-failing", "fixed"]);
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
    expect(notes({ profile: "v26" }, { profile: "v25" })[0]).toBe("The profile was v26 and is now v25.");
    expect(notes({}, { sources: [] })).toEqual([]);
  });

  it("name an inventory that is not newer than the earlier run", () => {
    const [source] = report([], GATE).sources;
    if (source === undefined) throw new Error("the sample has an inventory");
    const start = report([], GATE).started_at;
    expect(notes({}, { sources: [{ ...source, collected_at: start }] })).toEqual([
      `estate/inventory.json was collected at ${start}, before the earlier run: changes in vSphere since then are not in it.`,
    ]);
    expect(notes({}, { sources: [{ ...source, collected_at: null }] })).toEqual([]);
    expect(notes({}, { sources: [{ ...source, kind: "evidence", collected_at: start }] })).toEqual([]);
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
    ["old findings with another severity", [fails], [{ ...fails, severity: "warn" }], false, true],
    [
      "old findings beside fixed ones",
      [fails, failed(RULE, "node b", B)],
      [passes, failed(RULE, "node b", B)],
      false,
      true,
    ],
  ])("counts %s", (_, before, after, isNew, isAny) => {
    const comparison = compare(before, after);
    expect([hasNewProblems(comparison), hasAnyProblem(comparison)]).toEqual([isNew, isAny]);
    expect([isFailing(comparison, "new"), isFailing(comparison, "any")]).toEqual([isNew, isAny]);
  });
});

describe("reports that cannot be compared", () => {
  const topology = (node: string): NonNullable<RunReport["topology"]> => ({
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
    expect(incomparable(of({ checks: [] }), of({}))).toBe("x.json has no checks, because its run had errors.");
  });

  it("have one node in common when a second one is in one of them only", () => {
    const two = { ...topology("a"), nodes: [...topology("b").nodes, ...topology("a").nodes] };
    expect(incomparable(of({ topology: two }), of({ topology: topology("a") }))).toBeNull();
  });

  it.each<readonly [string, Partial<RunReport>]>([
    ["no topology", { topology: null }],
    ["no nodes", { topology: { ...topology("a"), nodes: [] } }],
  ])("with %s in either are compared by the path of the deployment", (_, change) => {
    const inputs = report([], GATE).inputs.filter(({ kind }) => kind !== "deployment");
    for (const [one, other] of [
      [change, { topology: topology("a") }],
      [{ topology: topology("a") }, change],
    ] as const) {
      expect(incomparable(of(one), of(other))).toBeNull();
      expect(incomparable(of({ ...one, inputs }), of(other, "y.json"))).toBe(
        "x.json is about no deployment and y.json is about deployment.yaml, which have no node in common.",
      );
    }
  });
});
