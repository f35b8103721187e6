import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE, ROOT } from "../cli/program.ts";

const run = promisify(execFile);

/** A separate project with the packed package installed, the plugin of fixtures/plugin and the example. */
let project: string;
beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), "preflight-packed-")));
  const pack = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", project], { cwd: ROOT });
  const [{ filename }] = JSON.parse(pack.stdout) as [{ filename: string }];
  await mkdir(join(project, ".git"));
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  const quiet = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", ...quiet, `./${filename}`], { cwd: project });
  await cp(join(ROOT, "fixtures", "plugin"), join(project, "plugin"), { recursive: true });
  await cp(join(EXAMPLE, "clean"), project, { recursive: true });
}, 240_000);
afterAll(() => rm(project, { recursive: true, force: true }));

/** Runs a command in the project; its failure is an outcome. */
async function outcome(command: string, args: readonly string[]) {
  const env = { PATH: process.env["PATH"], HOME: project, COLUMNS: "200" };
  return run(command, args, { cwd: project, env }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { exitCode: code, stdout, stderr };
    },
  );
}

const preflight = (...args: string[]) =>
  outcome(process.execPath, [
    join(project, "node_modules", "infinity-preflight", "dist", "preflight.js"),
    ...["deployment.yaml", "--inventory", "inventory.json", "--no-live", "--now", "2026-11-22T12:00:00Z"],
    ...args,
  ]);

describe("the packed package", { timeout: 240_000 }, () => {
  it("types a plugin, its tests and a caller of the API completely", async () => {
    const options = { strict: true, exactOptionalPropertyTypes: true, target: "es2023", skipLibCheck: false };
    const checking = { noEmit: true, allowJs: true, checkJs: true, types: ["node"] };
    const typeRoots = [join(ROOT, "node_modules", "@types")];
    await writeFile(
      join(project, "caller.ts"),
      `import { check, format, type RunReport } from "infinity-preflight";
const { report }: { report: RunReport } = await check({ deployment: "deployment.yaml", live: false });
console.log(report.summary.gate, await format(report, "csv"));
// @ts-expect-error a deployment is mandatory
await check({ live: false });
`,
    );
    for (const resolution of ["nodenext", "bundler"]) {
      const module = resolution === "nodenext" ? "nodenext" : "esnext";
      const compilerOptions = { ...options, ...checking, typeRoots, module, moduleResolution: resolution };
      await writeFile(
        join(project, "tsconfig.json"),
        JSON.stringify({ compilerOptions, include: ["plugin", "caller.ts"] }),
      );
      const { stdout, exitCode } = await outcome(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "."]);
      expect({ stdout, exitCode }, resolution).toEqual({ stdout: "", exitCode: 0 });
    }
  });

  it("types a plugin in a project without types of Node.js", async () => {
    await writeFile(
      join(project, "plugin.ts"),
      `import { defineRule, type Plugin, RuleTester, set } from "infinity-preflight/plugin";
const rule = defineRule({
  id: "lab/memory", title: "Require memory", severity: "error", since: "1.0.0", subject: "node",
  source: { document: "house rules", section: "1", wording: "must" },
  messages: { little: "Node {{node}} has little memory." }, remediation: "Add memory.",
  mutations: [{ edit: (node) => set(node, "vm_system_memory", 4) }],
  check(node, { need, fail }) {
    if (need(node, "vm_system_memory") < 8) fail("little", { at: [node, "vm_system_memory"], data: { node: node.name } });
  },
});
export const plugin: Plugin = { meta: { name: "lab" }, rules: [rule] };
new RuleTester({ describe: () => 0, it: () => 0 }).run(rule, []);
`,
    );
    const options = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, types: [] };
    const compilerOptions = { ...options, target: "es2023", lib: ["es2023"], module: "nodenext", typeRoots: [] };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["plugin.ts"] }));
    const { stdout, exitCode } = await outcome(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "."]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 0 });
  });

  it("tests the plugin's rules under node:test", async () => {
    const { stdout, exitCode } = await outcome(process.execPath, [
      "--test",
      "--test-reporter=tap",
      "plugin/lab.test.js",
    ]);
    expect(stdout).toMatch(/# pass [1-9]/);
    expect(exitCode, stdout).toBe(0);
  });

  it("evaluates the rules of a plugin from a config given by name, with options and presets", async () => {
    const rules = "rules:\n  lab/tagged-machines: { options: { prefix: vc- } }\n";
    await writeFile(join(project, "policy.yaml"), `extends: lab/strict\nplugins: [./plugin/index.js]\n${rules}`);
    const { stdout, stderr, exitCode } = await preflight("--config", "policy.yaml", "--format", "json");
    expect(stderr).toBe("");
    const report = JSON.parse(stdout) as { checks: { rule: string; severity: string; verdict: string }[] };
    const ours = report.checks.filter(({ rule }) => rule.startsWith("lab/"));
    expect(ours.filter(({ rule }) => rule === "lab/tagged-machines").map(({ verdict }) => verdict)).toContain("fail");
    expect(ours.find(({ rule }) => rule === "lab/proxy-reachable")?.verdict).toBe("skipped");
    expect(new Set(ours.map(({ severity }) => severity))).toEqual(new Set(["error"]));
    expect(exitCode).toBe(1);
  });

  it("shows the page of a plugin's rule on the command line, in SARIF and in HTML", async () => {
    await writeFile(join(project, "policy.yaml"), "plugins: [./plugin/index.js]\n");
    const words = "which identifies them in vSphere";
    const shown = await outcome(process.execPath, [
      join(project, "node_modules", "infinity-preflight", "dist", "preflight.js"),
      ...["rules", "show", "lab/tagged-machines", "--config", "policy.yaml"],
    ]);
    expect(shown.stdout).toContain(words);
    const strict = "rules:\n  lab/tagged-machines: { options: { prefix: vc- } }\n";
    await writeFile(join(project, "policy.yaml"), `plugins: [./plugin/index.js]\n${strict}`);
    for (const format of ["sarif", "html"]) {
      const { stdout } = await preflight("--config", "policy.yaml", "--format", format);
      expect(stdout, format).toContain(words);
    }
  });

  it("refuses the plugins of a config that was merely found", async () => {
    await writeFile(join(project, "preflight.config.yaml"), "plugins: [./plugin/index.js]\n");
    const { stderr, exitCode } = await preflight();
    await rm(join(project, "preflight.config.yaml"));
    expect(stderr).toContain("plugins-refused");
    expect(exitCode).toBe(2);
  });

  it("names a plugin's rule that throws, or is asynchronous, and evaluates all others", async () => {
    const rule = (name: string, body: string) => `{
      id: "broken/${name}", title: "Require it", severity: "error", since: "1.0.0", subject: "deployment", messages: {},
      source: { document: "d", section: "s", wording: "must" }, remediation: "None.", check: ${body} }`;
    await writeFile(
      join(project, "broken.js"),
      `export const meta = { name: "broken" };
export const rules = [${rule("throws", '() => { throw new Error("boom"); }')}, ${rule("waits", "async () => {}")}];`,
    );
    await writeFile(join(project, "policy.yaml"), "plugins: [./broken.js]\n");
    const { stdout, exitCode } = await preflight("--config", "policy.yaml");
    expect(stdout).toContain("broken/throws");
    expect(stdout).toContain("boom");
    expect(stdout).toContain("broken/waits");
    expect(stdout).toMatch(/[1-9]\d\d passed.* 2 crashed/s);
    expect(exitCode).toBe(2);
  });

  it.each([
    ["./none.js", null, "plugin-not-found"],
    ["preflight-plugin-none", null, "plugin-not-found"],
    ["./bad.js", "throw new Error('no licence')", "no licence"],
    ["./bad.js", "export const rules = [];", "meta.name must consist of"],
    ["./bad.js", "export const meta = { name: 'bad' };", "rules must be a list"],
    [
      "./bad.js",
      "export const meta = { name: 'bad' }; export const rules = [{ id: 'vm/mine' }];",
      "the group vm is already in use",
    ],
    [
      "./bad.js",
      "export const meta = { name: 'bad' }; export const rules = [{ id: 'bad/x' }];",
      "title must be a string",
    ],
  ])("says what is wrong with the plugin %s: %s", async (name, code, words) => {
    if (code !== null) await writeFile(join(project, "bad.js"), code);
    await writeFile(join(project, "policy.yaml"), `plugins: [${name}]\n`);
    const { stderr, exitCode } = await preflight("--config", "policy.yaml");
    expect(stderr).toContain("policy.yaml:1:11");
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
    expect(exitCode).toBe(2);
  });

  it("has an API without effects on the process", async () => {
    await writeFile(
      join(project, "caller.js"),
      `import { check } from "infinity-preflight";
const before = process.eventNames().length;
const { report } = await check({ deployment: "deployment.yaml", inventories: ["inventory.json"], live: false });
console.log(report.summary.gate, process.exitCode ?? "none", process.eventNames().length - before);
`,
    );
    const { stdout, stderr } = await outcome(process.execPath, ["caller.js"]);
    expect({ stdout, stderr }).toEqual({ stdout: "passed none 0\n", stderr: "" });
  });

  it("runs the example of its page", async () => {
    const page = await readFile(join(ROOT, "docs", "node-api.md"), "utf8");
    await writeFile(join(project, "example.js"), /```js\n(.*?)```/s.exec(page)?.[1] ?? "");
    const { stdout, stderr, exitCode } = await outcome(process.execPath, ["example.js"]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toMatch(/^passed 0\n/);
  });
});
