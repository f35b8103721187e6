import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEAN, PROGRAM, program } from "./program.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-start-up-"));
  await writeFile(
    join(folder, "loaded.cjs"),
    `const before = new Set(process.moduleLoadList);
const fs = require("node:fs");
const { readFileSync } = fs;
const files = [];
fs.readFileSync = (path, ...options) => {
  files.push(path);
  return readFileSync(path, ...options);
};
process.on("exit", () => {
  const modules = process.moduleLoadList.filter((name) => !before.has(name));
  fs.writeFileSync(process.env.LOADED_FILE, JSON.stringify({ modules, files }));
});`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Loaded {
  /** Modules of Node beyond those of its own start. */
  readonly modules: ReadonlySet<string>;
  /** Files of the program. */
  readonly files: readonly string[];
}

async function loadedBy(args: readonly string[]): Promise<Loaded> {
  const file = join(folder, "loaded.json");
  const { exitCode, stderr } = await program(process.execPath, ["-r", join(folder, "loaded.cjs"), PROGRAM, ...args], {
    env: { LOADED_FILE: file },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const { modules, files } = JSON.parse(await readFile(file, "utf8")) as Record<keyof Loaded, readonly string[]>;
  return {
    modules: new Set(modules.map((name) => name.replace(/^NativeModule /, ""))),
    files: files.filter((path) => dirname(path) === dirname(PROGRAM)).map((path) => basename(path)),
  };
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
    const { modules } = await loadedBy([...CLEAN, "--no-live"]);
    // Modules that it does use, so that this test checks something.
    expect(modules).toContain("crypto");
    expect(NOT_FOR_A_CHECK.filter((name) => modules.has(name))).toEqual([]);
  });
});

describe("the files of the program that a command loads", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["a check", [...CLEAN, "--no-live"], ["preflight.js", "bundle-start.js", "bundle-check.js", "bundle-rules.js"]],
    ["the list of rules", ["rules", "list"], ["preflight.js", "bundle-start.js", "bundle-rules.js"]],
    ["help", ["--help"], ["preflight.js", "bundle-start.js"]],
  ])("are few for %s", async (_, args, expected) => {
    expect((await loadedBy(args)).files).toEqual(expected);
  });
});
