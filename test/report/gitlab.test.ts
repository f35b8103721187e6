import { describe, expect, it } from "vitest";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { gitlab } from "../../src/report/gitlab.ts";
import {
  check,
  cleanReport,
  crashedReport,
  failed,
  failingReport,
  finding,
  hostileReport,
  report,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const allOf = (sample: RunReport) => JSON.parse([...gitlab(sample)].join("")) as Issue[];
/** Without the one that every report has. */
const issuesOf = (sample: RunReport) => allOf(sample).filter(({ check_name: name }) => name !== "basis");

describe("gitlab", () => {
  it("has nothing but what the result rests on for a clean run, always with the same fingerprint", () => {
    const [basis, ...others] = allOf(cleanReport());
    expect(others).toEqual([]);
    expect(basis).toMatchObject({ check_name: "basis", severity: "info" });
    const older = cleanReport().sources.map((source) => ({ ...source, age_s: 9_000_000 }));
    expect(allOf({ ...cleanReport(), sources: older })[0]?.fingerprint).toBe(basis?.fingerprint);
  });

  it.each(Object.entries({ failingReport, inconclusiveReport, crashedReport, hostileReport, waivedReport }))(
    "has no entry that GitLab would stop at: %s",
    (_, sample) => {
      const issues = issuesOf(sample());
      expect(issues.length).toBeGreaterThan(0);
      for (const { description, check_name: name, fingerprint, severity, location } of issues) {
        expect(description).not.toBe("");
        expect(name).not.toBe("");
        expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
        expect(["info", "minor", "major", "critical", "blocker"]).toContain(severity);
        expect(location.path).toMatch(/^(?!\.?\/)./);
        expect(Number.isInteger(location.lines.begin) && location.lines.begin >= 1).toBe(true);
      }
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    },
  );

  it("shows twins, which have one fingerprint, as two", () => {
    const twin = failed("vm/no-snapshots", "node a", finding("Wrong."));
    const issues = issuesOf(report([twin, twin], { gate: "failed", gate_reason: "" }));
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(issues[0]?.fingerprint).toBe(twin.findings[0]?.fingerprint);
  });

  it("takes a path that is no URI, and shows what is waived as info", () => {
    const location = { path: "ü x.yaml", line: 2, column: 1, end_line: 2, end_column: 2 };
    const sample = report(
      [
        failed("vm/no-snapshots", "node a", finding("Wrong.", { location })),
        check("vm/no-snapshots", "node b", { verdict: "waived", findings: [finding("Fine.")] }),
      ],
      { gate: "failed", gate_reason: "" },
    );
    expect(issuesOf(sample).map((issue) => [issue.severity, issue.location.path])).toEqual([
      ["info", "ü x.yaml"],
      ["info", "site/deployment.yaml"],
    ]);
  });
});
