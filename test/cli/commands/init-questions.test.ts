import { mkdtemp, readFile, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";
import { EXAMPLE, UNWATCHED } from "../program.ts";
import { recorder } from "../recorder.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-questions-")));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs `preflight init` with what a person types, or without a terminal for null. */
async function init(typed: readonly string[] | null, args: readonly string[] = []) {
  const [stdout, stderr] = [recorder({}), recorder({})];
  const stdin =
    typed === null
      ? Readable.from([])
      : Object.assign(new PassThrough(), { isTTY: true }).end(typed.map((line) => `${line}\n`).join(""));
  const signal = new AbortController().signal;
  const exitCode = await main(["init", ...args], { ...UNWATCHED, cwd: folder, env: {}, stdin, stdout, stderr, signal });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

const files = async () => (await readdir(folder, { recursive: true })).filter((path) => /\.\w+$/.test(path)).sort();

describe("preflight init at a terminal", () => {
  it("writes the files of a site after Enter, Enter", async () => {
    const { exitCode, stdout, stderr } = await init(["", ""]);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("deployment.yaml") as string,
    });
    expect(stderr).toBe(
      "Write the files of a site (Enter), or a CI pipeline (github, gitlab, azure, jenkins)? " +
        "Inventory file or export, address of a vCenter Server (https://…), or Enter for none: ",
    );
    expect(await files()).toContain("inventory.yaml");
  });

  it("lists the estate of the inventory that was typed", async () => {
    const { exitCode } = await init(["", join(EXAMPLE, "clean/inventory.json")]);
    expect(exitCode).toBe(0);
    expect(await readFile(join(folder, "deployment.yaml"), "utf8")).toContain("esxi11.example.com");
    expect(await files()).not.toContain("inventory.yaml");
  });

  it("prompts again for an unknown CI system, and writes only its pipeline", async () => {
    const { exitCode, stderr } = await init(["travis", "gitlab"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("Type github, gitlab, azure, jenkins, or press Enter: ");
    expect(await files()).toEqual([".gitlab-ci.yml"]);
  });

  it("keeps the defaults at the end of the input", async () => {
    expect((await init([])).exitCode).toBe(0);
    expect(await files()).toContain("deployment.yaml");
  });

  it("reports a file that cannot be read, and writes nothing", async () => {
    const { exitCode, stderr } = await init(["", "none.json"]).catch((error: unknown) => {
      if (!(error instanceof PreflightErrors)) throw error;
      return { exitCode: 2, stderr: error.errors.map(({ message }) => message).join() };
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("none.json");
    expect(await files()).toEqual([]);
  });

  it("does not prompt if the deployment already exists", async () => {
    await writeFile(join(folder, "deployment.yaml"), "{}\n");
    const { exitCode, stderr } = await init(["github"]).catch((error: unknown) => {
      if (!(error instanceof PreflightErrors)) throw error;
      return { exitCode: 2, stderr: error.errors.map(({ message }) => message).join() };
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("already in this folder");
    expect(stderr).not.toContain("Enter");
  });

  it.each([[["--ci", "github"]], [["--inventory", join(EXAMPLE, "clean/inventory.json")]]])(
    "does not prompt for what an option sets: %j",
    async (args) => {
      const { exitCode, stderr } = await init(["azure"], args);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    },
  );

  it("does not prompt without a terminal", async () => {
    const { exitCode, stderr } = await init(null);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
