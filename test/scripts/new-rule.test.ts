import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { program, ROOT } from "../cli/program.ts";

/** A copy of what the scripts read and write. */
let copy: string;
beforeAll(async () => {
  copy = await realpath(await mkdtemp(join(tmpdir(), "preflight-new-rule-")));
  const parts = ["docs", "fixtures", "rules", "schema", "scripts", "src", "test/conventions.test.ts", "test/golden"];
  const files = [
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
    "eslint.config.js",
    ".prettierignore",
    ".prettierrc.json",
  ];
  const tests = ["test/inventory/exports", "test/mutations", "test/probe", "test/rules", "test/support"];
  for (const path of [...parts, ...files, ...tests]) {
    await cp(join(ROOT, path), join(copy, path), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const script = (name: string, ...args: readonly string[]) =>
  program(process.execPath, ["--import", "tsx", `scripts/${name}.ts`, ...args], { cwd: copy });

describe("npm run new-rule and npm run check-rule", { timeout: 240_000 }, () => {
  it("write a rule that fails one test until every TODO is replaced, and six files in all", async () => {
    const written = await script("new-rule", "lab/trial-rule");
    expect(written.stderr).toBe("");
    expect(written.stdout.split("\n")).toEqual([
      "rules/lab/trial-rule.ts",
      "test/rules/lab/trial-rule.test.ts",
      "docs/rules/lab/trial-rule.md",
      "schema/config.schema.json",
      "rules/index.generated.ts",
      "docs/rules/README.md",
      "Replace every TODO, then run: npm run check-rule lab/trial-rule",
      "",
    ]);
    expect(written.exitCode).toBe(0);

    const unfinished = await script("check-rule", "lab/trial-rule");
    expect(unfinished.exitCode).toBe(1);
    expect(unfinished.stdout).toMatch(/^FAILED {2}test, page, conventions and mutations$/m);
    expect(unfinished.stdout).toContain("lab/trial-rule > has no TODO left");
    expect(unfinished.stdout).toMatch(/Tests {2}1 failed \| [1-9]\d* passed/);
    for (const step of ["lint", "format", "generated files"]) expect(unfinished.stdout).toContain(`ok      ${step}\n`);

    for (const path of written.stdout.split("\n").slice(0, 3)) {
      await writeFile(join(copy, path), (await readFile(join(copy, path), "utf8")).replaceAll("TODO", "Unknown"));
    }
    // Both have the title of the rule.
    expect((await script("generate")).stdout).toBe("schema/config.schema.json\ndocs/rules/README.md\n");
    const finished = await script("check-rule", "lab/trial-rule");
    expect(finished.stdout).toBe(
      ["test, page, conventions and mutations", "lint", "format", "generated files"]
        .map((step) => `ok      ${step}\n`)
        .join(""),
    );
    expect(finished.exitCode).toBe(0);
  });

  it("overwrite nothing", async () => {
    const { exitCode, stderr } = await script("new-rule", "vm/thick-disk");
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "rules/vm/thick-disk.ts exists already.\n" });
  });

  it.each([
    ["new-rule", [], "Usage: npm run new-rule GROUP/NAME"],
    ["new-rule", ["Thick Disk"], "Usage: npm run new-rule GROUP/NAME"],
    ["new-rule", ["../vm/thick"], "Usage: npm run new-rule GROUP/NAME"],
    ["check-rule", [], "Usage: npm run check-rule GROUP/NAME"],
    ["check-rule", ["vm/none"], "rules/vm/none.ts does not exist; npm run new-rule vm/none writes it."],
  ])("reject %s %j", async (name, args, words) => {
    const { exitCode, stderr } = await script(name, ...args);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
  });
});
