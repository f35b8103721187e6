import { describe, expect, it } from "vitest";
import { compareAcross, takesPart } from "../../../src/engine/comparison/cross-site.ts";
import type { CrossSiteFinding, ProjectReport } from "../../../src/schema/project/project-report.generated.ts";
import type { RunReport, Verdict } from "../../../src/schema/report.generated.ts";
import { check, cleanReport, report } from "../../report/sample-report.ts";

const RULE = "node/unique-hostname";

const found = (name: string, ...sites: readonly string[]) =>
  ({ rule: RULE, fingerprint: name, nodes: sites.map((site) => ({ site, node: "n" })) }) as unknown as CrossSiteFinding;

const reportWith = (verdict: Verdict): RunReport =>
  report([check("vm/no-snapshots", "node a"), check(RULE, "node a"), check(RULE, "node b", { verdict })], {
    gate: "passed",
    gate_reason: "",
  });

/** Two sites that compare their values, with these findings. */
const project = (
  findings: readonly CrossSiteFinding[],
  { leftOut = [], bergen = reportWith("pass") }: { leftOut?: readonly string[]; bergen?: RunReport } = {},
) =>
  ({
    cross_site: { findings, left_out: leftOut },
    sites: [
      { name: "oslo", report: reportWith("pass") },
      { name: "bergen", report: bergen },
    ],
  }) as unknown as ProjectReport;
const ALONE = { ...project([]), cross_site: null };

const names = (
  before: Pick<ProjectReport, "cross_site" | "sites">,
  after: Pick<ProjectReport, "cross_site" | "sites">,
) => {
  const changes = compareAcross(before, after);
  if (changes === null) return null;
  const of = (list: readonly CrossSiteFinding[]) => list.map(({ fingerprint }) => fingerprint);
  return {
    new: of(changes.new),
    no_longer_compared: of(changes.no_longer_compared),
    fixed: of(changes.fixed),
    still_failing: of(changes.still_failing),
  };
};
const NOTHING = { new: [], no_longer_compared: [], fixed: [], still_failing: [] };

describe("a rule in the comparison across sites", () => {
  it.each<readonly [string, RunReport, boolean]>([
    ["takes part if it was evaluated", reportWith("fail"), true],
    ["takes part without checks", cleanReport(), true],
    ["does not if one of its checks was skipped", reportWith("skipped"), false],
    ["does not if it is off", { ...reportWith("pass"), rules: [] }, false],
  ])("%s", (_, of, expected) => {
    expect(takesPart(of, RULE)).toBe(expected);
  });
});

describe("findings across sites of two runs", () => {
  it("are new, still failing or fixed", () => {
    const [a, b, c] = [found("a", "oslo", "bergen"), found("b", "oslo", "bergen"), found("c", "oslo", "bergen")];
    expect(names(project([a, b]), project([b, c]))).toEqual({
      ...NOTHING,
      new: ["c"],
      fixed: ["a"],
      still_failing: ["b"],
    });
  });

  it.each<readonly [string, Pick<ProjectReport, "cross_site" | "sites">]>([
    ["a site is left out", project([], { leftOut: ["bergen"] })],
    ["a check of a site was skipped", project([], { bergen: reportWith("skipped") })],
    ["a site is gone", { ...project([]), sites: project([]).sites.slice(0, 1) }],
    ["the sites were not compared", ALONE],
  ])("are no longer compared, not fixed, if %s", (_, after) => {
    expect(names(project([found("a", "oslo", "bergen")]), after)).toEqual({ ...NOTHING, no_longer_compared: ["a"] });
  });

  it("are fixed if only another site is left out", () => {
    expect(names(project([found("a", "oslo")]), project([], { leftOut: ["bergen"] }))).toEqual({
      ...NOTHING,
      fixed: ["a"],
    });
  });

  it("are all new if the earlier run compared nothing, and none if neither did", () => {
    expect(names(ALONE, project([found("a", "oslo")]))).toEqual({ ...NOTHING, new: ["a"] });
    expect(names(ALONE, ALONE)).toBeNull();
  });
});
