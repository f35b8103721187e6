import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { MISTAKES, preflight, ROOT } from "../program.ts";

describe("preflight rules list", () => {
  it("prints every rule on its own line, with severity and title", async () => {
    const { exitCode, stdout, stderr } = await preflight(["rules", "list"], { env: { COLUMNS: "40" } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(rules.length);
    for (const [index, { id, severity, live, title }] of rules.entries()) {
      expect(lines[index]?.split(/ {2,}/)).toEqual([id, severity, ...(live === true ? ["live"] : []), title]);
    }
  });
});

describe("preflight schema", () => {
  it.each(["deployment", "inventory", "evidence", "report"])("%s prints the published schema", async (name) => {
    const { exitCode, stdout, stderr } = await preflight(["schema", name]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(await readFile(join(ROOT, "schema", `${name}.schema.json`), "utf8"));
  });
});

describe("preflight plan", () => {
  it("prints the same content as JSON and as text", async () => {
    const text = await preflight(["plan", ...MISTAKES, "--all"]);
    const json = await preflight(["plan", ...MISTAKES, "--format", "json"]);
    expect([text.exitCode, json.exitCode, text.stderr, json.stderr]).toEqual([0, 0, "", ""]);
    const plan = JSON.parse(json.stdout) as { planned: number; checks: { rule: string }[]; questions: unknown[] };
    expect(plan.checks).toHaveLength(plan.planned);
    expect(text.stdout).toContain(`${plan.planned} checks of `);
    expect(text.stdout).toContain(`${plan.questions.length} queries first.`);
    for (const rule of new Set(plan.checks.map((check) => check.rule)))
      expect(`\n${text.stdout}`).toContain(`\n${rule} (`);
  });

  it("prints totals and connections first, and checks only with --all", async () => {
    const { stdout } = await preflight(["plan", ...MISTAKES]);
    const all = (await preflight(["plan", ...MISTAKES, "--all"])).stdout;
    expect(stdout.split("\n")[0]).toMatch(/^\d+ checks of \d+ rules planned/);
    expect(stdout).toMatch(/\n {2}10\.44\.0\.10: TCP 53 and UDP 53 \(DNS queries\)\n/);
    expect(stdout).not.toContain("\nvm/thick-disk (");
    expect(stdout.split("\n").length).toBeLessThan(25);
    expect(all.startsWith(stdout.slice(0, stdout.indexOf("--all lists")))).toBe(true);
  });

  it("prints no text if its formats are written to files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "preflight-plan-"));
    const file = join(folder, "plan.json");
    const { exitCode, stdout } = await preflight(["plan", ...MISTAKES, "--format", `json=${file}`]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(JSON.parse(await readFile(file, "utf8"))).toHaveProperty("planned");
    await rm(folder, { recursive: true });
  });

  it("plans the checks that check then evaluates, in the same order", async () => {
    const plan = JSON.parse((await preflight(["plan", ...MISTAKES, "--no-live", "--format=json"])).stdout) as {
      checks: { rule: string; subject: unknown }[];
    };
    const report = JSON.parse((await preflight([...MISTAKES, "--no-live", "--format=json"])).stdout) as typeof plan;
    const named = ({ checks }: typeof plan) => checks.map(({ rule, subject }) => ({ rule, subject }));
    expect(named(plan)).toEqual(named(report));
  });

  it("has no plan for files with errors", async () => {
    const { exitCode, stdout, stderr } = await preflight(["plan", "package.json", "--format", "json"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("package.json:2:3: error[");
  });

  it("reports that every rule is off", async () => {
    const off = rules.flatMap(({ id }) => ["--rule", `${id}: off`]);
    const plan = await preflight(["plan", ...MISTAKES, ...off]);
    expect({ exitCode: plan.exitCode, stdout: plan.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(plan.stderr).toContain("Every rule is off, so nothing is planned.");
    const check = await preflight([...MISTAKES, ...off, "--no-live"]);
    expect(check.exitCode).toBe(2);
    expect(check.stdout).toContain("Gate: NO VERDICT — no check was evaluated.");
  });
});
