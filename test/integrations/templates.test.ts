import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { type CiSystem, pipelineOf } from "../../src/cli/commands/init/pipelines.ts";
import { version } from "../../src/run/version.ts";
import packageJson from "../../package.json" with { type: "json" };
import { EXAMPLE, PROGRAM, program, ROOT } from "../cli/program.ts";

let folder = "";
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-templates-")));
  await cp(join(EXAMPLE, "mistakes"), join(folder, "work"), { recursive: true });
  await mkdir(join(folder, "work", ".git"));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "preflight"), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  await chmod(join(folder, "bin", "preflight"), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const environment = () => ({ PATH: `${join(folder, "bin")}:/usr/bin:/bin` });

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: { when: string; paths: string[]; reports: Readonly<Record<string, string>> };
}

/** The template with inputs put in, as GitLab does before it reads the second document. */
async function gitlabJob(inputs: Readonly<Record<string, string>>): Promise<Job> {
  const text = await readFile(join(ROOT, "templates", "preflight.gitlab-ci.yml"), "utf8");
  const [head, body] = parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);
  const { inputs: known } = head?.["spec"] as { inputs: Record<string, { default?: string }> };
  const filled = JSON.stringify(body).replaceAll(/\$\[\[ inputs\.(\w+) \]\]/g, (_, name: string) => {
    const value = inputs[name] ?? known[name]?.default;
    if (value === undefined) throw new Error(`the input ${name} has no value`);
    return JSON.stringify(value).slice(1, -1);
  });
  const job = (JSON.parse(filled) as Record<string, Job>)["preflight"];
  if (job === undefined) throw new Error("there is no job preflight");
  return job;
}

async function runJob(job: Job) {
  return program("sh", ["-e", "-c", job.script.join("\n")], {
    cwd: join(folder, "work"),
    env: { ...environment(), ...job.variables },
  });
}

describe("the template for GitLab", () => {
  const INPUTS = {
    image: "registry.example.com/preflight",
    deployment: "deployment.yaml",
    inventory: "inventory.json",
  };

  it("fails the job if the gate failed, and has written every report of the job", async () => {
    const job = await gitlabJob(INPUTS);
    const { exitCode, stdout, stderr } = await runJob(job);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(stdout).toContain("no servers contacted");
    expect(job.artifacts.when).toBe("always");
    for (const file of [...job.artifacts.paths, ...Object.values(job.artifacts.reports)]) {
      expect(existsSync(join(folder, "work", file)), file).toBe(true);
    }
  });

  it("takes the policy from the default branch, regardless of the change", async () => {
    const origin = join(folder, "origin");
    await mkdir(join(origin, "policy"), { recursive: true });
    const config = "rules: { vm/memory-multiple-of-4: warn }\n";
    await writeFile(join(origin, "policy", "preflight.config.yaml"), config);
    const git = (...args: readonly string[]) =>
      program("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: origin });
    for (const args of [
      ["init", "--quiet", "--initial-branch=main"],
      ["add", "."],
      ["commit", "--quiet", "-m", "policy"],
    ]) {
      expect((await git(...args)).exitCode).toBe(0);
    }
    await mkdir(join(folder, "work", "policy"));
    await writeFile(join(folder, "work", "policy", "preflight.config.yaml"), "extends: must\n");
    await writeFile(join(folder, "work", "preflight.config.yaml"), "rules: { vm/memory-multiple-of-4: off }\n");
    const job = await gitlabJob({ ...INPUTS, policy: "policy", args: "--no-live --only=vm/memory-multiple-of-4" });
    const { exitCode, stdout, stderr } = await program("sh", ["-e", "-c", job.script.join("\n")], {
      cwd: join(folder, "work"),
      env: {
        ...environment(),
        ...job.variables,
        CI_DEFAULT_BRANCH: "main",
        CI_REPOSITORY_URL: `file://${origin}`,
        TMPDIR: folder,
      },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const text = stdout.replaceAll(/\s+/g, " ");
    const hash = createHash("sha256").update(config).digest("hex");
    expect(text).toMatch(new RegExp(`policy \\S+/repository/policy \\(sha256 ${hash}\\)`));
    expect(text).toContain("Ignored, because the policy decides: preflight.config.yaml.");
  });

  it("takes further arguments one by one, and paths as they are", async () => {
    const odd = "site $(touch owned) *.yaml";
    await cp(join(folder, "work", "deployment.yaml"), join(folder, "work", odd));
    const args = "--no-live --only=vm/* --only=node/unique-hostname";
    const { exitCode, stderr } = await runJob(await gitlabJob({ ...INPUTS, deployment: odd, args }));
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(existsSync(join(folder, "work", "owned"))).toBe(false);
  });
});

describe("the pipelines of preflight init --ci", () => {
  /** The text as the released program writes it. */
  const released = (system: CiSystem) => pipelineOf(system).text.replaceAll(version, packageJson.version);

  it.each([
    ["github", /run: (preflight .*)$/m, ["preflight.sarif", "preflight.html"]],
    ["gitlab", /- (preflight .*)$/m, ["work/preflight.xml", "work/gl-code-quality-report.json", "work/preflight.html"]],
    ["azure", /- script: (preflight .*)$/m, ["out/preflight.xml", "out/preflight.html"]],
    ["jenkins", /sh '\.\.\/tool\/bin\/(preflight .*?)'/, ["preflight.xml", "preflight.html"]],
  ] as const)(
    "fails in %s where the gate failed, and writes what the next steps read",
    async (system, command, files) => {
      const { path, text } = pipelineOf(system);
      expect(text).toContain(path.endsWith("file") ? "pipeline {" : "preflight");
      const [, line = ""] = command.exec(text) ?? [];
      // The pipeline has the protected branch beside the change.
      await mkdir(join(folder, "trusted", "policy"), { recursive: true });
      await writeFile(join(folder, "trusted", "policy", "preflight.config.yaml"), "extends: strict\n");
      expect(line).toContain("--policy ../trusted/policy");
      const { exitCode, stderr } = await program("sh", ["-e", "-c", line], {
        cwd: join(folder, "work"),
        env: environment(),
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
      for (const file of files) {
        expect(text).toContain(basename(file));
        expect(existsSync(join(folder, file)), file).toBe(true);
      }
    },
  );

  it.each(["azure", "jenkins"] as const)("is what docs/ci.md shows for %s", async (system) => {
    expect(await readFile(join(ROOT, "docs", "ci.md"), "utf8")).toContain(`\n${released(system)}\`\`\`\n`);
  });

  it.each(["github", "gitlab", "azure", "jenkins"] as const)(
    "takes the program of %s from the protected branch",
    (system) => {
      const { text } = pipelineOf(system);
      expect(text).toMatch(/PREFLIGHT_PACKAGE(: | = ')\.{1,2}\/trusted\/tools\/infinity-preflight-[\w.-]+\.tgz'?$/m);
      expect(text).toContain("commit two things to the protected branch");
    },
  );
});

describe(".pre-commit-hooks.yaml", () => {
  it("has a hook that runs the installed program once, regardless of the changed files", async () => {
    const [hook] = parse(await readFile(join(ROOT, ".pre-commit-hooks.yaml"), "utf8")) as [Record<string, unknown>];
    expect(hook).toMatchObject({ id: "preflight", entry: "preflight", language: "system", pass_filenames: false });
    const { exitCode, stderr } = await program("preflight", hook["args"] as string[], {
      cwd: join(folder, "work"),
      env: environment(),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  });
});

describe("the Dockerfile", () => {
  it("builds the package with what .dockerignore lets through, and installs a program that runs", async () => {
    const ignore = (await readFile(join(ROOT, ".dockerignore"), "utf8")).split("\n");
    const allowed = ignore.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    expect(ignore).toContain("*");
    const source = join(folder, "source");
    for (const path of allowed) await cp(join(ROOT, path), join(source, path), { recursive: true });
    // What npm ci would install from the registry.
    await symlink(join(ROOT, "node_modules"), join(source, "node_modules"));
    const text = await readFile(join(ROOT, "Dockerfile"), "utf8");
    const runs = [...text.matchAll(/^RUN (.*)$/gm)].map(([, line = ""]) => line);
    const fetching = runs.filter((line) => /^(?:npm ci|apk add) /.test(line));
    expect(fetching).toHaveLength(2);
    for (const line of runs.filter((candidate) => !fetching.includes(candidate))) {
      const here = line
        .replaceAll("/tmp", join(folder, "tmp"))
        .replaceAll("/opt/preflight", join(folder, "opt"))
        .replaceAll("/usr/local/bin/preflight", join(folder, "linked"));
      await mkdir(join(folder, "tmp"), { recursive: true });
      const { exitCode, stderr } = await program("sh", ["-e", "-c", here], {
        cwd: source,
        env: { npm_config_cache: join(folder, "cache"), XDG_CACHE_HOME: join(folder, "home") },
      });
      if (exitCode !== 0) throw new Error(`${here}\n${stderr}`);
    }
    expect(await readdir(join(folder, "home", "infinity-preflight"))).toHaveLength(1);
    const arguments_ = ["deployment.yaml", "--inventory", "inventory.json", "--no-live"];
    const { exitCode, stderr } = await program(join(folder, "linked"), arguments_, { cwd: join(folder, "work") });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  }, 300_000);

  it("runs as an unprivileged user, like the program itself", async () => {
    const last = (await readFile(join(ROOT, "Dockerfile"), "utf8")).split("\nFROM ").at(-1) ?? "";
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^ENTRYPOINT \["preflight"\]$/m);
    expect(last).toMatch(/^COPY --from=package \/opt\/preflight /m);
  });
});
