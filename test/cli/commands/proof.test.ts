import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Explanation } from "../../../src/schema/proof/explanation.generated.ts";
import type { SelfTest } from "../../../src/schema/proof/selftest.generated.ts";
import { EXAMPLE, preflight } from "../program.ts";

const NOW = ["--now", "2026-11-22T08:00:00Z"];

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-proof-")));
  await cp(join(EXAMPLE, "clean"), join(folder, "oslo"), { recursive: true });
  await cp(join(EXAMPLE, "mistakes"), join(folder, "bergen"), { recursive: true });
  await writeFile(
    join(folder, "preflight.project.yaml"),
    `sites:
  - { name: oslo, deployment: oslo/deployment.yaml, inventory: [oslo/inventory.json] }
  - { name: bergen, deployment: bergen/deployment.yaml, inventory: [bergen/inventory.json] }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("preflight why in a project", () => {
  const verdictIn = async (site: string) => {
    const args = [
      "why",
      "vm/hardware-version-avx2",
      "node:oslo-conf02",
      ".",
      "--site",
      site,
      ...NOW,
      "--format",
      "json",
    ];
    const { stdout, stderr } = await preflight(args, { cwd: folder });
    expect(stderr).toBe("");
    return (JSON.parse(stdout) as Explanation).check;
  };

  it("explains a check of the site that --site names, with the inventories of the project file", async () => {
    expect(await verdictIn("oslo")).toMatchObject({ verdict: "pass" });
    expect(await verdictIn("bergen")).toMatchObject({
      verdict: "fail",
      findings: [{ location: { path: "bergen/inventory.json" } }],
    });
  });

  it("lists the sites if there are several", async () => {
    const { exitCode, stderr } = await preflight(["why", "vm/thick-disk", "oslo-conf01", "."], { cwd: folder });
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(". has 2 sites, and preflight why explains a check of one"),
    ]);
    expect(stderr).toContain("--site oslo");
  });
});

describe("preflight plan and probe in a project", () => {
  const plan = (...more: readonly string[]) => preflight(["plan", ".", ...NOW, ...more], { cwd: folder });

  it("show the plan of every site, with a heading for each", async () => {
    const { exitCode, stdout } = await plan("--no-live");
    expect(exitCode).toBe(0);
    expect(stdout.match(/^== .* ==$/gm)).toEqual(["== oslo ==", "== bergen =="]);
    expect(stdout.match(/^This run contacts no servers\.$/gm)).toHaveLength(2);
  });

  it("write one firewall request of all sites, with the site in the first column", async () => {
    const { exitCode, stdout } = await plan("--format", "csv", "--format", "markdown=request.md");
    const [header = "", ...rows] = stdout.trimEnd().split("\r\n");
    expect({ exitCode, header: header.split(",").slice(0, 3) }).toEqual({
      exitCode: 0,
      header: ["site", "from", "to"],
    });
    const sites = new Set(rows.map((row) => row.split(",")[0]));
    expect([...sites]).toEqual(["oslo", "bergen"]);
    const table = (await readFile(join(folder, "request.md"), "utf8")).trimEnd().split("\n");
    expect(table).toHaveLength(rows.length + 2);
    expect(table[0]).toMatch(/^\| site \| from \| to \|/);
    const one = await plan("--format", "csv", "--site", "oslo");
    expect(one.stdout.split("\r\n")).toHaveLength(rows.filter((row) => row.startsWith("oslo,")).length + 2);
    expect(one.stdout).toMatch(/^from,to,/);
  });

  it("write the plan to approve of one site", async () => {
    const several = await plan("--format", "json");
    expect([several.exitCode, several.stdout]).toEqual([2, ""]);
    expect(several.stderr).toContain(". has 2 sites, and a JSON plan covers one, for approval");
    const one = await plan("--format", "json", "--site", "bergen");
    const { checks } = JSON.parse(one.stdout) as { readonly checks: readonly { readonly rule: string }[] };
    expect(checks.length).toBeGreaterThan(100);
  });

  it("record one site", async () => {
    const { exitCode, stderr } = await preflight(["probe", "."], { cwd: folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("2 sites, and evidence is recorded for one")]);
    const one = await preflight(["probe", ".", "--site", "bergen", "--only", "vm/thick-disk"], { cwd: folder });
    expect([one.exitCode, one.stderr]).toEqual([2, expect.stringContaining("preflight rules list marks live rules")]);
  });
});

describe("preflight selftest in a project", () => {
  const selftest = (...more: readonly string[]) =>
    preflight(["selftest", ".", "--only", "vm/hardware-*", "--no-live", ...NOW, ...more], { cwd: folder });

  it("tests every site, with a heading for each", async () => {
    const { exitCode, stdout } = await selftest();
    expect(exitCode).toBe(0);
    expect(stdout.match(/^== .* ==$/gm)).toEqual(["== oslo ==", "== bergen =="]);
    expect(stdout.match(/^Self-test passed/gm)).toHaveLength(2);
  });

  it("writes JSON of one site", async () => {
    const several = await selftest("--format", "json");
    expect([several.exitCode, several.stdout]).toEqual([2, ""]);
    expect(several.stderr).toContain("only text output supports several");
    const one = await selftest("--format", "json", "--site", "bergen");
    expect((JSON.parse(one.stdout) as SelfTest).passed).toBe(true);
  });

  it("has the exit code 1 when a rule passes in spite of an error", async () => {
    const rule = `{
      id: "lab/silent", title: "Require it", severity: "error", since: "1.0.0", subject: "node", messages: {},
      source: { document: "d", section: "s", wording: "must" }, remediation: "None.", check: () => undefined,
      mutations: [{ edit: (node) => [{ sourceRef: node.sourceRefOf("hostname"), value: "changed" }] }] }`;
    await writeFile(
      join(folder, "plugin.mjs"),
      `export default { meta: { name: "lab", version: "1.0.0" }, rules: [${rule}] };\n`,
    );
    await writeFile(join(folder, "lab.yaml"), "plugins: [./plugin.mjs]\n");
    const args = ["selftest", ".", "--site", "oslo", "--config", "lab.yaml", "--only", "lab/*", ...NOW];
    const { exitCode, stdout } = await preflight(args, { cwd: folder });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("1 rule stayed silent")]);
  });

  it("has the worst exit code of all sites, and continues after a site with errors", async () => {
    await cp(join(folder, "oslo"), join(folder, "aalesund"), { recursive: true });
    await writeFile(join(folder, "aalesund", "deployment.yaml"), "nodes: 3\n");
    const { exitCode, stdout, stderr } = await preflight(
      ["selftest", "*/deployment.yaml", "--only", "vm/hardware-*", "--no-live", ...NOW],
      { cwd: folder },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain("aalesund/deployment.yaml");
    expect(stdout.match(/^Self-test passed/gm)).toHaveLength(2);
  });
});
