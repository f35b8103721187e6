import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE, preflight } from "../program.ts";

const PLUGIN = `export default { meta: { name: "lab", version: "1.0.0" }, rules: [], presets: {} };\n`;
const NOW = ["--now", "2026-11-22T12:00:00Z"];

/** The example with a config that extends another one, a plugin, waivers and evidence. */
let cwd: string;
let before: ReadonlyMap<string, string>;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "preflight-overwriting-"));
  await cp(join(EXAMPLE, "clean"), cwd, { recursive: true });
  await mkdir(join(cwd, ".git"));
  await writeFile(join(cwd, "package.json"), '{ "type": "module" }');
  await writeFile(join(cwd, "team.yaml"), "extends: recommended\n");
  await writeFile(join(cwd, "policy.yaml"), "extends: ./team.yaml\nplugins: [./lab.js]\nwaivers: agreed.yaml\n");
  await writeFile(join(cwd, "preflight.config.yaml"), "extends: ./team.yaml\n");
  await writeFile(join(cwd, "lab.js"), PLUGIN);
  for (const name of ["agreed.yaml", "preflight.waivers.yaml"]) await writeFile(join(cwd, name), "waivers: []\n");
  const plan = ["plan", "deployment.yaml", "--no-live", "--no-config", "--format", "json=plan.json"];
  expect((await preflight(plan, { cwd })).exitCode).toBe(0);
  await writeFile(join(cwd, "ca.pem"), await readFile(join(cwd, "certs", "site-ca.pem")));
  const recorded = { schema_version: 1, tool: { name: "infinity-preflight", version: "0.1.0" }, from: "local" };
  await writeFile(
    join(cwd, "evidence.json"),
    JSON.stringify({ ...recorded, recorded_at: "2026-11-22T12:00:00.000Z", answers: [] }),
  );
  before = await texts();
}, 60_000);
afterAll(() => rm(cwd, { recursive: true }));

async function texts(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(cwd, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, "utf8")] as const)));
}

const CHECK = ["deployment.yaml", "--inventory", "inventory.json", ...NOW];
const STATIC = [...CHECK, "--no-live"];
const NAMED = [...STATIC, "--config", "policy.yaml"];
const SERVER = ["--vcenter", "https://127.0.0.1:1/", "--user", "u"];

const env = { COLUMNS: "200" };

describe("a report never overwrites", () => {
  it.each([
    ["the deployment", STATIC, "deployment.yaml"],
    ["an inventory", STATIC, "inventory.json"],
    ["a certificate", STATIC, "certs/mgmt01.pem"],
    ["a CA certificate", STATIC, "certs/site-ca.pem"],
    ["the config that was found", STATIC, "preflight.config.yaml"],
    ["a config that this one extends", STATIC, "team.yaml"],
    ["the config that was named", NAMED, "policy.yaml"],
    ["one that this one extends", NAMED, "team.yaml"],
    ["a plugin", NAMED, "lab.js"],
    ["the waivers file that a config names", NAMED, "agreed.yaml"],
    ["the waivers file that was found", STATIC, "preflight.waivers.yaml"],
    ["the waivers file that was named", [...STATIC, "--waivers", "agreed.yaml"], "agreed.yaml"],
    ["the approved plan", [...STATIC, "--baseline-plan", "plan.json"], "plan.json"],
    ["evidence", [...CHECK, "--evidence", "evidence.json"], "evidence.json"],
    ["a CA of a server", [...STATIC, ...SERVER, "--ca", "ca.pem"], "ca.pem"],
    ["a file with a password", [...STATIC, ...SERVER, "--password-file", "ca.pem"], "ca.pem"],
  ])("%s", async (_, args, file) => {
    const { exitCode, stdout, stderr } = await preflight([...args, `--format=json=./${file}`], { cwd, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`--format json=./${file} would overwrite an input file.`);
    expect(await texts()).toEqual(before);
  });

  it.each([
    ["plan", ["plan", "deployment.yaml", "--format=json=team.yaml"], "--format json=team.yaml"],
    ["probe", ["probe", "deployment.yaml", "-o", "team.yaml"], "--output team.yaml"],
    ["--print-config", ["deployment.yaml", "--print-config", "--format=json=team.yaml"], "--format json=team.yaml"],
    ["inventory import", ["inventory", "import", "inventory.json", "-o", "inventory.json"], "--output inventory.json"],
    [
      "inventory pull",
      ["inventory", "pull", "--server", "https://127.0.0.1:1/", "--user", "u", "--ca", "ca.pem", "-o", "ca.pem"],
      "--output ca.pem",
    ],
  ])("what preflight %s reads", async (_, args, option) => {
    const { exitCode, stdout, stderr } = await preflight(args, { cwd, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`${option} would overwrite an input file.`);
    expect(await texts()).toEqual(before);
  });
});
