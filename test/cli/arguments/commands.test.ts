import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { MISTAKES, preflight, ROOT } from "../program.ts";

describe("preflight rules list", () => {
  it("prints every rule on a line of its own, with severity and title", async () => {
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
  it("says in JSON what it says in words", async () => {
    const text = await preflight(["plan", ...MISTAKES]);
    const json = await preflight(["plan", ...MISTAKES, "--format", "json"]);
    expect([text.exitCode, json.exitCode, text.stderr, json.stderr]).toEqual([0, 0, "", ""]);
    const plan = JSON.parse(json.stdout) as { planned: number; checks: { rule: string }[]; questions: unknown[] };
    expect(plan.checks).toHaveLength(plan.planned);
    expect(text.stdout).toContain(`${plan.planned} checks of `);
    expect(text.stdout).toContain(`${plan.questions.length} queries first.`);
    for (const rule of new Set(plan.checks.map((check) => check.rule)))
      expect(`\n${text.stdout}`).toContain(`\n${rule} (`);
  });

  it("plans the checks that check then judges, in the same order", async () => {
    const plan = JSON.parse((await preflight(["plan", ...MISTAKES, "--no-live", "--format=json"])).stdout) as {
      checks: { rule: string; subject: unknown }[];
    };
    const report = JSON.parse((await preflight([...MISTAKES, "--no-live", "--format=json"])).stdout) as typeof plan;
    const named = ({ checks }: typeof plan) => checks.map(({ rule, subject }) => ({ rule, subject }));
    expect(named(plan)).toEqual(named(report));
  });

  it("has no plan for files with mistakes", async () => {
    const { exitCode, stdout, stderr } = await preflight(["plan", "package.json", "--format", "json"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("package.json:2:3: error[");
  });

  it("says so when every rule is off", async () => {
    const off = rules.flatMap(({ id }) => ["--rule", `${id}: off`]);
    const plan = await preflight(["plan", ...MISTAKES, ...off]);
    expect({ exitCode: plan.exitCode, stdout: plan.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(plan.stderr).toContain("Every rule is off, so nothing is planned.");
    const check = await preflight([...MISTAKES, ...off, "--no-live"]);
    expect(check.exitCode).toBe(2);
    expect(check.stdout).toContain("Gate: NO VERDICT — no check was evaluated.");
  });
});
