import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProjectReport } from "../../../src/schema/project/project-report.generated.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { preflight, ROOT } from "../program.ts";

const RUN = ["--no-live", "--now", "2026-11-22T12:00:00Z"];
const SITES = ["alta", "bergen", "drammen", "oslo", "tromso"] as const;

/** A deployment of one Management Node and one Conferencing Node. */
function deployment(name: string, fqdn = `conf.${name}`): string {
  const [hostname = "", domain = ""] = fqdn.split(".");
  return `platform: { version: "25" }
management_node: { name: mgmt, hostname: mgmt-${name}, domain: example.com }
system_locations: [{ name: here }]
conferencing_nodes:
  - { name: conf, hostname: ${hostname}, domain: ${domain}.example.com, system_location: here }
`;
}

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "preflight-sites-")));
  await mkdir(join(root, ".git"));
  for (const name of SITES) {
    await mkdir(join(root, "sites", name), { recursive: true });
    const text =
      name === "tromso" ? "platform: { version: 25 \n" : deployment(name, name === "oslo" ? "conf.bergen" : undefined);
    await writeFile(join(root, "sites", name, "deployment.yaml"), text);
  }
  await mkdir(join(root, "alone"));
  await writeFile(join(root, "alone", "deployment.yaml"), deployment("alone"));
  await writeFile(join(root, "alone", "inventory.yaml"), 'collected_at: "2026-01-01T00:00:00Z"\nhosts: []\n');
});
afterAll(() => rm(root, { recursive: true }));

const run = (...args: readonly string[]) => preflight([...args, ...RUN], { cwd: root });
const project = async (...args: readonly string[]) =>
  JSON.parse((await run(...args, "-f", "json")).stdout) as ProjectReport;

describe("several sites", () => {
  it("are found below a folder, and give one exit code and one table", async () => {
    const { exitCode, stdout } = await run("sites", "-q");
    expect(exitCode).toBe(2);
    for (const name of SITES) expect(stdout).toMatch(new RegExp(`^Site sites/${name}$`, "m"));
    expect(stdout).toMatch(/^Site +Gate +Errors +Warnings +Inconclusive/m);
    expect(stdout).toMatch(/^sites\/tromso +no verdict /m);
    expect(stdout).toMatch(/^sites\/alta +failed /m);
    expect(stdout).toContain("Gate: NO VERDICT");
    expect(stdout).toContain("FQDN conf.bergen.example.com is used by");
    expect(stdout).toContain("Not compared, because of errors in their files: sites/tromso.");
  });

  it("are read from globs and several files, and chosen by --site", async () => {
    const { sites, omitted, exit_code } = await project("sites/?lta/deployment.yaml", "sites/bergen/deployment.yaml");
    expect(sites.map(({ name }) => name)).toEqual(["sites/alta", "sites/bergen"]);
    expect({ omitted, exit_code }).toEqual({ omitted: [], exit_code: 1 });
    const one = await project("sites", "--site", "sites/oslo");
    expect(one.sites.map(({ name }) => name)).toEqual(["sites/oslo"]);
    expect(one.cross_site).toBeNull();
    expect(one.omitted).toEqual(["sites/alta", "sites/bergen", "sites/drammen", "sites/tromso"]);
    const wrong = await run("sites", "--site", "sites/osl");
    expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
    expect(wrong.stderr).toContain("Did you mean sites/oslo?");
  });

  it("are one report in every format, and preflight report shows the same again", async () => {
    const formats = ["json", "sarif", "junit", "html", "markdown", "github", "gitlab", "csv"];
    const outputs = formats.flatMap((name) => ["-f", `${name}=out/r.${name}`]);
    // The saved report has what checks read only on request; the page of a run has it in any case.
    const { stdout, exitCode } = await run("sites", "--explain", ...outputs);
    const text = async (name: string) => readFile(join(root, "out", name), "utf8");
    const again = await preflight(
      ["report", "out/r.json", ...formats.flatMap((name) => ["-f", `${name}=out/again.${name}`])],
      {
        cwd: root,
      },
    );
    expect(again).toMatchObject({ exitCode, stdout });
    for (const name of formats) expect(await text(`again.${name}`), name).toBe(await text(`r.${name}`));

    const report = JSON.parse(await text("r.json")) as ProjectReport;
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, validateFormats: false });
    for (const name of ["report", "project-report"]) {
      ajv.addSchema(JSON.parse(await readFile(join(ROOT, "schema", `${name}.schema.json`), "utf8")) as object);
    }
    const validate = ajv.getSchema("project-report.schema.json");
    expect(validate?.(report), JSON.stringify(validate?.errors)).toBe(true);
    expect(report).toMatchObject({ schema_version: 2, exit_code: 2, project: null });

    const sarif = JSON.parse(await text("r.sarif")) as {
      runs: { automationDetails: { id: string }; results: object[] }[];
    };
    const ids = sarif.runs.map(({ automationDetails }) => automationDetails.id);
    expect(ids).toEqual([...SITES.map((name) => `sites/${name}/`), "across-sites/"]);
    expect(sarif.runs.at(-1)?.results).toHaveLength(1);

    const suites = [...(await text("r.junit")).matchAll(/<testsuite name="([^"]*)"/g)].map(([, name]) => name ?? "");
    for (const name of SITES) expect(suites).toContain(`sites/${name}/preflight`);
    expect(suites[0]).toBe("across sites");

    const html = await text("r.html");
    const anchors = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(anchors).size).toBe(anchors.length);
    const links = [...html.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !anchors.includes(id))).toEqual([]);
    expect(html.match(/<main/g)).toHaveLength(1);
    expect((await text("r.csv")).split("\r\n")[0]).toMatch(/,site$/);
    expect((await text("r.github")).match(/^::error /gm)?.length).toBeLessThanOrEqual(10);
    const fingerprints = (JSON.parse(await text("r.gitlab")) as { fingerprint: string }[]).map(
      (issue) => issue.fingerprint,
    );
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
  });

  it("fit a narrow terminal", async () => {
    const { stdout } = await preflight(["sites", ...RUN, "-q"], { cwd: root, env: { COLUMNS: "40" } });
    const summary = stdout.slice(stdout.indexOf("Summary"));
    for (const line of summary.split("\n")) expect(line.length, line).toBeLessThanOrEqual(40);
    expect(summary).toContain("sites/tromso: no verdict");
  });
});

describe("a project file", () => {
  it("names the sites, with their files and categories", async () => {
    const file = join(root, "preflight.project.yaml");
    await writeFile(
      file,
      'sites:\n  - { name: one, deployment: alone/deployment.yaml, inventory: ["alone/inv*.yaml"], category: cat/one }\n' +
        "  - { name: two, deployment: sites/alta/deployment.yaml }\n",
    );
    const report = await project();
    expect(report.project?.path).toBe("preflight.project.yaml");
    expect(report.sites.map(({ name, category }) => [name, category])).toEqual([
      ["one", "cat/one"],
      ["two", "two"],
    ]);
    const kinds = report.sites.map((site) => site.report.inputs.map(({ kind }) => kind));
    expect(kinds).toEqual([
      ["deployment", "inventory", "project"],
      ["deployment", "project"],
    ]);
    expect((await project("sites")).sites.map(({ name }) => name)).toEqual(["two"]);
    const sarif = JSON.parse((await run("-f", "sarif", "--sarif-category", "nightly")).stdout) as {
      runs: { automationDetails: { id: string } }[];
    };
    expect(sarif.runs.map(({ automationDetails }) => automationDetails.id)).toEqual([
      "nightly/cat/one/",
      "nightly/two/",
      "nightly/across-sites/",
    ]);
    await writeFile(file, "sites: [{ name: one, deployment: ../other.yaml }]\n");
    const refused = await run("--allow-outside-paths");
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr.replaceAll("\n  ", " ")).toMatch(
      /^preflight\.project\.yaml:1:34: error\[outside-path\]: "\.\.\/other\.yaml" is outside the repository\./,
    );
    await rm(file);
  });

  it("cannot be combined with what only one site can have", async () => {
    const both = ["sites/alta/deployment.yaml", "sites/oslo/deployment.yaml"];
    const plan = await run(...both, "--baseline-plan", "plan.json");
    expect(plan).toMatchObject({ exitCode: 2, stdout: "" });
    expect(plan.stderr).toContain("--baseline-plan applies to one site");
    expect((await run(...both, "-i", "-")).stderr).toContain("Standard input can be used for one site");
  });
});

describe("one deployment", () => {
  const first = (text: string) => text.split("\n\n")[0]?.replaceAll("\n", " ") ?? "";

  it("in a folder is checked as if it were named, with the inventory beside it, which the first line names", async () => {
    const { stdout, exitCode } = await run("alone");
    expect(exitCode).toBe(1);
    expect(first(stdout)).toMatch(/^Based on alone\/inventory\.yaml, 325 days old \(found beside the deployment\)/);
    const report = JSON.parse((await run("alone", "-f", "json")).stdout) as RunReport;
    expect(report.schema_version).toBe(1);
    expect(report.sources[0]).toMatchObject({ path: "alone/inventory.yaml", is_found: true });
    // Too old: the run reports it as a finding, however the file was chosen.
    expect(report.checks.find(({ rule }) => rule === "inventory/age")?.verdict).toBe("fail");
  });

  it("is checked without it if an option disables it, or gives another one", async () => {
    const none = await run("alone/deployment.yaml", "--no-inventory");
    expect(first(none.stdout)).toContain("no inventory is given");
    await writeFile(join(root, "other.json"), '{"hosts": []}\n');
    const other = await run("alone/deployment.yaml", "-i", "other.json");
    expect(first(other.stdout)).toContain("Based on other.json, age unknown;");
  });

  it("is written to a file whose extension names the format", async () => {
    await run("alone", "-o", "page.html", "-f", "json=page.json");
    expect(await readFile(join(root, "page.html"), "utf8")).toContain("<!DOCTYPE html>");
    await run("alone", "-o", "page.txt", "-f", "csv");
    expect(await readFile(join(root, "page.txt"), "utf8")).toContain("verdict,severity,rule");
  });
});
