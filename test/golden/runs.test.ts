import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { build } from "../../scripts/build.ts";
import { preflight, ROOT } from "../cli/program.ts";

/**
 * Each folder of fixtures/runs is a run: `arguments` (one a line), the files they name, and what the program printed and
 * wrote. `UPDATE_GOLDEN=1 npx vitest run test/golden` writes what it prints today; a new case needs nothing else.
 *
 * The program has the rules of fixed-catalogue.ts, so that a new rule changes none of these outputs. Only the folders
 * `every-rule-…` are run with all rules, in a format that lists failed and inconclusive checks and counts nothing.
 */
const RUNS = join(ROOT, "fixtures", "runs");
const CASES = readdirSync(RUNS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

/** A copy of the fixtures in a repository of their own, so that no run writes here and paths are the same everywhere. */
let root: string;
/** A folder with the program that has only the rules of fixed-catalogue.ts. */
let programs: string;
let withFixedCatalogue: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "preflight-runs-")));
  programs = await realpath(await mkdtemp(join(tmpdir(), "preflight-program-")));
  await build({
    root: ROOT,
    outdir: join(programs, "dist"),
    catalogue: join(import.meta.dirname, "fixed-catalogue.ts"),
  });
  withFixedCatalogue = join(programs, "dist", "preflight.js");
  await mkdir(join(root, ".git"));
  await cp(join(ROOT, "fixtures"), join(root, "fixtures"), { recursive: true });
});
afterAll(() => Promise.all([root, programs].map((folder) => rm(folder, { recursive: true }))));

describe("fixtures/runs", () => {
  it.concurrent.each(CASES)("%s", async (name) => {
    const found = await outcome(name);
    const folder = join(RUNS, name);
    if (isUpdate) {
      for (const file of await expectedFiles(folder)) await rm(join(folder, file));
      for (const [file, text] of found) await writeFile(join(folder, file), text);
    }
    expect([...found.keys()].sort()).toEqual(await expectedFiles(folder));
    for (const [file, text] of found) expect(text, file).toBe(await readFile(join(folder, file), "utf8"));
  });

  it("contain reports that match the report schema", async () => {
    const schema = JSON.parse(await readFile(join(ROOT, "schema", "report.schema.json"), "utf8")) as object;
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    const reports = ["example-clean", "example-mistakes"].map((name) => join(RUNS, name, "expected.report.json"));
    reports.push(join(RUNS, "schema-error-as-json", "expected.stdout"), join(RUNS, "secrets", "expected.stdout"));
    for (const path of reports) {
      validate(JSON.parse(readFileSync(path, "utf8")));
      expect(validate.errors, path).toBeNull();
    }
  });

  it("cover every file of fixtures/schema-errors, and none of them gets a verdict", async () => {
    const broken = (await readdir(join(ROOT, "fixtures", "schema-errors"))).filter((name) => name !== "README.md");
    for (const name of broken) {
      const folder = join(RUNS, `schema-error-${name.replaceAll(".", "-")}`);
      expect(await readFile(join(folder, "expected.exit"), "utf8"), name).toBe("2\n");
      expect(await readFile(join(folder, "expected.stdout"), "utf8"), name).toBe("");
      expect(await readFile(join(folder, "expected.stderr"), "utf8"), name).toContain(name);
    }
  });

  it("never contain a control character, a deceptive one, or a secret", async () => {
    for (const name of CASES.filter((candidate) => candidate !== "colour")) {
      for (const file of await expectedFiles(join(RUNS, name))) {
        // RFC 4180 ends rows with CR LF.
        const text = (await readFile(join(RUNS, name, file), "utf8")).replaceAll("\r\n", "\n");
        expect(/[^\P{C}\n]|[\u2028\u2029]/u.exec(text)?.[0], `${name}/${file}`).toBeUndefined();
        expect(text, `${name}/${file}`).not.toContain("hunter2");
      }
    }
  });
});

/** What a run printed and wrote, by the name of the file that keeps it. */
async function outcome(name: string): Promise<Map<string, string>> {
  const folder = join(root, "fixtures", "runs", name);
  const before = await readdir(folder);
  const args = (await readFile(join(folder, "arguments"), "utf8")).trimEnd().split("\n");
  const { exitCode, stdout, stderr } = await preflight(args, {
    cwd: folder,
    env: { COLUMNS: "80" },
    ...(!name.startsWith("every-rule-") && { build: withFixedCatalogue }),
  });
  const found = new Map([
    ["expected.exit", `${exitCode ?? "none"}\n`],
    ["expected.stdout", normalised(stdout)],
    ["expected.stderr", normalised(stderr)],
  ]);
  for (const file of await readdir(folder)) {
    if (!before.includes(file)) found.set(`expected.${file}`, normalised(await readFile(join(folder, file), "utf8")));
  }
  return found;
}

/** Without what changes from release to release and from machine to machine. */
function normalised(text: string): string {
  return text
    .replaceAll(root, "<root>")
    .replaceAll(`infinity-preflight ${packageJson.version}`, "infinity-preflight 0.0.0-golden")
    .replaceAll(`name="version" value="${packageJson.version}"`, 'name="version" value="0.0.0-golden"')
    .replaceAll(
      /("name": "infinity-preflight",)((?:\s*"(?:semanticVersion|version)": "[^"]*",?)+)/g,
      (_, name, versions) => [name, String(versions).replaceAll(/: "[^"]*"/g, ': "0.0.0-golden"')].join(""),
    );
}

async function expectedFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith("expected.")).sort();
}
