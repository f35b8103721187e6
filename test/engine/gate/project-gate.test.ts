import { describe, expect, it } from "vitest";
import { projectContradiction, projectExitCode } from "../../../src/engine/gate/project-gate.ts";
import type { CrossSite, ProjectReport, SiteReport } from "../../../src/schema/project/project-report.generated.ts";
import type { RunReport, Severity } from "../../../src/schema/report.generated.ts";
import { report } from "../../report/sample-report.ts";

type ExitCode = RunReport["exit_code"];
const site = (exit_code: ExitCode, name = `site ${exit_code}`): SiteReport => ({
  name,
  category: name,
  report: { ...report([], { gate: "passed", gate_reason: "" }), exit_code },
});
const sites = (codes: readonly ExitCode[]) => codes.map((code, index) => site(code, `site ${index}`));
const across = (...severities: readonly Severity[]): CrossSite => ({
  compared: [],
  left_out: [],
  findings: severities.map((severity) => ({
    ...{ kind: "hostname", rule: "node/unique-hostname", severity, value: "a", message: "m", nodes: [] },
    fingerprint: "0".repeat(32),
  })),
});

describe("the exit code of several sites", () => {
  it.each<[readonly ExitCode[], CrossSite | null, ExitCode]>([
    [[0, 0], null, 0],
    [[0, 0], across(), 0],
    [[0, 1], null, 1],
    [[1, 2], null, 2],
    [[2, 0], across("error"), 2],
    [[0, 0], across("error"), 1],
    [[0, 0], across("warn", "error"), 1],
    [[0, 0], across("warn", "info"), 0],
    [[1, 0], across("warn"), 1],
  ])("of %j with %j is %i", (codes, crossSite, expected) => {
    expect(projectExitCode(sites(codes), crossSite)).toBe(expected);
  });
});

describe("a report of several sites", () => {
  const given = (changes: Partial<ProjectReport>): ProjectReport => ({
    ...{ schema_version: 2, tool: site(0).report.tool, exit_code: 0, started_at: "", ended_at: "" },
    ...{ project: null, omitted: [], cross_site: null, sites: sites([0, 0]) },
    ...changes,
  });
  it("may say what its sites do", () => {
    expect(projectContradiction(given({}))).toBeNull();
    expect(projectContradiction(given({ exit_code: 1, cross_site: across("error") }))).toBeNull();
  });
  it.each([
    [given({ exit_code: 1 }), "its exit code is 1, but by its sites it is 0"],
    [given({ exit_code: 0, sites: sites([0, 2]) }), "its exit code is 0, but by its sites it is 2"],
    [given({ cross_site: across("error") }), "its exit code is 0, but by its sites it is 1"],
    [given({ sites: [site(0, "a"), site(0, "a")] }), "two of its sites have the same name"],
  ])("contradicts itself otherwise: %#", (report, phrase) => {
    expect(projectContradiction(report)).toBe(phrase);
  });
});
