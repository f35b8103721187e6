import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { EXAMPLE, preflight, type RunOptions, shell } from "../program.ts";

const RULE = "vm/memory-multiple-of-4";
const WAIVER = {
  waivers: [{ rule: RULE, subject: "node:oslo-conf01", reason: "agreed", owner: "vc", expires: "2027-01-31" }],
};

/** A change that relaxes the check of memory in every way that a file can, and policies outside of it. */
let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "preflight-policy-")));
  await mkdir(join(root, "change", ".git"), { recursive: true });
  await cp(join(EXAMPLE, "mistakes"), join(root, "change"), { recursive: true });
  const deployment = await readFile(join(root, "change", "deployment.yaml"), "utf8");
  const relaxed = deployment
    .replace("environment: production", "environment: test")
    .replace(/^conferencing_nodes:\n/m, `# preflight-disable-next-line ${RULE} until 2027-01-31 -- fine\n$&`);
  await writeFile(join(root, "change", "deployment.yaml"), relaxed);
  await writeFile(join(root, "change", "preflight.config.yaml"), `rules: { ${RULE}: off }\n`);
  await writeFile(join(root, "change", "preflight.waivers.yaml"), stringify(WAIVER));
  await mkdir(join(root, "policy"));
  await writeFile(join(root, "policy", "preflight.config.yaml"), "extends: strict\n");
});
afterEach(() => rm(root, { recursive: true }));

const CHECK = ["deployment.yaml", "--inventory", "inventory.json", "--no-live", "--now", "2026-11-22T12:00:00Z"];

async function run(args: readonly string[], options: RunOptions = {}) {
  return preflight([...CHECK, ...args], { cwd: join(root, "change"), ...options });
}

async function report(args: readonly string[], options: RunOptions = {}): Promise<RunReport> {
  const { stdout, stderr } = await run([...args, "--format", "json"], options);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as RunReport;
}

const ofRule = ({ checks }: RunReport) =>
  checks.filter(({ rule }) => rule === RULE).map(({ verdict, severity }) => `${severity} ${verdict}`);

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("--policy", () => {
  it("ignores what the change sets, and lists it", async () => {
    const without = await report([]);
    expect(ofRule(without)).toEqual([]);
    expect(without.policy).toMatchObject({ source: null, ignored: [] });
    expect(without.inputs.map(({ kind }) => kind)).toEqual(["deployment", "inventory", "config", "waivers"]);

    const { policy, inputs, ...rest } = await report(["--policy", "../policy/preflight.config.yaml"]);
    expect(ofRule({ policy, inputs, ...rest })).toContain("error fail");
    expect(rest.waivers).toEqual([]);
    expect(inputs.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "deployment deployment.yaml",
      "inventory inventory.json",
      "config ../policy/preflight.config.yaml",
    ]);
    expect(policy.source).toEqual({
      ...{ kind: "file", path: "../policy/preflight.config.yaml", sha256: sha256("extends: strict\n") },
    });
    expect(policy.ignored.map(({ what, path }) => `${what} ${path}`)).toEqual([
      "config preflight.config.yaml",
      "waivers preflight.waivers.yaml",
      "directive deployment.yaml",
      "environment deployment.yaml",
    ]);
    expect(policy.ignored.map(({ location }) => location !== null)).toEqual([false, false, true, true]);
    // Milder in a test environment, which the deployment only claims to be.
    expect(rest.rules.find(({ id }) => id === "host/dedicated")?.severity).toBe("error");
    const dedicated = rest.checks.filter(({ rule }) => rule === "host/dedicated");
    expect(new Set(dedicated.map(({ severity }) => severity))).toEqual(new Set(["error"]));
  });

  it("names the policy and its hash in the gate line, and what is ignored", async () => {
    const { stdout } = await run(["--policy", "../policy/preflight.config.yaml"], { env: { COLUMNS: "400" } });
    expect(stdout).toMatch(
      new RegExp(`^Gate: .*; policy ../policy/preflight.config.yaml \\(sha256 ${sha256("extends: strict\n")}\\) `, "m"),
    );
    expect(stdout).toMatch(
      /^Ignored, because the policy decides: preflight\.config\.yaml, preflight\.waivers\.yaml, directive at deployment\.yaml:\d+:\d+ and platform\.environment: test at deployment\.yaml:\d+:\d+\.$/m,
    );
  });

  it("takes config, waivers and approved plan of a folder, with one hash that sha256sum gives as well", async () => {
    const planned = [...CHECK, "--policy", "none", "--format", "json=../policy/preflight.plan.json"];
    const plan = await preflight(["plan", ...planned], { cwd: join(root, "change") });
    expect(plan).toMatchObject({ exitCode: 0, stderr: "" });
    await writeFile(join(root, "policy", "preflight.waivers.yaml"), stringify(WAIVER));
    const { policy, waivers, baseline, inputs } = await report(["--policy", "../policy", "--only", RULE]);
    expect(inputs.map(({ kind }) => kind)).toEqual(["deployment", "inventory", "config", "waivers", "plan"]);
    expect(waivers.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual([`file ${RULE}`]);
    expect(baseline?.missing.length).toBeGreaterThan(0);
    const { stdout } = await shell("cd ../policy && sha256sum * | sha256sum", { cwd: join(root, "change") });
    expect(policy.source).toEqual({ kind: "folder", path: "../policy", sha256: stdout.slice(0, 64) });
    const elsewhere = await preflight(
      ["change/deployment.yaml", "--policy", join(root, "policy"), "--only", RULE, "--no-live", "--format", "json"],
      { cwd: root },
    );
    expect((JSON.parse(elsewhere.stdout) as RunReport).policy.source?.sha256).toBe(policy.source?.sha256);
  });

  it("includes the code of plugins in its hash, and what they import by a relative path", async () => {
    const policy = join(root, "policy");
    await mkdir(join(policy, "lab"));
    await writeFile(join(policy, "preflight.config.yaml"), "plugins: [./lab/index.mjs]\n");
    await writeFile(
      join(policy, "lab", "index.mjs"),
      'import { rules } from "./rules.mjs";\n// Not there: import "./elsewhere.mjs"\nexport default { meta: { name: "lab", version: "1.0.0" }, rules };\n',
    );
    await writeFile(join(policy, "lab", "rules.mjs"), "export const rules = [];\n");
    await writeFile(join(policy, "lab", "unused.mjs"), "");
    const found = await report(["--policy", "../policy"]);
    expect(found.inputs.flatMap(({ kind, path }) => (kind === "plugin" ? path : []))).toEqual([
      "../policy/lab/index.mjs",
      "../policy/lab/rules.mjs",
    ]);
    const { stdout } = await shell(
      "cd ../policy && sha256sum lab/index.mjs lab/rules.mjs preflight.config.yaml | sha256sum",
      { cwd: join(root, "change") },
    );
    expect(found.policy.source?.sha256).toBe(stdout.slice(0, 64));

    await writeFile(join(policy, "lab", "rules.mjs"), "export const rules = [ ];\n");
    expect((await report(["--policy", "../policy"])).policy.source?.sha256).not.toBe(stdout.slice(0, 64));
    const over = await run(["--policy", "../policy", "--output", "../policy/lab/rules.mjs", "--format", "json"]);
    expect(over.exitCode).toBe(2);
    expect(over.stderr).toContain("rules.mjs");
  });

  it("none is the built-in defaults, and overrides PREFLIGHT_CONFIG", async () => {
    const found = await report(["--policy", "none"], { env: { PREFLIGHT_CONFIG: "not-there.yaml" } });
    expect(found.policy.source).toEqual({ kind: "none", path: null, sha256: null });
    expect(found.policy.off).toEqual([]);
    expect(found.policy.ignored).toHaveLength(4);
    expect(ofRule(found)).toContain("error fail");
    const { stdout } = await run(["--policy", "none"], { env: { COLUMNS: "400" } });
    expect(stdout).toMatch(/^Gate: .*; policy none \(built-in defaults\) /m);
  });

  it("may be beside the deployment, and is not ignored then", async () => {
    const { policy } = await report(["--policy", "."]);
    expect(policy.ignored.map(({ what }) => what)).toEqual(["directive", "environment"]);
    expect(policy.off.map(({ rule }) => rule)).toEqual([RULE]);
  });

  it("applies to --print-config, plan and probe", async () => {
    const printed = await run(["--print-config", "--policy", "../policy"]);
    expect(printed.stdout).toContain("preset strict\n  ../policy/preflight.config.yaml\n");
    const plan = await preflight(["plan", ...CHECK, "--policy", "../policy"], { cwd: join(root, "change") });
    expect(plan.exitCode).toBe(0);
    const probe = await preflight(["probe", "deployment.yaml", "--policy", "../policy/x.yaml"], {
      cwd: join(root, "change"),
    });
    expect(probe.stderr).toContain("File ../policy/x.yaml does not exist.");
  });

  it.each([
    [["--config", "preflight.config.yaml"], "--config"],
    [["--no-config"], "--no-config"],
    [["--waivers", "preflight.waivers.yaml"], "--waivers"],
    [["--no-waivers"], "--no-waivers"],
    [["--no-inline"], "--no-inline"],
  ])("cannot be combined with %s", async (args, name) => {
    const { exitCode, stdout, stderr } = await run(["--policy", "none", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(`--policy and ${name} cannot be used together.`);
  });

  it.each([
    ["a file that is not there", "../policy/old.yaml", "File ../policy/old.yaml does not exist."],
    ["a folder without a policy", "certs", 'The folder "certs" has no policy file.'],
    ["standard input", "-", "A policy cannot come from standard input."],
    ["a URL", "https://user:secret@example.com/x.yaml", "A policy cannot come from a URL."],
  ])("cannot be %s", async (_, policy, message) => {
    await mkdir(join(root, "change", "certs"), { recursive: true });
    const { exitCode, stderr } = await run(["--policy", policy]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("secret");
  });

  it("cannot be a folder with two configs", async () => {
    await writeFile(join(root, "policy", "preflight.config.json"), "{}");
    const { exitCode, stderr } = await run(["--policy", "../policy"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("preflight.config.yaml and preflight.config.json.");
  });

  it("gets new waivers where the next run reads them, and none if it has no file", async () => {
    const terms = ["--write-waivers", "--reason", "agreed", "--owner", "vc", "--expires", "2027-01-31"];
    const before = await readFile(join(root, "change", "preflight.waivers.yaml"), "utf8");
    const { exitCode } = await run(["--policy", "../policy", "--only", RULE, ...terms]);
    expect(exitCode).toBe(0);
    expect(await readFile(join(root, "policy", "preflight.waivers.yaml"), "utf8")).toContain(RULE);
    expect(await readFile(join(root, "change", "preflight.waivers.yaml"), "utf8")).toBe(before);
    expect((await run(["--policy", "../policy", "--only", RULE])).exitCode).toBe(0);
    for (const policy of ["none", "../policy/preflight.config.yaml"]) {
      const refused = await run(["--policy", policy, ...terms]);
      expect(refused.exitCode).toBe(2);
      expect(refused.stdout).toBe("");
    }
  });

  it("has one approved plan", async () => {
    const plan = ["plan", ...CHECK, "--policy", "none", "--format", "json=../policy/preflight.plan.json"];
    expect((await preflight(plan, { cwd: join(root, "change") })).exitCode).toBe(0);
    const both = await run(["--policy", "../policy", "--baseline-plan", "../policy/preflight.plan.json"]);
    expect(both.exitCode).toBe(2);
    expect(both.stderr.replaceAll(/\s+/g, " ")).toContain(
      "The policy contains an approved plan, so --baseline-plan cannot be used.",
    );
    const alone = await run([
      ...["--policy", "../policy/preflight.config.yaml", "--baseline-plan", "../policy/preflight.plan.json"],
      ...["--only", RULE],
    ]);
    expect(alone.stdout).toContain("of the approved plan");
  });
});
