import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEAN, preflight, shell } from "../program.ts";

const [DEPLOYMENT, , INVENTORY] = CLEAN;
const STATIC = ["--no-live", "--now", "2026-11-22T12:00:00Z"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("files that cannot be read", () => {
  it.each([
    ["a missing file", () => "nosuch.yaml", "File nosuch.yaml does not exist.", "no-such-file"],
    ["a file in a missing folder", () => "no/such.yaml", "File no/such.yaml does not exist.", "no-such-file"],
    ["a folder without a deployment", () => ".", "No deployment file is in this folder or below it.", "no-site"],
    ["an empty name", () => "", "The name of the deployment file is empty.", "no-such-file"],
    ["a device", () => "/dev/null", "/dev/null is a socket or a device", "unreadable-file"],
    ["a name with control characters", () => "\u001b[2Jx", "File \\x1b[2Jx does not exist.", "no-such-file"],
  ])("%s is one sentence, exit 2", async (_, make, message, code) => {
    const { exitCode, stdout, stderr } = await preflight([make(), ...STATIC], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll("\n  ", " ")).toContain(`error[${code}]: ${message}`);
  });

  const URL_WITH_PASSWORD = "https://root:top/s3cret@p@127.0.0.1:1/sdk";
  it.each([
    ["an inventory", ["check", DEPLOYMENT, "--inventory", URL_WITH_PASSWORD, ...STATIC]],
    [
      "an inventory given twice",
      ["check", DEPLOYMENT, "--inventory", URL_WITH_PASSWORD, "--inventory", URL_WITH_PASSWORD, ...STATIC],
    ],
    ["a deployment", ["check", URL_WITH_PASSWORD, ...STATIC]],
    ["a config", ["check", DEPLOYMENT, "--config", URL_WITH_PASSWORD, ...STATIC]],
    ["waivers", ["check", DEPLOYMENT, "--waivers", URL_WITH_PASSWORD, ...STATIC]],
    ["a plan", ["check", DEPLOYMENT, "--baseline-plan", URL_WITH_PASSWORD, ...STATIC]],
    ["an export", ["inventory", "import", URL_WITH_PASSWORD]],
    ["a report", ["report", URL_WITH_PASSWORD]],
  ])("never show the password of a URL that is given as %s", async (_, args) => {
    for (const format of args[0] === "check" ? ["stylish", "json"] : [null]) {
      const all = format === null ? args : [...args, "--format", format];
      const { exitCode, stdout, stderr } = await preflight(all, { cwd: folder });
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^error\[/m);
      expect(stdout + stderr).not.toMatch(/s3cret|root:/);
    }
  });

  it("reads the output of a command instead of a file", async () => {
    const line = `$PREFLIGHT <(cat ${DEPLOYMENT}) --inventory <(cat ${INVENTORY}) ${STATIC.join(" ")}`;
    const { exitCode, stdout, stderr } = await shell(`${line} --only vm/thick-disk`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Gate: PASSED");
  });

  it("names a missing inventory beside a good deployment", async () => {
    const { exitCode, stderr } = await preflight([DEPLOYMENT, "--inventory", "nosuch.json", ...STATIC]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("File nosuch.json does not exist.");
  });

  it("reports the errors of all files at once, with --format json in a report on stdout as well", async () => {
    await writeFile(join(folder, "bad.yaml"), "platform: { version: 25.4 }\nmanagement_nod: {}\n");
    await writeFile(join(folder, "bad.json"), '{ "hosts": [{ "name": 7 }] }\n');
    const args = ["bad.yaml", "--inventory", "bad.json", "--inventory", "nosuch.json", ...STATIC];
    const { exitCode, stdout, stderr } = await preflight([...args, "--format", "json"], { cwd: folder });
    expect(exitCode).toBe(2);
    const report = JSON.parse(stdout) as { exit_code: number; checks: unknown[]; errors: { location: unknown }[] };
    expect(report.exit_code).toBe(2);
    expect(report.checks).toEqual([]);
    expect(report.errors.map(({ location }) => location)).toEqual([
      expect.objectContaining({ path: "bad.yaml", line: 1, column: 22 }),
      expect.objectContaining({ path: "bad.yaml", line: 2, column: 1 }),
      expect.objectContaining({ path: "bad.json", line: 1, column: 23 }),
      null,
    ]);
    expect(stderr.match(/^(\S+: )?error\[/gm)).toHaveLength(4);
    expect(stderr).toContain("bad.yaml:1:22: error[");
    expect(stderr).toContain("> 1 | platform: { version: 25.4 }");
  });

  it("reports an inventory given as the deployment", async () => {
    const { exitCode, stderr } = await preflight([INVENTORY, ...STATIC], { env: { COLUMNS: "500" } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "inventory.json:3:3: error[wrong-document]: This looks like an inventory, not a deployment",
    );
  });
});

describe("files by any way and name", () => {
  const open = async (args: readonly string[], options: { cwd?: string; stdin?: string } = {}) => {
    const { exitCode, stdout, stderr } = await preflight([...args, ...STATIC], options);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return stdout;
  };

  it("takes names with blanks, #, %, quotes and umlauts", async () => {
    const inner = join(folder, "o slo #1 %41 'ü'");
    await mkdir(inner);
    await copyExample(inner);
    await copyFile(INVENTORY, join(inner, 'in"v#%.json'));
    const stdout = await open([join(inner, "deployment.yaml"), "--inventory", 'in"v#%.json'], { cwd: inner });
    expect(stdout).toContain('deployment.yaml and in"v#%.json');
  });

  it("accepts a name that starts with a dash, after -- or ./ or =", async () => {
    const inner = join(folder, "dash");
    await mkdir(inner);
    await copyExample(inner);
    await copyFile(join(inner, "deployment.yaml"), join(inner, "-site.yaml"));
    await copyFile(INVENTORY, join(inner, "-inventory.json"));
    await open(["./-site.yaml", "--inventory=-inventory.json"], { cwd: inner });
    const { exitCode } = await preflight([...STATIC, "--inventory=-inventory.json", "--", "-site.yaml"], {
      cwd: inner,
    });
    expect(exitCode).toBe(0);
  });

  it("accepts a file with the name of a command, after check or --", async () => {
    const inner = join(folder, "command");
    await mkdir(inner);
    await copyExample(inner);
    await copyFile(join(inner, "deployment.yaml"), join(inner, "plan"));
    await open(["check", "plan", "--inventory", INVENTORY], { cwd: inner });
    const { exitCode } = await preflight([...STATIC, "--inventory", INVENTORY, "--", "plan"], { cwd: inner });
    expect(exitCode).toBe(0);
  });

  it("follows symbolic links, and names the link", async () => {
    const inner = join(folder, "link");
    await mkdir(inner);
    await copyExample(inner);
    await symlink(join(inner, "deployment.yaml"), join(inner, "site.yaml"));
    expect(await open(["site.yaml", "--inventory", INVENTORY], { cwd: inner })).toContain("Checked site.yaml");
  });

  it("prints the same from any folder", async () => {
    const here = await open(CLEAN, { cwd: folder });
    const there = await open(CLEAN, { cwd: "/" });
    expect(there.split("\n").slice(-3)).toEqual(here.split("\n").slice(-3));
  });

  it("reads the deployment or the inventory from standard input", async () => {
    const deployment = await preflight(["-", "--inventory", INVENTORY, "--only", "vm/*", ...STATIC], {
      stdin: await readFile(DEPLOYMENT, "utf8"),
    });
    expect(deployment).toMatchObject({ exitCode: 0, stderr: "" });
    await open([DEPLOYMENT, "--inventory", "-"], { stdin: await readFile(INVENTORY, "utf8") });
  });

  it.each(["<&-", "</dev/null"])("says that standard input is empty (%s)", async (redirection) => {
    const { exitCode, stdout, stderr } = await shell(`$PREFLIGHT - --no-live ${redirection}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("error[empty-file]: Standard input is empty.");
  });
});

/** The clean example with its certificates. */
async function copyExample(to: string): Promise<void> {
  await cp(dirname(DEPLOYMENT), to, { recursive: true });
}
