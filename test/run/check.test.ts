import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check, type CheckOptions, plan as planRun, PreflightErrors } from "../../src/run/index.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "fixtures", "example");
const NOW = Date.UTC(2026, 10, 22, 12);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-run-"));
});
afterAll(() => rm(folder, { recursive: true }));

const options = (changes: Partial<CheckOptions>): CheckOptions => ({
  deployment: "deployment.yaml",
  inventories: ["inventory.json"],
  cwd: join(EXAMPLE, "clean"),
  live: false,
  only: [],
  severities: [],
  inconclusive: "fail",
  maxWarnings: null,
  now: NOW,
  ...changes,
});

describe("check", () => {
  it("gives the same report for the same files and the same time", async () => {
    const [one, other] = [await check(options({})), await check(options({}))];
    expect(other.report).toEqual(one.report);
    expect(one.report).toMatchObject({
      mode: "static",
      exit_code: 0,
      started_at: "2026-11-22T12:00:00.000Z",
      errors: [],
    });
    expect(one.report.ended_at).toBe(one.report.started_at);
  });

  it("counts every planned check in exactly one verdict", async () => {
    for (const site of ["clean", "mistakes"]) {
      const { report } = await check(options({ cwd: join(EXAMPLE, site) }));
      const { summary, checks } = report;
      expect(summary.planned).toBe(checks.length);
      const counted = ["pass", "fail", "inconclusive", "not-applicable", "skipped", "waived", "crashed"] as const;
      expect(counted.map((verdict) => summary[verdict]).reduce((sum, count) => sum + count)).toBe(summary.planned);
      const { plan } = await planRun(options({ cwd: join(EXAMPLE, site) }));
      expect(plan?.checks.map(({ rule, subject }) => [rule, subject])).toEqual(
        checks.map(({ rule, subject }) => [rule, subject]),
      );
    }
  });

  it("names inputs with their hashes, and keeps their text for code frames", async () => {
    const { report, sources } = await check(options({}));
    expect(report.inputs).toEqual([
      {
        kind: "deployment",
        path: "deployment.yaml",
        uri: expect.stringMatching(/deployment\.yaml$/) as string,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
      {
        kind: "inventory",
        path: "inventory.json",
        uri: expect.stringMatching(/inventory\.json$/) as string,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ]);
    expect(sources.get("deployment.yaml")).toContain("conferencing_nodes:");
  });

  it("has no verdict when a file has mistakes: all of them, no checks, exit code 2", async () => {
    await writeFile(join(folder, "deployment.yaml"), "platfrm: {}\n");
    await writeFile(join(folder, "inventory.json"), "{");
    const { report, errors } = await check(options({ cwd: folder }));
    expect(report).toMatchObject({ exit_code: 2, checks: [], summary: { planned: 0, gate: "no-verdict" } });
    expect(errors.map(({ location }) => location?.path)).toEqual(["deployment.yaml", "inventory.json"]);
    expect(report.errors.map(({ message }) => message)).toEqual(errors.map(({ message }) => message));
  });

  it("reads standard input, and says so when there is none", async () => {
    const stdin = Readable.from(['platform: { version: "25" }\nmanagement_node: { name: m, hostname: m }\n']);
    const { report } = await check(options({ deployment: "-", inventories: [], stdin }));
    expect(report.inputs).toMatchObject([{ kind: "deployment", path: "-" }]);
    const nothing = await check(options({ deployment: "-", inventories: [] }));
    expect(nothing.errors).toHaveLength(1);
    expect(nothing.report.exit_code).toBe(2);
  });

  it.each([
    ["a rule that does not exist", { only: ["no/such-rule"] }],
    ["a file that is given twice", { inventories: ["inventory.json", "./inventory.json"] }],
    ["the deployment as its own inventory", { inventories: ["deployment.yaml"] }],
    ["standard input twice", { deployment: "-", inventories: ["-"] }],
  ])("refuses %s", async (_, changes) => {
    await expect(check(options(changes))).rejects.toBeInstanceOf(PreflightErrors);
    await expect(planRun(options(changes))).rejects.toBeInstanceOf(PreflightErrors);
  });

  it("refuses a time that is no number, by which every certificate would seem valid", async () => {
    for (const now of ["2026-10-01T00:00:00Z", new Date(), NaN]) {
      await expect(check(options({ now: now as number }))).rejects.toBeInstanceOf(PreflightErrors);
    }
  });

  it("asks nobody when it was interrupted before, judges what files can tell, and has no verdict", async () => {
    const progress: unknown[] = [];
    const signal = AbortSignal.abort();
    const { report, errors } = await check(options({ live: true, signal, onProgress: (step) => progress.push(step) }));
    expect(errors.map(({ code }) => code)).toEqual(["interrupted"]);
    expect(report).toMatchObject({ exit_code: 2, mode: "live", summary: { gate: "no-verdict", fail: 0 } });
    expect(report.summary.pass).toBeGreaterThan(0);
    expect(report.evidence.filter(({ answer }) => answer.status !== "not-asked")).toEqual([]);
  });
});
