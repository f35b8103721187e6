import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { formats } from "../../../src/report/format.ts";
import { CLEAN, MISTAKES, preflight, shell } from "../program.ts";

const NAMES = Object.keys(formats);
const STATIC = ["--no-live", "--now", "2026-11-22T12:00:00Z"];

let folder: string;
let direct: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-report-"));
  const every = NAMES.flatMap((name) => ["--format", `${name}=direct.${name}`]);
  // The page of a run has what checks read; a saved report has it on request.
  const run = await preflight([...MISTAKES, ...STATIC, "--explain", ...every], { cwd: folder });
  direct = run.stdout;
  expect(run.exitCode).toBe(1);
  await preflight([...CLEAN, ...STATIC, "--format", "json=clean.json"], { cwd: folder });
  await preflight(["nosuch.yaml", "--format", "json=none.json"], { cwd: folder });
  await writeFile(join(folder, "broken.yaml"), "platform: {versoin: 25}\n");
  await preflight(["broken.yaml", "--format", "json=broken.json"], { cwd: folder });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const text = (name: string) => readFile(join(folder, name), "utf8");
const saved = async () => JSON.parse(await text("direct.json")) as Record<keyof RunReport, unknown>;

describe("preflight report", () => {
  it("writes every format as the run itself did, from elsewhere too, and keeps the exit code", async () => {
    const every = NAMES.flatMap((name) => ["--format", `${name}=${join(folder, `saved.${name}`)}`]);
    const run = await preflight(["report", join(folder, "direct.json"), ...every], { cwd: tmpdir() });
    expect(run).toEqual({ exitCode: 1, stdout: direct, stderr: "" });
    for (const name of NAMES) expect(await text(`saved.${name}`), name).toBe(await text(`direct.${name}`));
  });

  it("reads standard input, and writes to it", async () => {
    const line = "$PREFLIGHT report - --format json < direct.json | cmp - direct.json";
    // pipefail: the exit code of the report comes through.
    expect(await shell(line, { cwd: folder })).toEqual({ exitCode: 1, stdout: "", stderr: "" });
  });

  it("is open for a report that is, and has no verdict for one that has none", async () => {
    expect((await preflight(["report", "clean.json"], { cwd: folder })).exitCode).toBe(0);
    const none = await preflight(["report", "none.json"], { cwd: folder });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain("File nosuch.yaml does not exist.");
  });

  it("shows errors with their source lines, as the run did", async () => {
    const run = await preflight(["broken.yaml", "--format", "json"], { cwd: folder });
    await rm(join(folder, "broken.yaml"));
    const shown = await preflight(["report", "broken.json", "--format", "json"], { cwd: folder });
    expect(shown.stderr).toBe(run.stderr);
    expect(shown.stderr).toContain("> 1 | platform: {versoin: 25}");
  });

  it.each<readonly [string, (report: Record<keyof RunReport, unknown>) => unknown, string]>([
    ["another tool's JSON", () => ({ version: "2.1.0", runs: [] }), "is not a report of infinity-preflight."],
    ["a list", () => [1], "is not a report of infinity-preflight."],
    ["an older version", (report) => ({ ...report, schema_version: 0 }), "has schema_version 0"],
    ["a missing key", ({ summary, ...report }) => (summary ? report : null), '"summary" is missing.'],
    ["a strange key", (report) => ({ ...report, __proto__x: 1 }), '"__proto__x" is invalid.'],
    ["a strange verdict", (report) => ({ ...report, checks: [{ verdict: "\u001b[2J" }] }), '"checks.0.'],
    [
      "a line far out",
      (report) => ({ ...report, excerpts: [{ path: "x", lines: [line(1e300)] }] }),
      '"excerpts.0.lines',
    ],
    ["a gate that is not the exit code's", (report) => ({ ...report, exit_code: 0 }), "contradicts itself"],
    [
      "a gate that passed over a failed check",
      (report) => ({
        ...report,
        summary: { ...(report.summary as RunReport["summary"]), gate: "passed" },
        exit_code: 0,
      }),
      "its summary has the gate passed, its checks and policy result in failed",
    ],
    [
      "another policy than the one that it was decided by",
      (report) => ({ ...report, policy: { ...(report.policy as RunReport["policy"]), inconclusive: "ignore" } }),
      "its blockers are not the checks that fail its gate",
    ],
    [
      "blockers that are not those of its checks",
      (report) => ({
        ...report,
        blockers: (report.blockers as RunReport["blockers"]).map((blocker) => ({ ...blocker, checks: [] })),
      }),
      "its blockers are not the checks that fail its gate",
    ],
    ["fewer checks than it counts", (report) => ({ ...report, checks: [] }), "contradicts itself"],
    ["checks of rules that it does not describe", (report) => ({ ...report, rules: [] }), "contradicts itself"],
  ])("refuses %s with one sentence", async (_, change, sentence) => {
    const run = await preflight(["report", "-"], { stdin: JSON.stringify(change(await saved())) });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr.match(/error\[/g)).toHaveLength(1);
    expect(run.stderr.replace(/\s+/g, " ")).toContain(sentence);
    expect(run.stderr).not.toMatch(/[^\P{C}\n]/u);
  });

  it.each([
    ["", "is not a report"],
    ["platform: {}", "is not a report"],
    ['{"schema_version": 1,', "The file may be truncated."],
    ['{"a": '.repeat(100_000), "error["],
    ["\0\0\0", "error["],
  ])("refuses %j", async (stdin, sentence) => {
    const run = await preflight(["report", "-"], { stdin });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr.match(/error\[/g)).toHaveLength(1);
    expect(run.stderr.replace(/\s+/g, " ")).toContain(sentence);
  });

  it("detects a truncated file of any size", async () => {
    const whole = await text("direct.json");
    await writeFile(join(folder, "cut.json"), whole.slice(0, 20_000) + " ".repeat(21_000_000));
    const run = await preflight(["report", "cut.json"], { cwd: folder });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("cut.json is incomplete");
  });

  it("does not overwrite what it reads, and takes one file", async () => {
    const over = await preflight(["report", "direct.json", "--format", "json=direct.json"], { cwd: folder });
    expect(over).toMatchObject({ exitCode: 2 });
    expect(over.stderr).toContain("would overwrite an input file.");
    expect((await preflight(["report"])).stderr).toContain("preflight report requires a saved report.");
    expect((await preflight(["report", "a", "b"])).stderr).toContain("Give one report.");
  });
});

function line(number: number) {
  return { line: number, column: 1, text: "", length: 0, hash: null };
}
