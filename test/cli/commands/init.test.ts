import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { STARTER } from "../../../src/cli/commands/init/starter.ts";
import { preflight, ROOT } from "../program.ts";

const SCHEMAS = ["config", "deployment", "inventory", "waivers"].map((name) => `.preflight/${name}.schema.json`);
const FILES = [...SCHEMAS, ...STARTER.map(({ path }) => path)].sort();
const CHECK = ["deployment.yaml", "--inventory", "inventory.yaml", "--now", "2026-11-22T12:00:00Z"];

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-init-")));
});
afterEach(() => rm(folder, { recursive: true }));

async function filesThere(): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

async function report(args: readonly string[] = []): Promise<RunReport> {
  const { stdout } = await preflight([...CHECK, "--format", "json", ...args], { cwd: folder });
  return JSON.parse(stdout) as RunReport;
}

describe("preflight init", () => {
  it("writes the files that it lists, with schemas to which their first lines refer", async () => {
    const { exitCode, stdout, stderr } = await preflight(["init"], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const { path } of STARTER) expect(stdout).toContain(path);
    expect(await filesThere()).toEqual(FILES);
    for (const { path, text } of STARTER) {
      expect(await readFile(join(folder, path), "utf8")).toBe(text);
      const [, schema = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      const written = await readFile(join(folder, schema), "utf8");
      expect(written).toBe(await readFile(join(ROOT, "schema", schema.replace(".preflight/", "")), "utf8"));
    }
  });

  it("has no errors in its files, contacts no servers, uses its config, and fails the gate", async () => {
    await preflight(["init"], { cwd: folder });
    // Live: with nothing filled in there is no server to query.
    const { errors, summary, inputs, evidence, policy } = await report();
    expect(errors).toEqual([]);
    expect(evidence).toEqual([]);
    expect(policy).toEqual({
      ...{ source: null, ignored: [], changed: [] },
      ...{ inconclusive: "fail", max_warnings: null, off: [], unmatched: [] },
    });
    expect(inputs.map(({ path }) => path)).toEqual(["deployment.yaml", "inventory.yaml", "preflight.config.yaml"]);
    expect(summary).toMatchObject({ gate: "failed", crashed: 0, skipped: 0 });
    expect(summary.inconclusive).toBeGreaterThan(20);
  });

  it("does not open the gate by --no-live, nor without the inventory", async () => {
    await preflight(["init"], { cwd: folder });
    expect((await report(["--no-live"])).summary.gate).toBe("failed");
    const { exitCode } = await preflight(["deployment.yaml", "--no-live"], { cwd: folder });
    expect(exitCode).toBe(1);
  });

  it("shows what to write: every line is valid without its #, and is then about made-up names only", async () => {
    for (const { path, text } of STARTER) {
      const lines = text.split("\n").map((line) => (isYaml(line) ? line.replace("#", "") : line));
      const filled = lines.join("\n");
      expect(filled).not.toBe(text);
      await writeFile(join(folder, path), filled);
    }
    const { errors, summary, policy } = await report(["--no-live"]);
    expect(errors).toEqual([]);
    expect(summary.gate).toBe("failed");
    // The example of an override names nodes that are not there.
    expect(policy.unmatched.map(({ pattern }) => pattern)).toEqual(["node:lab-*"]);
    const names = STARTER.map(({ text }) => text).join("\n");
    expect(names.match(/[\w.-]+\.example\.com/g)?.filter((name) => !name.includes("replace-me"))).toEqual([]);
  });

  it.each([
    ["a file", () => writeFile(join(folder, "inventory.yaml"), "mine")],
    ["a link that leads nowhere", () => symlink("nowhere", join(folder, "inventory.yaml"))],
    ["a folder", () => mkdir(join(folder, "inventory.yaml"))],
  ])("never overwrites %s, and then writes nothing at all", async (_, make) => {
    await make();
    const before = await filesThere();
    const { exitCode, stdout, stderr } = await preflight(["init"], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(
      "inventory.yaml is already in this folder, so nothing was written.",
    );
    expect(await filesThere()).toEqual(before);
  });

  it("names everything that is in the way", async () => {
    await preflight(["init"], { cwd: folder });
    const { stderr } = await preflight(["init"], { cwd: folder });
    const text = stderr.replaceAll(/\s+/g, " ");
    for (const path of FILES) expect(text).toContain(path);
    expect(text).toContain("are already in this folder");
  });

  it("takes back what it wrote when it cannot write the rest", async () => {
    // Not a folder, so the schemas cannot be written; they come last.
    await writeFile(join(folder, ".preflight"), "mine");
    const { exitCode, stderr } = await preflight(["init"], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(
      /\.preflight\S+ cannot be written: a part of the path is not a folder\./,
    );
    expect(await filesThere()).toEqual([".preflight"]);
    expect(await readFile(join(folder, ".preflight"), "utf8")).toBe("mine");
  });

  // The kernel's own folders refuse root too.
  it.runIf(process.platform === "linux")("says so when the folder takes no files", async () => {
    const { exitCode, stdout, stderr } = await preflight(["init"], { cwd: "/proc/self" });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(
      /^error\[unwritable\]: deployment\.yaml cannot be written: .+\. hint: Nothing was written; run preflight init in a writable folder\. $/,
    );
  });

  it("takes no words", async () => {
    const { exitCode, stderr } = await preflight(["init", "site"], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Unexpected argument "site".');
  });
});

/** Whether the line behind its # is a key or a list item, and no prose. */
function isYaml(line: string): boolean {
  return /^ *#(?:[a-z_]+:| {2,}(?:- )?\S)/.test(line);
}

describe("preflight init with an inventory", () => {
  it("lists the names in the inventory where the deployment refers to them, and ends with a command that runs", async () => {
    const estate = {
      hosts: [{ name: "esxi01.example.com", port_groups: [{ name: "VM Network" }] }, { name: "bad\nhost: injected" }],
      clusters: [{ name: "Oslo: core" }],
      datastores: Array.from({ length: 14 }, (_, index) => ({ name: `ds-${index + 10}` })),
      distributed_port_groups: [{ name: "dmz" }],
    };
    await writeFile(join(folder, "estate.json"), JSON.stringify(estate));
    const { exitCode, stdout } = await preflight(["init", "-i", "estate.json"], { cwd: folder });
    expect(exitCode).toBe(0);
    const text = await readFile(join(folder, "deployment.yaml"), "utf8");
    for (const line of ["host: esxi01.example.com", 'cluster: "Oslo: core"', "network: VM Network", "network: dmz"]) {
      expect(text.match(new RegExp(`^ {4,6}#   ${line}$`, "gm")), line).toHaveLength(2);
    }
    expect(text).toContain("#   … and 2 more; see estate.json");
    expect(text).not.toContain("injected");
    expect(await filesThere()).not.toContain("inventory.yaml");
    const command = stdout.trimEnd().split("\n").at(-1)?.trim().split(" ").slice(1) ?? [];
    expect(command).toEqual(["deployment.yaml", "--inventory", "estate.json", "--no-live"]);
    const { exitCode: code, stderr } = await preflight(command, { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });

  it("writes nothing for an inventory that cannot be read", async () => {
    const { exitCode, stderr } = await preflight(["init", "--inventory", "missing.json"], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("missing.json");
    expect(await filesThere()).toEqual([]);
  });
});

describe("preflight init --ci", () => {
  const FILES_OF_CI = {
    github: ".github/workflows/preflight.yml",
    gitlab: ".gitlab-ci.yml",
    azure: "azure-pipelines.yml",
    jenkins: "Jenkinsfile",
  } as const;

  it.each(Object.entries(FILES_OF_CI))(
    "writes only the pipeline of %s, and never overwrites it",
    async (system, path) => {
      expect((await preflight(["init", "--ci", system], { cwd: folder })).exitCode).toBe(0);
      expect(await filesThere()).toEqual([path]);
      const text = await readFile(join(folder, path), "utf8");
      expect(text).toMatch(/preflight \. --policy \.\.\/trusted\/policy --no-live /);
      expect(text).not.toMatch(/npm ci|OWNER|COMMIT/);
      if (system !== "jenkins") expect(Object.keys(parse(text) as object).length).toBeGreaterThan(1);
      const again = await preflight(["init", "--ci", system], { cwd: folder });
      expect(again).toMatchObject({ exitCode: 2, stdout: "" });
      expect(await readFile(join(folder, path), "utf8")).toBe(text);
    },
  );
});

describe("preflight init in a folder with a link", () => {
  it("follows no link in place of the folder of the schemas", async () => {
    const elsewhere = await realpath(await mkdtemp(join(tmpdir(), "preflight-elsewhere-")));
    await symlink(elsewhere, join(folder, ".preflight"));
    const { exitCode, stderr } = await preflight(["init"], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(".preflight is a link, so nothing was written.");
    expect(await readdir(elsewhere)).toEqual([]);
    await rm(elsewhere, { recursive: true });
  });
});

describe("the first run on untouched files", () => {
  it("is one screen, lists what to fill in, and still fails the gate", async () => {
    await preflight(["init"], { cwd: folder });
    const { exitCode, stdout } = await preflight([".", "--no-live"], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stdout.split("\n").length).toBeLessThan(30);
    expect(stdout).toMatch(
      /^deployment\.yaml and inventory\.yaml are not filled in yet: replace \d+\s+placeholders first\.$/m,
    );
    expect(stdout).toMatch(/^Not listed until then: \d+ other findings and \d+ inconclusive checks; --all\s/m);
    const { stdout: all } = await preflight([".", "--no-live", "--all"], { cwd: folder });
    expect(all.split("\n").length).toBeGreaterThan(60);
  });
});
