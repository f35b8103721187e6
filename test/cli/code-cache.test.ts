import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CLEAN, type Finished, preflight } from "./program.ts";

let cache: string;
let folder: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "preflight-code-cache-"));
  folder = join(cache, "infinity-preflight");
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const ARGUMENTS = [...CLEAN, "--no-live", "--format", "json", "--now", "2026-11-22T12:00:00Z"];

async function run(env: Readonly<Record<string, string>> = {}, args: readonly string[] = ARGUMENTS): Promise<Finished> {
  return preflight(args, { env: { XDG_CACHE_HOME: cache, ...env } });
}

async function cached(): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

/** The result without a cache. */
async function expected(): Promise<Finished> {
  return run({ PREFLIGHT_CODE_CACHE: "off" });
}

describe("the cache of compiled code", () => {
  it("is one file that only the user can read, and changes no result", async () => {
    const first = await run();
    const [file, ...others] = await cached();
    expect(others).toEqual([]);
    expect(((await stat(folder)).mode & 0o777).toString(8)).toBe("700");
    expect(((await stat(join(folder, file ?? ""))).mode & 0o777).toString(8)).toBe("600");
    expect(first).toEqual(await expected());
    for (let runs = 0; runs < 2; runs++) expect(await run()).toEqual(first);
    const before = await readFile(join(folder, file ?? ""));
    expect(await run()).toEqual(first);
    expect((await readFile(join(folder, file ?? ""))).equals(before)).toBe(true);
  });

  it("has the code of the second run too, when the first one ended early", async () => {
    const missing = await run({}, ["missing.yaml", "--no-live"]);
    expect(missing.exitCode).toBe(2);
    const [file = ""] = await cached();
    const { size } = await stat(join(folder, file));
    expect(await run()).toEqual(await expected());
    // Twice as much, as most functions run only in a complete check.
    expect((await stat(join(folder, file))).size).toBeGreaterThan(1.5 * size);
  });

  it("grows with what other commands load", async () => {
    await run({}, ["--help"]);
    const [file] = await cached();
    const { size } = await stat(join(folder, file ?? ""));
    await run();
    expect((await stat(join(folder, file ?? ""))).size).toBeGreaterThan(size);
  });

  it("gets the code of a check even if other commands have saved theirs several times", async () => {
    for (let runs = 0; runs < 4; runs++) await run({}, [...CLEAN, "--print-config"]);
    const [file = ""] = await cached();
    const { size } = await stat(join(folder, file));
    await run();
    expect((await stat(join(folder, file))).size).toBeGreaterThan(1.3 * size);
  });

  it("is not written when it is off", async () => {
    await expected();
    expect(await cached()).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["others can write to its folder", () => mkdir(folder).then(() => chmod(folder, 0o777))],
    [
      "its folder is a link",
      () => mkdir(join(cache, "other"), { mode: 0o700 }).then(() => symlink(join(cache, "other"), folder)),
    ],
    ["its folder is a file", () => writeFile(folder, "")],
  ])("is not used when %s", async (_, prepare) => {
    await prepare();
    expect(await run()).toEqual(await expected());
    expect((await cached()).length).toBe(0);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ["empty", () => Buffer.alloc(0)],
    ["cut off", (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))],
    ["of zeros", (bytes) => Buffer.alloc(bytes.length)],
    ["no index", () => Buffer.from("\u0008\0\0\0not JSON")],
    [
      "changed in the middle",
      (bytes) => Buffer.concat([bytes.subarray(0, 90_000), Buffer.alloc(64, 7), bytes.subarray(90_064)]),
    ],
  ])("that is %s is replaced", async (_, spoil) => {
    const before = await run();
    const [file = ""] = await cached();
    await writeFile(join(folder, file), spoil(await readFile(join(folder, file))));
    expect(await run()).toEqual(before);
    expect(await run()).toEqual(before);
  });

  it("that is a link to another file is neither read nor written through", async () => {
    await run();
    const [file = ""] = await cached();
    const target = join(cache, "target");
    await writeFile(target, "mine");
    await rm(join(folder, file));
    await symlink(target, join(folder, file));
    expect(await run()).toEqual(await expected());
    expect(await readFile(target, "utf8")).toBe("mine");
  });

  it("is not needed: no home, and a folder that does not exist", async () => {
    const result = await expected();
    expect(await run({ XDG_CACHE_HOME: "", HOME: "" })).toEqual(result);
    expect(await run({ XDG_CACHE_HOME: "/proc/none" })).toEqual(result);
  });
});

describe("--version", () => {
  it("is printed without loading the program", async () => {
    const { exitCode, stdout } = await run({}, ["--version"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect(await cached()).toEqual([]);
  });
});
