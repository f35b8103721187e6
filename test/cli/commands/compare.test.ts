import { Ajv } from "ajv";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison, RunReport } from "../../../src/schema/report.generated.ts";
import { comparisonFormats } from "../../../src/report/comparison-format.ts";
import { formats } from "../../../src/report/format.ts";
import type { ProjectComparison } from "../../../src/schema/project/project-comparison.generated.ts";
import { projectComparisonSchema } from "../../../src/schema/project/project-comparison.schema.ts";
import type { ProjectReport } from "../../../src/schema/project/project-report.generated.ts";
import { comparisonSchema } from "../../../src/schema/report.schema.ts";
import { CLEAN, EXAMPLE, MISTAKES, preflight } from "../program.ts";

const at = (day: number) => ["--no-live", "--now", `2026-11-${day}T12:00:00Z`];
const ONLY = ["--only", "vm/*,node/*"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-compare-"));
  const save = (args: readonly string[], name: string) =>
    preflight([...args, "--format", `json=${name}`], { cwd: folder });
  await save([...MISTAKES, ...at(22), ...ONLY], "before.json");
  await save([...CLEAN, ...at(23), ...ONLY], "after.json");
  await save([...CLEAN, ...at(23), "--only", "vm/*"], "fewer.json");
  const other = join(folder, "other.yaml");
  await writeFile(other, "conferencing_nodes:\n  - name: lonely\n    hostname: lonely\n");
  await save([other, "--no-live"], "other.json");
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const compare = (...args: readonly string[]) => preflight(["compare", ...args], { cwd: folder });

describe("preflight compare", () => {
  it("ends with what was fixed and what is new, and exits with 0", async () => {
    const { exitCode, stdout, stderr } = await compare("before.json", "after.json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Fixed$/m);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(/\d+ fixed, .*since 2026-11-22 12:00 UTC\. $/);
    const back = await compare("after.json", "before.json");
    expect(back.exitCode).toBe(0);
    expect(back.stdout).toMatch(/^New$/m);
  });

  it("reports no changes between a report and itself", async () => {
    const { stdout } = await compare("after.json", "after.json");
    expect(stdout).toContain("No change since 2026-11-23 12:00 UTC.");
  });

  it("follows --fail-on", async () => {
    const code = async (...args: readonly string[]) => (await compare(...args)).exitCode;
    expect(await code("after.json", "before.json", "--fail-on", "new")).toBe(1);
    expect(await code("before.json", "before.json", "--fail-on", "new")).toBe(0);
    expect(await code("before.json", "before.json", "--fail-on", "any")).toBe(1);
    expect(await code("after.json", "fewer.json", "--fail-on", "new")).toBe(1);
  });

  it("writes every format, and JSON by its schema", async () => {
    const names = Object.keys(comparisonFormats);
    const every = names.flatMap((name) => ["--format", `${name}=compared.${name}`]);
    await compare("before.json", "after.json", ...every);
    const texts = new Map<string, string>();
    for (const name of names) texts.set(name, await readFile(join(folder, `compared.${name}`), "utf8"));
    const json = JSON.parse(texts.get("json") ?? "") as Comparison;
    const ajv = new Ajv({ allowUnionTypes: true });
    expect(ajv.validate(comparisonSchema, json), ajv.errorsText()).toBe(true);
    expect(json.counts.fixed).toBeGreaterThan(0);
    expect(texts.get("markdown")).toMatch(/^## \d+ fixed.*\n/);
    expect(texts.get("html")).toContain("<!DOCTYPE html>");
    for (const text of texts.values()) expect(text.replaceAll("<wbr/>", "")).toContain("vm/memory-multiple-of-4");
  });

  it.each([
    ["another tool's JSON", "sarif.json", '{"version": "2.1.0", "runs": []}', "is not a report of infinity-preflight."],
    ["a list", "list.json", "[1]", "is not a report of infinity-preflight."],
    ["another version", "version.json", null, "has schema_version 9"],
    ["a file that is not there", "nosuch.json", undefined, "File nosuch.json does not exist."],
    ["another deployment", "other.json", undefined, "which have no node in common."],
  ] as const)("refuses %s in one sentence", async (_, name, text, sentence) => {
    if (text !== undefined) {
      const saved = JSON.parse(await readFile(join(folder, "before.json"), "utf8")) as RunReport;
      await writeFile(join(folder, name), text ?? JSON.stringify({ ...saved, schema_version: 9 }));
    }
    for (const pair of [
      [name, "after.json"],
      ["after.json", name],
    ]) {
      const { exitCode, stdout, stderr } = await compare(...pair);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr.replaceAll(/\s+/g, " ")).toContain(sentence);
      expect(stderr.match(/error\[/g)).toHaveLength(1);
    }
  });

  it("does not write over what it compares", async () => {
    const { exitCode, stderr } = await compare("before.json", "after.json", "--format", "json=after.json");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("would overwrite an input file");
  });
});

describe("preflight compare of projects", () => {
  let project: string;
  const run = (...args: readonly string[]) => preflight(args, { cwd: project });
  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), "preflight-compare-sites-"));
    await cp(join(EXAMPLE, "mistakes"), join(project, "oslo"), { recursive: true });
    await cp(join(EXAMPLE, "mistakes"), join(project, "bergen"), { recursive: true });
    await run(...at(22), ...ONLY, "--format", "json=before.json");
    await run("bergen/deployment.yaml", ...at(22), ...ONLY, "--format", "json=bergen.json");
    await cp(join(EXAMPLE, "clean"), join(project, "oslo"), { recursive: true, force: true });
    await cp(join(EXAMPLE, "mistakes"), join(project, "tromso"), { recursive: true });
    await run(...at(23), ...ONLY, "--format", "json=after.json");
  }, 60_000);
  afterAll(() => rm(project, { recursive: true }));

  it("compares the sites by name, and reports one that is missing from a file", async () => {
    const { exitCode, stdout } = await run("compare", "before.json", "after.json");
    expect(exitCode).toBe(0);
    const [bergen = "", oslo = "", tromso = ""] = stdout.split(/^== \w+ ==$/m).slice(1);
    expect(bergen).toMatch(/^Still failing$/m);
    expect(oslo).toMatch(/^Fixed$/m);
    expect(tromso.trim()).toMatch(/^Only in after.json: before.json does not contain this site\.\n/);
    expect((await run("compare", "before.json", "after.json", "--fail-on", "new")).exitCode).toBe(1);
  });

  it("writes a document of one site, also against the report of one run", async () => {
    const json = async (...args: readonly string[]) =>
      JSON.parse((await run("compare", ...args, "--format", "json")).stdout) as Comparison;
    expect((await json("before.json", "after.json", "--site", "oslo")).counts.fixed).toBeGreaterThan(0);
    expect((await json("bergen.json", "after.json", "--site", "bergen")).counts.fixed).toBe(0);
  });

  it.each([
    [
      ["before.json", "bergen.json"],
      "before.json has the reports of 2 sites, but the other file has that of a single run.",
    ],
    [["bergen.json", "bergen.json", "--site", "bergen"], "Both are reports of one run, without sites."],
    [["before.json", "after.json", "--site", "nowhere"], 'before.json has no site "nowhere".'],
  ])("refuses %j in one sentence", async (args, sentence) => {
    const { exitCode, stdout, stderr } = await run("compare", ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(sentence);
  });

  it("writes every format of several sites, JSON by its schema, with the findings across sites", async () => {
    const outputs = Object.keys(comparisonFormats).flatMap((name) => ["--format", `${name}=sites.${name}`]);
    expect((await run("compare", "before.json", "after.json", ...outputs)).stderr).toBe("");
    const text = (name: string) => readFile(join(project, `sites.${name}`), "utf8");
    const comparison = JSON.parse(await text("json")) as ProjectComparison;
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, validateFormats: false });
    ajv.addSchema(comparisonSchema);
    expect(ajv.validate(projectComparisonSchema, comparison), ajv.errorsText()).toBe(true);
    expect(comparison.sites.map(({ name, reason }) => [name, reason])).toEqual([
      ["bergen", null],
      ["oslo", null],
      ["tromso", "Only in after.json: before.json does not contain this site."],
    ]);
    // The two copies of a site shared their nodes; the fixed one shares them with both others.
    const { cross_site } = comparison;
    expect(cross_site?.fixed.length).toBeGreaterThan(0);
    expect(cross_site?.new.length).toBeGreaterThan(0);
    for (const name of ["stylish", "markdown", "html"]) {
      const words = (await text(name)).replaceAll(/\s+/g, " ");
      expect(words, name).toContain("before.json does not contain this site");
      expect(words, name).toMatch(/Across sites: \d+ fixed, \d+ new/);
    }
    expect((await text("html")).match(/<h2 id=/g)).toHaveLength(3);
  });

  it("gives no result if a site had no checks", async () => {
    await mkdir(join(project, "lab"));
    await writeFile(join(project, "lab", "deployment.yaml"), "platform: [\n");
    await run(...at(23), ...ONLY, "--format", "json=broken.json");
    await rm(join(project, "lab"), { recursive: true });
    const { exitCode, stdout } = await run("compare", "broken.json", "broken.json");
    expect(exitCode).toBe(2);
    expect(stdout).toContain("lab: broken.json has no checks, because its run had errors.");
    expect(stdout).toMatch(/^oslo: /m);
  });

  it("is shown by a check of the sites, which --fail-on fails for what is new or cannot be compared", async () => {
    const check = (...args: readonly string[]) => run(...at(23), ...ONLY, ...args);
    const { stdout, stderr, exitCode } = await check("--compare-to", "before.json");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'Site "tromso" is not compared: before.json does not contain this site.\n',
    });
    expect(stdout).toMatch(/^Fixed$/m);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(/Across sites since the earlier report: \d+ fixed, \d+ new/);
    // Of one site, the gate decides alone until --fail-on does; a report of all sites has its own.
    const oslo = ["--site", "oslo", "--compare-to"];
    expect((await check(...oslo, "after.json", "--fail-on", "new")).exitCode).toBe(0);
    const one = JSON.parse((await check(...oslo, "before.json", "--format", "json")).stdout) as ProjectReport;
    expect(one.sites.map(({ report }) => report.comparison?.counts.fixed)).toEqual([expect.any(Number)]);
    const file = await run(
      "oslo/deployment.yaml",
      ...at(23),
      ...ONLY,
      "--compare-to",
      "before.json",
      "--format",
      "json",
    );
    expect((JSON.parse(file.stdout) as RunReport).comparison?.counts).toEqual(one.sites[0]?.report.comparison?.counts);
    const refused = await check("--compare-to", "bergen.json");
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr.replaceAll(/\s+/g, " ")).toContain(
      "bergen.json is the report of one run, and 3 sites are checked. hint: Choose its site with --site",
    );
  });

  it("is what remediate reads one site of", async () => {
    expect((await run("remediate", "before.json", "--site", "oslo")).stdout).toMatch(/^#!\/bin\/sh\n/);
    expect((await run("remediate", "before.json")).stderr).toContain("--site bergen");
    expect((await run("remediate", "bergen.json", "--site", "bergen")).stderr).toContain("without sites");
  });
});

describe("check --compare-to", () => {
  const check = (...args: readonly string[]) =>
    preflight([...CLEAN, ...at(24), ...ONLY, "--compare-to", "before.json", ...args], { cwd: folder });

  it("shows the changes and keeps the exit code", async () => {
    const { exitCode, stdout, stderr } = await check();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Fixed$/m);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(/\d+ fixed.* since 2026-11-22 12:00 UTC\./);
  });

  it("is in every format, and the same for the saved report", async () => {
    const every = Object.keys(formats).flatMap((name) => ["--format", `${name}=now.${name}`]);
    await check(...every);
    for (const name of Object.keys(formats)) {
      const text = (await readFile(join(folder, `now.${name}`), "utf8")).replaceAll(/\s+/g, " ");
      if (name === "json") expect((JSON.parse(text) as RunReport).comparison?.counts.fixed).toBeGreaterThan(0);
      else expect(text, name).toMatch(/\d+ fixed.*since 2026-11-22 12:00 UTC/);
    }
    await preflight(["report", "now.json", "--format", "html=again.html"], { cwd: folder });
    expect(await readFile(join(folder, "again.html"), "utf8")).toBe(await readFile(join(folder, "now.html"), "utf8"));
  });

  it("raises the exit code by --fail-on, and never lowers it", async () => {
    const mistakes = ["--compare-to", "before.json", "--fail-on", "new"];
    expect((await preflight([...MISTAKES, ...at(24), ...ONLY, ...mistakes], { cwd: folder })).exitCode).toBe(1);
    const fewer = [...CLEAN, ...at(24), "--only", "node/*", "--compare-to", "after.json"];
    expect((await preflight(fewer, { cwd: folder })).exitCode).toBe(0);
    expect((await preflight([...fewer, "--fail-on", "new"], { cwd: folder })).exitCode).toBe(1);
  });

  it("reads the earlier report before anything else, and refuses another deployment's", async () => {
    expect((await check("--compare-to", "nosuch.json")).stderr).toContain("File nosuch.json does not exist.");
    const { exitCode, stderr } = await check("--compare-to", "other.json");
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("which have no node in common.");
  });
});
