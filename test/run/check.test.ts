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
    const { report, inputs } = await check(options({}));
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
    expect(inputs.texts.get("deployment.yaml")).toContain("conferencing_nodes:");
  });

  it("keeps no text and no excerpts when no caller needs them, and reports the same otherwise", async () => {
    const cwd = join(EXAMPLE, "mistakes");
    const whole = await check(options({ cwd }));
    const without = await check(options({ cwd, excerpts: false }));
    expect(whole.report.excerpts.length).toBeGreaterThan(0);
    expect(whole.inputs.texts.size).toBe(2);
    expect(without.inputs.texts.size).toBe(0);
    expect(without.report).toEqual({ ...whole.report, excerpts: [] });
  });

  it("keeps the text that errors and patterns without a subject are shown with", async () => {
    const config = join(folder, "policy.yaml");
    await writeFile(config, 'overrides: [{ subjects: ["node:none"], rules: { vm/thick-disk: off } }]\n');
    const { report, inputs } = await check(options({ config, excerpts: false }));
    expect(report.policy.unmatched).toHaveLength(1);
    const shown = report.inputs.find(({ kind }) => kind === "config")?.path;
    expect(report.excerpts).toEqual([{ path: shown, lines: [expect.objectContaining({ line: 1 }) as object] }]);
    expect([...inputs.texts.keys()]).toEqual([shown]);

    await writeFile(join(folder, "broken.json"), '{ "hosts": 5 }');
    const inventories = ["inventory.json", join(folder, "broken.json")];
    const broken = await check(options({ inventories, excerpts: false }));
    expect(broken.report.errors.length).toBeGreaterThan(0);
    expect(broken.report.excerpts.map(({ path }) => path)).toEqual([join(folder, "broken.json")]);
  });

  it("lists inputs by what they are for, whichever was read first", async () => {
    await writeFile(join(folder, "empty.yaml"), "rules: {}\n");
    await writeFile(join(folder, "waivers.yaml"), "waivers: []\n");
    const { report } = await check(
      options({ config: join(folder, "empty.yaml"), waivers: join(folder, "waivers.yaml") }),
    );
    expect(report.inputs.map(({ kind }) => kind)).toEqual(["deployment", "inventory", "config", "waivers"]);
  });

  it("has no verdict if a file has errors: all of them, no checks, exit code 2", async () => {
    await writeFile(join(folder, "deployment.yaml"), "platfrm: {}\n");
    await writeFile(join(folder, "inventory.json"), "{");
    const { report, inputs } = await check(options({ cwd: folder }));
    expect(report).toMatchObject({ exit_code: 2, checks: [], summary: { planned: 0, gate: "no-verdict" } });
    expect(inputs.errors.map(({ location }) => location?.path)).toEqual(["deployment.yaml", "inventory.json"]);
    expect(report.errors.map(({ message }) => message)).toEqual(inputs.errors.map(({ message }) => message));
  });

  it("reads standard input, and reports that there is none", async () => {
    const stdin = Readable.from(['platform: { version: "25" }\nmanagement_node: { name: m, hostname: m }\n']);
    const { report } = await check(options({ deployment: "-", inventories: [], stdin }));
    expect(report.inputs).toMatchObject([{ kind: "deployment", path: "-" }]);
    const nothing = await check(options({ deployment: "-", inventories: [] }));
    expect(nothing.inputs.errors).toHaveLength(1);
    expect(nothing.report.exit_code).toBe(2);
  });

  it("relates findings of plugin rules as it does those of built-in rules", async () => {
    const rule = (id: string, check: string) => `{
      id: "lab/${id}", title: "Require it", severity: "error", since: "1.0.0", subject: "cluster", remediation: "None.",
      source: { document: "d", section: "s", wording: "must" }, messages: { wrong: "{{cluster}} is wrong." },
      check(cluster, { fail }) { ${check} } }`;
    const data = "data: { cluster: cluster.name }";
    const rules = [
      rule("name", `fail("wrong", { at: [cluster, "name"], dependsOn: [[cluster, "evc_mode"]], ${data} });`),
      rule("drs", `fail("wrong", { at: [cluster, "drs_behavior"], dependsOn: [[cluster, "name"]], ${data} });`),
    ];
    await writeFile(
      join(folder, "lab.mjs"),
      `export default { meta: { name: "lab" }, rules: [${rules.join(", ")}] };\n`,
    );
    await writeFile(join(folder, "lab.yaml"), "plugins: [./lab.mjs]\n");
    const { report } = await check(options({ cwd: join(EXAMPLE, "mistakes"), config: join(folder, "lab.yaml") }));
    const roots = report.checks
      .filter(({ rule: id, subject }) => id.startsWith("lab/") && subject.name === "vc-edge")
      .map(({ rule: id, verdict, root_causes }) => [id, verdict, root_causes.map((root) => root.rule)]);
    expect(roots).toEqual([
      ["lab/name", "fail", ["cluster/evc-min-sandy-bridge"]],
      ["lab/drs", "fail", ["cluster/evc-min-sandy-bridge"]],
    ]);
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

  it("contacts no servers after an interruption, evaluates what files allow, and has no verdict", async () => {
    const progress: unknown[] = [];
    const signal = AbortSignal.abort();
    const { report, inputs } = await check(options({ live: true, signal, onProgress: (step) => progress.push(step) }));
    expect(inputs.errors.map(({ code }) => code)).toEqual(["interrupted"]);
    expect(report).toMatchObject({ exit_code: 2, mode: "live", summary: { gate: "no-verdict", fail: 0 } });
    expect(report.summary.pass).toBeGreaterThan(0);
    expect(report.evidence.filter(({ answer }) => answer.status !== "not-asked")).toEqual([]);
  });
});
