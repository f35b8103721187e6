import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { EXAMPLE, type Finished, program, ROOT } from "../cli/program.ts";

/** action.yml as the runner of GitHub Actions reads it. */
interface Action {
  readonly inputs: Readonly<Record<string, { description: string; default?: string; required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const action = parse(await readFile(join(ROOT, "action.yml"), "utf8")) as Action;
const steps = action.runs.steps;

let folder = "";
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-action-")));
  await mkdir(join(folder, "work", ".git"), { recursive: true });
  await mkdir(join(folder, "temp"));
  await cp(join(EXAMPLE, "mistakes"), join(folder, "work", "mistakes"), { recursive: true });
  await cp(join(EXAMPLE, "clean"), join(folder, "work", "clean"), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Result extends Finished {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the step that checks as the runner does: the script in a file, by bash, inputs put into its variables. */
async function check(given: Readonly<Record<string, string>>): Promise<Result> {
  const step = steps.find(({ id }) => id === "check");
  if (step?.run === undefined) throw new Error("no step checks");
  const files = { script: join(folder, "step.sh"), output: join(folder, "output"), summary: join(folder, "summary") };
  await writeFile(files.script, step.run);
  await writeFile(files.output, "");
  await writeFile(files.summary, "What another step wrote.\n");
  const variables = Object.entries(step.env ?? {}).map(([name, value]) => [name, inserted(value, given)] as const);
  const env = {
    ...Object.fromEntries(variables),
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION_PATH: ROOT,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_TEMP: join(folder, "temp"),
  };
  const finished = await program("bash", ["--noprofile", "--norc", "-eo", "pipefail", files.script], {
    cwd: join(folder, "work"),
    env,
  });
  const lines = (await readFile(files.output, "utf8")).split("\n").filter((line) => line !== "");
  const outputs = Object.fromEntries(
    lines.map((line) => [line.split("=")[0] ?? "", line.replace(/^[^=]*=/, "")] as const),
  );
  return { ...finished, outputs, summary: await readFile(files.summary, "utf8") };
}

/** The value of a variable: an input that was given, or its default. */
function inserted(value: string, given: Readonly<Record<string, string>>): string {
  if (value === "${{ steps.install.outputs.program }}") return join(ROOT, "dist/preflight.js");
  const [, name = ""] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value) ?? [];
  const input = action.inputs[name];
  if (input === undefined) throw new Error(`${value} is no input`);
  return given[name] ?? input.default ?? "";
}

const MISTAKES = { deployment: "mistakes/deployment.yaml", inventory: "mistakes/inventory.json" };

describe("action.yml", () => {
  it("is a composite action whose scripts name their shell and hold no text of others", () => {
    expect(action.runs.using).toBe("composite");
    for (const { run, shell, uses } of steps) {
      expect(run === undefined).toBe(uses !== undefined);
      if (run !== undefined) expect(shell).toBe("bash");
      expect(run ?? "").not.toContain("${{");
    }
  });

  it("passes every input on, and takes every output from a step", () => {
    const used = JSON.stringify(steps);
    for (const name of Object.keys(action.inputs)) expect(used).toContain(`inputs.${name}`);
    for (const [name, { value }] of Object.entries(action.outputs)) {
      expect(value).toBe(`\${{ steps.check.outputs.${name} }}`);
    }
  });

  it("keeps the exit code of a failed gate, and writes annotations, summary and SARIF", async () => {
    const { exitCode, outputs, stdout, stderr, summary } = await check(MISTAKES);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(outputs).toEqual({ "exit-code": "1", gate: "failed", sarif: "preflight.sarif" });
    expect(stdout).toMatch(/^::error file=mistakes\/deployment\.yaml,line=\d+/m);
    expect(summary).toMatch(/^What another step wrote\.\n[\s\S]*Gate/);
    const sarif = JSON.parse(await readFile(join(folder, "work", "preflight.sarif"), "utf8")) as {
      runs: { results: unknown[] }[];
    };
    expect(sarif.runs[0]?.results.length).toBeGreaterThan(0);
    expect(stdout).toContain("no servers contacted");
  });

  it("passes the gate, with the requested reports", async () => {
    const { exitCode, outputs, stdout, summary } = await check({
      deployment: "deployment.yaml",
      inventory: "inventory.json\r\n\n",
      args: "--only=vm/memory-multiple-of-4\n",
      sarif: "",
      html: "out/report.html",
      json: "report.json",
      summary: "false",
      annotations: "false",
      "working-directory": "clean",
    });
    expect(exitCode).toBe(0);
    expect(outputs).toEqual({
      "exit-code": "0",
      gate: "passed",
      html: "clean/out/report.html",
      json: "clean/report.json",
    });
    expect(stdout).not.toMatch(/^::/m);
    expect(summary).toBe("What another step wrote.\n");
    expect(existsSync(join(folder, "work", "clean", "out", "report.html"))).toBe(true);
    expect(existsSync(join(folder, "work", "clean", "preflight.sarif"))).toBe(false);
  });

  it("takes the policy that it is given, and nothing of the change", async () => {
    await mkdir(join(folder, "trusted"));
    await writeFile(join(folder, "trusted", "policy.yaml"), "extends: strict\n");
    await writeFile(join(folder, "work", "preflight.config.yaml"), "rules: { vm/memory-multiple-of-4: off }\n");
    const { exitCode, summary } = await check({ ...MISTAKES, policy: "../trusted/policy.yaml" });
    expect(exitCode).toBe(1);
    expect(summary).toContain("vm/memory-multiple-of-4");
    expect(summary).toMatch(/policy \.\.\/trusted\/policy\.yaml \(sha256 [0-9a-f]{64}\)/);
    expect(summary).toContain("Ignored, because the policy decides: preflight.config.yaml.");
  });

  it("reports that there is no verdict, and returns no report of an earlier run", async () => {
    await writeFile(join(folder, "work", "preflight.sarif"), "of yesterday");
    const { exitCode, outputs, stderr } = await check({ deployment: "mistakes/deployment.yaml", args: "--onyl=vm/*" });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean --only?");
    expect(outputs).toEqual({ "exit-code": "2", gate: "no-verdict" });
  });

  it("never replaces an input by a report", async () => {
    const before = await readFile(join(folder, "work", MISTAKES.deployment), "utf8");
    expect((await check({ ...MISTAKES, sarif: MISTAKES.deployment })).exitCode).toBe(2);
    expect(await readFile(join(folder, "work", MISTAKES.deployment), "utf8")).toBe(before);
  });

  it.each([
    ["a command substitution", "$(touch owned)"],
    ["backticks", "`touch owned`"],
    ["a quote and a command", '"; touch owned; "'],
    ["an option", "--format=json=owned"],
    ["an expression", "${{ github.token }}"],
  ])("takes %s for a file name, whatever input it stands in", async (_, value) => {
    for (const name of ["deployment", "inventory", "config", "evidence"]) {
      const { exitCode, outputs } = await check({ ...MISTAKES, [name]: value });
      expect({ name, exitCode, gate: outputs["gate"] }).toEqual({ name, exitCode: 2, gate: "no-verdict" });
    }
    expect(existsSync(join(folder, "work", "owned"))).toBe(false);
  });

  it("leaves a star to the program, to which it is a pattern of deployments and nothing else", async () => {
    for (const name of ["inventory", "config", "evidence"]) {
      const { exitCode, outputs } = await check({ ...MISTAKES, [name]: "*" });
      expect({ name, exitCode, gate: outputs["gate"] }).toEqual({ name, exitCode: 2, gate: "no-verdict" });
    }
    const { exitCode, outputs } = await check({
      ...MISTAKES,
      deployment: MISTAKES.deployment.replace("deployment.yaml", "deploymen*.yaml"),
    });
    expect({ exitCode, gate: outputs["gate"] }).toEqual({ exitCode: 1, gate: "failed" });
    const none = await check({ ...MISTAKES, deployment: "*.none" });
    expect({ exitCode: none.exitCode, gate: none.outputs["gate"] }).toEqual({ exitCode: 2, gate: "no-verdict" });
  });

  it("writes a report into a file of any name", async () => {
    const sarif = 'out put/$(touch owned) "x".sarif';
    const { outputs } = await check({ ...MISTAKES, sarif, args: "--only=vm/memory-multiple-of-4" });
    expect(outputs["sarif"]).toBe(sarif);
    expect(existsSync(join(folder, "work", sarif))).toBe(true);
    expect(existsSync(join(folder, "work", "owned"))).toBe(false);
  });

  it.each(["deployment", "config", "sarif", "html", "json", "working-directory"])(
    "lets no second line of %s become an output",
    async (name) => {
      const { exitCode, outputs, stdout } = await check({ ...MISTAKES, [name]: "x\ngate=open\nexit-code=0" });
      expect(exitCode).toBe(2);
      expect(outputs).toEqual({ "exit-code": "2", gate: "no-verdict" });
      expect(stdout).toMatch(/^::error title=infinity-preflight::The input \w+ has more than one line\.\n$/);
    },
  );

  it.each([
    [{ summary: "yes" }, "The input SUMMARY must be true or false."],
    [{ deployment: "" }, "The input deployment names no file."],
    [{ "working-directory": "elsewhere" }, "The working-directory is not there."],
  ])("refuses %o", async (given, message) => {
    const { exitCode, outputs, stdout } = await check({ ...MISTAKES, ...given });
    expect({ exitCode, gate: outputs["gate"] }).toEqual({ exitCode: 2, gate: "no-verdict" });
    expect(stdout).toContain(`::error title=infinity-preflight::${message}\n`);
  });

  describe("installs a release", () => {
    const PACKAGE = "https://example.com/vc/infinity-preflight.tgz";
    const VERSION = packageJson.version;
    const RELEASE = `https://github.com/vc/infinity-preflight/releases/download/v${VERSION}`;
    let tarball = "";
    let sha256 = "";
    beforeEach(async () => {
      await mkdir(join(folder, "release", "package", "dist"), { recursive: true });
      await writeFile(join(folder, "release", "package", "dist", "preflight.js"), "// the program\n");
      tarball = join(folder, "release.tgz");
      await program("tar", ["-czf", tarball, "-C", join(folder, "release"), "package"]);
      sha256 = createHash("sha256")
        .update(await readFile(tarball))
        .digest("hex");
      await mkdir(join(folder, "bin"));
      await symlink(process.execPath, join(folder, "bin", "node"));
    });

    /** Runs the installation step; `served` is what a replacement for curl downloads, by URL. */
    async function install(given: Readonly<Record<string, string>>, served: Readonly<Record<string, string>> = {}) {
      const cases = Object.entries(served).map(([url, file]) => `    "${url}") cp "${file}" "$out" ;;\n`);
      const curl =
        `#!/bin/sh\nfor argument; do [ "$before" != --output ] || out=$argument; before=$argument; done\n` +
        `echo "$before" >> "${join(folder, "downloads")}"\ncase $before in\n${cases.join("")}    *) exit 22 ;;\nesac\n`;
      await writeFile(join(folder, "bin", "curl"), curl, { mode: 0o755 });
      await writeFile(join(folder, "install.sh"), steps.find(({ id }) => id === "install")?.run ?? "");
      await writeFile(join(folder, "output"), "");
      const { exitCode, stdout, stderr } = await program(
        "bash",
        ["--noprofile", "--norc", "-eo", "pipefail", join(folder, "install.sh")],
        {
          cwd: join(folder, "work"),
          env: {
            ...{ INPUT_PACKAGE: "", INPUT_SHA256: "", ...given },
            ...{ PATH: `${join(folder, "bin")}:/usr/bin:/bin`, GITHUB_ACTION_PATH: ROOT },
            ...{ GITHUB_OUTPUT: join(folder, "output"), RUNNER_TEMP: join(folder, "temp") },
            RELEASES: "https://github.com/vc/infinity-preflight/releases/download",
          },
        },
      );
      const installed = (await readFile(join(folder, "output"), "utf8")).replace(/^program=(.*)\n$/, "$1");
      return { exitCode, stdout, stderr, installed };
    }

    it("of the action's own version, with the checksum of the release", async () => {
      const sums = join(folder, "SHA256SUMS");
      await writeFile(sums, `${"0".repeat(64)}  sbom.cdx.json\n${sha256}  infinity-preflight-${VERSION}.tgz\n`);
      const served = { [`${RELEASE}/infinity-preflight-${VERSION}.tgz`]: tarball, [`${RELEASE}/SHA256SUMS`]: sums };
      const { exitCode, stdout, stderr, installed } = await install({}, served);
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      expect(await readFile(installed, "utf8")).toBe("// the program\n");
    });

    it("from a URL, and takes it from the cache the next time", async () => {
      for (let time = 1; time <= 2; time++) {
        const { exitCode } = await install({ INPUT_PACKAGE: PACKAGE, INPUT_SHA256: sha256 }, { [PACKAGE]: tarball });
        expect(exitCode).toBe(0);
      }
      expect(await readFile(join(folder, "downloads"), "utf8")).toBe(`${PACKAGE}\n`);
    });

    it("from a file of the workspace, without a download", async () => {
      const { exitCode, installed } = await install({ INPUT_PACKAGE: "../release.tgz", INPUT_SHA256: sha256 });
      expect(exitCode).toBe(0);
      expect(existsSync(installed)).toBe(true);
      expect(existsSync(join(folder, "downloads"))).toBe(false);
    });

    it.each([
      ["no release", {}, {}, "The release cannot be downloaded."],
      ["no file", { INPUT_PACKAGE: "none.tgz" }, {}, "The input package names no file."],
      ["two lines", { INPUT_PACKAGE: "a\nprogram=/bin/sh" }, {}, "The input package or sha256 has more than one line."],
    ])("and refuses %s", async (_, given, served, message) => {
      const { exitCode, stdout, installed } = await install(given, served);
      expect({ exitCode, installed }).toEqual({ exitCode: 2, installed: "" });
      expect(stdout).toContain(`::error title=infinity-preflight::${message}`);
    });

    it("and refuses another file than the expected one, also from the cache", async () => {
      const other = "0".repeat(64);
      for (let time = 1; time <= 2; time++) {
        const { exitCode, stdout } = await install(
          { INPUT_PACKAGE: PACKAGE, INPUT_SHA256: other },
          { [PACKAGE]: tarball },
        );
        expect(exitCode).toBe(2);
        expect(stdout).toContain("The checksum of the tarball is not the expected one.");
      }
    });
  });
});
