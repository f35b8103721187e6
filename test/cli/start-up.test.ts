import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEAN, PROGRAM, program } from "./program.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-start-up-"));
  await writeFile(
    join(folder, "loaded.cjs"),
    `const before = new Set(process.moduleLoadList);
process.on("exit", () => {
  const loaded = process.moduleLoadList.filter((name) => !before.has(name));
  require("node:fs").writeFileSync(process.env.LOADED_FILE, JSON.stringify(loaded));
});`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Modules of Node that a run loads beyond those of Node's own start. */
async function loadedBy(args: readonly string[]): Promise<ReadonlySet<string>> {
  const file = join(folder, "loaded.json");
  const { exitCode, stderr } = await program(process.execPath, ["-r", join(folder, "loaded.cjs"), PROGRAM, ...args], {
    env: { LOADED_FILE: file },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const names = JSON.parse(await readFile(file, "utf8")) as readonly string[];
  return new Set(names.map((name) => name.replace(/^NativeModule /, "")));
}

/**
 * Each costs a run some milliseconds, and one import in the wrong place loads it for every run: an archive reader that
 * was imported by name alone once made the shortest run a quarter longer.
 */
const NOT_FOR_A_CHECK = [
  "child_process",
  "dgram",
  "fs/promises",
  "https",
  "inspector",
  "readline",
  "tls",
  "worker_threads",
  "zlib",
];

describe("a check without live checks and plugins", () => {
  it("loads no module of Node that it does not use", async () => {
    const loaded = await loadedBy([...CLEAN, "--no-live"]);
    // Modules that it does use, so that this test checks something.
    expect(loaded).toContain("crypto");
    expect(NOT_FOR_A_CHECK.filter((name) => loaded.has(name))).toEqual([]);
  });
});
