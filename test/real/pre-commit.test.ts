import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EXAMPLE, program, ROOT } from "../cli/program.ts";
import { describeReal, workFolder } from "./real-server.ts";

describeReal("pre-commit", ["pre-commit", "git"], ([preCommit = "", git = ""]) => {
  const folder = workFolder();

  it("installs the packed package as docs/ci.md has it, and stops a commit that fails the gate", async () => {
    const cache = { npm_config_cache: join(folder, "cache"), npm_config_offline: "true" };
    // The build exists already; packing must not replace it during other tests.
    execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
      cwd: ROOT,
      env: { ...process.env, ...cache },
    });
    const tarball = join(folder, "infinity-preflight-0.1.0.tgz");
    expect(existsSync(tarball)).toBe(true);
    const example = /```yaml\n(repos:\n {2}- repo: local\n[\s\S]*?)```/.exec(
      readFileSync(join(ROOT, "docs/ci.md"), "utf8"),
    );
    const config = (example?.[1] ?? "").replace(/"[^"]*\.tgz"/, JSON.stringify(tarball));
    expect(config).toContain(tarball);

    const repository = join(folder, "repository");
    cpSync(join(EXAMPLE, "mistakes"), repository, { recursive: true });
    writeFileSync(join(repository, ".pre-commit-config.yaml"), config);
    const run = async (command: string, ...args: string[]) =>
      program(command, args, {
        cwd: repository,
        env: { ...cache, PRE_COMMIT_HOME: join(folder, "home"), NO_COLOR: "1" },
      });
    expect((await run(git, "init", "--quiet")).exitCode).toBe(0);
    expect((await run(git, "add", "--all")).exitCode).toBe(0);
    const closed = await run(preCommit, "run");
    expect(closed.stdout).toContain("Gate: FAILED");
    expect(closed.exitCode).toBe(1);

    // Nothing of the deployment is staged then, and the hook prints nothing.
    expect((await run(git, "reset", "--quiet")).exitCode).toBe(0);
    expect((await run(preCommit, "run")).exitCode).toBe(0);
  });
});
