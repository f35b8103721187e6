import { execFile } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandsIn } from "../../report/inert-outputs.ts";
import { preflight, shell } from "../program.ts";

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "preflight-fix-")));
  await mkdir(join(root, "site", ".git"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const site = (...path: readonly string[]) => join(root, "site", ...path);

const WRONG = "\uFEFF# Oslo\r\nmanagement_node: { name: m, hostname: m,\r\n  mtu: 9000 } # bytes";
const RIGHT = WRONG.replace("9000", "1500");

const run = (args: readonly string[]) => preflight(["deployment.yaml", "--no-live", ...args], { cwd: site() });

describe("--fix", () => {
  it("writes the fixes, keeps the permissions, leaves no other file, and reports what is left", async () => {
    await writeFile(site("deployment.yaml"), WRONG);
    await chmod(site("deployment.yaml"), 0o640);
    const { exitCode, stdout, stderr } = await run([
      "--fix",
      "--only",
      "network/mtu-range",
      "--inconclusive",
      "ignore",
    ]);
    expect(stderr).toBe("Fixed 1 finding in deployment.yaml.\n");
    expect(stdout).toContain("passed");
    expect(stdout).not.toContain("9000");
    expect(exitCode).toBe(0);
    expect(await readFile(site("deployment.yaml"), "utf8")).toBe(RIGHT);
    expect((await stat(site("deployment.yaml"))).mode & 0o777).toBe(0o640);
    expect((await readdir(site())).sort()).toEqual([".git", "deployment.yaml"]);

    const again = await run(["--fix", "--only", "network/mtu-range", "--inconclusive", "ignore"]);
    expect(again.stderr).toBe("Nothing to fix in deployment.yaml.\n");
  });

  it("names the anchor of a value that it does not edit", async () => {
    await writeFile(
      site("deployment.yaml"),
      "x-mtu: &jumbo 9000\nmanagement_node: { name: m, hostname: m, mtu: *jumbo }\n",
    );
    const { stderr, exitCode } = await run(["--fix", "--only", "network/*"]);
    expect(stderr).toBe(
      "Nothing to fix in deployment.yaml.\n" +
        "Not fixed: deployment.yaml:1:15: network/mtu-range: Set mtu to 1500: the value is shared through the anchor &jumbo.\n",
    );
    expect(exitCode).toBe(1);
  });

  it("follows a link within the repository, and writes to nothing outside of it", async () => {
    await mkdir(site("files"));
    await writeFile(site("files", "real.yaml"), WRONG);
    await symlink(join("files", "real.yaml"), site("deployment.yaml"));
    expect((await run(["--fix"])).stderr).toContain("Fixed 1 finding");
    expect(await readFile(site("files", "real.yaml"), "utf8")).toBe(RIGHT);
    expect((await lstat(site("deployment.yaml"))).isSymbolicLink()).toBe(true);

    await writeFile(join(root, "outside.yaml"), WRONG);
    await rm(site("deployment.yaml"));
    await symlink(join("..", "outside.yaml"), site("deployment.yaml"));
    const { exitCode, stderr } = await run(["--fix"]);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(
      "deployment.yaml leads to a file outside the repository, so it is neither shown nor changed.",
    );
    expect(exitCode).toBe(2);
    expect(await readFile(join(root, "outside.yaml"), "utf8")).toBe(WRONG);
  });

  it("prints a patch that has no effect in the log of a CI system", async () => {
    const note = "x-note: |\r\n  ##vso[task.setvariable variable=PATH]/x\r\n  ::error file=x::y\r  ::error::z\r\n";
    await writeFile(site("deployment.yaml"), WRONG.replace("# Oslo\r\n", note));
    const { exitCode, stdout } = await run(["--fix-dry-run"]);
    expect({ exitCode, commands: commandsIn(stdout) }).toEqual({ exitCode: 1, commands: [] });
    expect(stdout).toContain("task.setvariable");
    expect(stdout).toContain("mtu: 1500");
  });

  it("writes nothing when the file is invalid, and reports why", async () => {
    const invalid = `${WRONG}\r\nunknown_key: 1\r\n`;
    await writeFile(site("deployment.yaml"), invalid);
    const { exitCode, stdout, stderr } = await run(["--fix"]);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain("unknown_key");
    expect(await readFile(site("deployment.yaml"), "utf8")).toBe(invalid);
  });

  it("never writes without the option, and never to an inventory", async () => {
    await writeFile(site("deployment.yaml"), WRONG);
    const inventory = "virtual_machines: [{ name: m, memory_mb: 8190 }]\n";
    await writeFile(site("inventory.yaml"), inventory);
    await run(["--inventory", "inventory.yaml"]);
    expect(await readFile(site("deployment.yaml"), "utf8")).toBe(WRONG);
    await run(["--inventory", "inventory.yaml", "--fix"]);
    expect(await readFile(site("deployment.yaml"), "utf8")).toBe(RIGHT);
    expect(await readFile(site("inventory.yaml"), "utf8")).toBe(inventory);
  });

  it("refuses inputs that can be read only once, and options that contradict it", async () => {
    expect((await preflight(["-", "--fix"], { cwd: site(), stdin: WRONG })).stderr).toContain(
      "--fix cannot read standard input.",
    );
    const piped = await shell("$PREFLIGHT <(cat deployment.yaml) --fix-dry-run", { cwd: site() });
    expect(piped.stderr).toContain("--fix-dry-run cannot read a pipe.");
    expect((await run(["--fix", "--fix-dry-run"])).stderr).toContain("cannot be used together");
    expect((await run(["--fix-dry-run", "--format", "json"])).stderr).toContain("omit --format");
    expect((await run(["--fix", "--vcenter", "https://vc.example.com"])).stderr).toContain("preflight inventory pull");
  });
});

describe("--fix over several sites", () => {
  const both = (...args: readonly string[]) =>
    preflight([".", "--no-live", "--only", "network/mtu-range", "--inconclusive", "ignore", ...args], { cwd: site() });
  const names = ["bergen", "oslo"] as const;
  beforeEach(async () => {
    for (const name of names) {
      await mkdir(site(name));
      await writeFile(site(name, "deployment.yaml"), WRONG.replaceAll("m,", `${name},`));
    }
  });
  const text = (name: string) => readFile(site(name, "deployment.yaml"), "utf8");

  it("prints one patch of all deployments, which git applies", async () => {
    const { exitCode, stdout, stderr } = await both("--fix-dry-run");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: "Would fix 1 finding in bergen/deployment.yaml.\nWould fix 1 finding in oslo/deployment.yaml.\n",
    });
    await writeFile(join(root, "fix.patch"), stdout);
    await rm(site(".git"), { recursive: true });
    await promisify(execFile)("git", ["init", "--quiet"], { cwd: site() });
    await promisify(execFile)("git", ["apply", "--whitespace=nowarn", join(root, "fix.patch")], { cwd: site() });
    for (const name of names) expect(await text(name)).toContain("mtu: 1500");
    expect(await both("--fix-dry-run")).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("writes each, and only that of the site that --site names", async () => {
    await both("--fix", "--site", "oslo");
    expect([await text("bergen"), await text("oslo")].map((each) => each.includes("1500"))).toEqual([false, true]);
    const { exitCode, stdout, stderr } = await both("--fix");
    expect(stderr).toBe("Fixed 1 finding in bergen/deployment.yaml.\nNothing to fix in oslo/deployment.yaml.\n");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("All 2 sites passed.");
  });

  it("prints no patch if one of the files is invalid, and reports why", async () => {
    await writeFile(site("oslo", "deployment.yaml"), "management_node: [\n");
    const { exitCode, stdout } = await both("--fix-dry-run");
    expect(exitCode).toBe(2);
    expect(stdout).not.toContain("+++");
    expect(stdout).toContain("oslo/deployment.yaml");
  });
});

describe("--fix-dry-run", () => {
  it("prints a diff that git applies, and writes nothing", async () => {
    await writeFile(site("deployment.yaml"), WRONG);
    const { exitCode, stdout, stderr } = await run(["--fix-dry-run"]);
    expect(stderr).toBe("Would fix 1 finding in deployment.yaml.\n");
    expect(exitCode).toBe(1);
    expect(await readFile(site("deployment.yaml"), "utf8")).toBe(WRONG);
    expect(stdout).toBe(`--- a/deployment.yaml
+++ b/deployment.yaml
@@ -1,3 +1,3 @@
 \uFEFF# Oslo\r
 management_node: { name: m, hostname: m,\r
-  mtu: 9000 } # bytes
\\ No newline at end of file
+  mtu: 1500 } # bytes
\\ No newline at end of file
`);
    await writeFile(join(root, "fix.patch"), stdout);
    await rm(site(".git"), { recursive: true });
    await promisify(execFile)("git", ["init", "--quiet"], { cwd: site() });
    await promisify(execFile)("git", ["apply", "--whitespace=nowarn", join(root, "fix.patch")], { cwd: site() });
    expect(await readFile(site("deployment.yaml"), "utf8")).toBe(RIGHT);
    expect(await run(["--fix-dry-run"])).toEqual({
      ...{ exitCode: 0, stdout: "", stderr: "Nothing to fix in deployment.yaml.\n" },
    });
  });

  it("blanks secrets around a change", async () => {
    await writeFile(
      site("deployment.yaml"),
      "management_node:\n  name: m\n  hostname: m\n  mtu: 9000\n  password: hunter2\n",
    );
    const { stdout } = await run(["--fix-dry-run"]);
    expect(stdout).toContain("+  mtu: 1500\n   password: *******\n");
    expect(stdout).not.toContain("hunter2");
  });
});
