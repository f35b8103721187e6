import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MODULE_PARAMETERS } from "../../src/cli/code-cache.ts";
import { CLEAN, type Finished, MISTAKES, PROGRAM, preflight, ROOT, shell } from "./program.ts";

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-crash-")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const JSON_REPORT = ["--no-live", "--format", "json", "--now", "2026-11-22T12:00:00Z"];
const SENTENCE = /^preflight: no verdict: [^\n]+; [^\n]+\.\n$/;

/** What every run must be: a verdict with its whole report, or exit code 2 with one sentence. */
function expectContract({ exitCode, stdout, stderr }: Finished): void {
  if (exitCode === 2) {
    expect(stderr).toMatch(SENTENCE);
    expect(stdout).toBe("");
  } else {
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: exitCode });
    expect([0, 1]).toContain(exitCode);
  }
}

describe("a limit of open files", { timeout: 240_000 }, () => {
  /** Below, Node aborts before it runs any code, or cannot open the program's first file. */
  const ENOUGH_FOR_NODE = 22;
  const limited = (limit: number, args: readonly string[]) =>
    shell(`ulimit -n ${limit}; exec $PREFLIGHT ${args.map((arg) => `'${arg}'`).join(" ")}`);
  const limits = Array.from({ length: 24 }, (_, index) => 8 + 2 * index);

  it.each(limits)("of %i gives a verdict with its report, or none and a sentence", async (limit) => {
    const finished = await limited(limit, [...CLEAN, ...JSON_REPORT]);
    if (limit < ENOUGH_FOR_NODE && finished.stdout === "" && !SENTENCE.test(finished.stderr)) {
      expect(finished.exitCode).not.toBe(0);
      return;
    }
    expectContract(finished);
    // A certificate that cannot be opened for lack of descriptors must not count as one that cannot be read.
    if (finished.exitCode !== 2) expect(finished.exitCode).toBe(0);
  });

  it("is named with what to do", async () => {
    // A run reads one file at a time, and needs no more than Node itself.
    const build = await broken('throw Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });');
    const { exitCode, stderr } = await preflight([...MISTAKES, ...JSON_REPORT], { build });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        "preflight: no verdict: too many open files (EMFILE); raise the limit, for example with ulimit -n 1024.\n",
    });
  });
});

describe("a working directory that was removed", () => {
  it.each([["--version"], [CLEAN[0], ...JSON_REPORT], ["rules", "list"]])(
    "ends %s with a sentence",
    async (...args) => {
      const gone = join(folder, "gone");
      const command = `mkdir '${gone}' && cd '${gone}' && rmdir '${gone}' && exec $PREFLIGHT ${args.join(" ")}`;
      const { exitCode, stdout, stderr } = await shell(command);
      expect({ exitCode, stdout, stderr: stderr.split("\n") }).toEqual({
        exitCode: 2,
        stdout: "",
        stderr: [expect.stringMatching(/^preflight: no verdict: the working directory no longer exists; /), ""],
      });
    },
  );
});

describe("streams", () => {
  const run = [...CLEAN, ...JSON_REPORT].join(" ");
  const failing = [...MISTAKES, ...JSON_REPORT].join(" ");

  it.each([
    ["closed stdout", `$PREFLIGHT ${run} >&-`, 0],
    ["closed stderr", `$PREFLIGHT ${run} 2>&-`, 0],
    ["all closed", `$PREFLIGHT ${failing} <&- >&- 2>&-`, 1],
    ["full stderr with nothing to write", `$PREFLIGHT ${run} 2>/dev/full`, 0],
    ["full stderr with an error", `$PREFLIGHT no-such.yaml ${JSON_REPORT.join(" ")} 2>/dev/full >/dev/null`, 2],
    ["full stderr with a failure", `cd "$(mktemp -d)"; rmdir "$PWD"; $PREFLIGHT ${run} 2>/dev/full`, 2],
    ["full stdout", `$PREFLIGHT ${run} >/dev/full`, 2],
  ])("that are unusable: %s", async (_, command, expected) => {
    const { exitCode } = await shell(command);
    expect(exitCode).toBe(expected);
  });
});

describe("a damaged installation", { timeout: 240_000 }, () => {
  /** A copy of the program, of which tests spoil one file at a time. */
  let installed: string;
  beforeAll(async () => {
    installed = join(folder, "installed", "dist");
    await mkdir(dirname(installed));
    await cp(dirname(PROGRAM), installed, { recursive: true });
    await cp(join(ROOT, "package.json"), join(folder, "installed", "package.json"));
    await symlink(join(ROOT, "docs"), join(folder, "installed", "docs"));
  });

  const spoil = {
    "is missing": (file: string) => rm(file),
    "is empty": (file: string) => truncate(file),
    "ends in the middle": async (file: string) => truncate(file, Math.floor((await readFile(file)).length / 2)),
  };
  const PARTS = ["bundle-start", "bundle-rules", "bundle-check", "json", "report-validator.generated", "chunk"];
  const cases = Object.entries(spoil).flatMap(([what, how]) => PARTS.map((part) => [part, what, how] as const));

  it.each(cases)("in which %s %s ends with a sentence, if it matters", async (part, _, how) => {
    const names = (await readdir(installed)).filter((name) => name.startsWith(part) && name.endsWith(".js"));
    expect(names.length).toBeGreaterThan(0);
    const sizes = new Map(
      await Promise.all(names.map(async (name) => [name, await readFile(join(installed, name))] as const)),
    );
    // The largest of shared parts is one that every run loads; of JSON there is a part for one site, and one for several.
    const [largest = ""] = names.sort((a, b) => (sizes.get(b)?.length ?? 0) - (sizes.get(a)?.length ?? 0));
    const spoiled = part === "json" ? names : [largest];
    for (const name of spoiled) await how(join(installed, name));
    const finished = await preflight([...CLEAN, ...JSON_REPORT], { build: join(installed, "preflight.js") });
    for (const name of spoiled) await writeFile(join(installed, name), sizes.get(name) ?? "");
    expectContract(finished);
    if (part.startsWith("bundle") || part === "json") expect(finished.exitCode).toBe(2);
  });
});

/** A program in which the copy of one module has the given code. */
const broken = async (code: string): Promise<string> => {
  const installed = join(folder, "broken");
  await mkdir(installed, { recursive: true });
  await writeFile(join(installed, "package.json"), '{ "type": "commonjs" }');
  await cp(PROGRAM, join(installed, "preflight.js"));
  const start = `(function(${MODULE_PARAMETERS}){exports.start = async (node) => { ${code} };})`;
  await writeFile(join(installed, "bundle-start.js"), `({"./start.js":${start}})`);
  return join(installed, "preflight.js");
};

describe("an internal error", () => {
  it.each([
    ["an exception later", 'setImmediate(() => { throw new TypeError("boom"); }); await new Promise(() => {});'],
    ["a rejection that is not handled", 'void Promise.reject(new TypeError("boom")); return 0;'],
    ["a rejection of the program", 'throw new TypeError("boom");'],
  ])("is one sentence without a stack, also as %s", async (_, code) => {
    const { exitCode, stdout, stderr } = await preflight([], { build: await broken(code) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(SENTENCE);
    expect(stderr).toContain("internal error (TypeError: boom; Node v");
  });

  it("has its stack under PREFLIGHT_DEBUG=1", async () => {
    const build = await broken('throw new TypeError("boom");');
    const { stderr } = await preflight([], { build, env: { PREFLIGHT_DEBUG: "1" } });
    expect(stderr).toMatch(/^preflight: no verdict: internal error [^\n]*\n.*\n +at [^\n]*start/);
  });

  it("is reported after a complete run, too", async () => {
    const build = await broken('setImmediate(() => { throw new TypeError("late"); }); return 0;');
    const { exitCode, stderr } = await preflight([], { build });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(SENTENCE);
  });

  it("neutralizes what a message brings along", async () => {
    const hostile = '"\\u001b[2J##vso[task.setvariable]x\\n::error::y"';
    const { exitCode, stderr } = await preflight([], { build: await broken(`throw new Error(${hostile});`) });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(SENTENCE);
    expect(stderr).not.toMatch(/\u001b|##|::/);
  });

  it.each(["null", "undefined", "17", '{ get message() { throw new Error("inner"); } }'])(
    "is reported when %s is thrown",
    async (thrown) => {
      const { exitCode, stderr } = await preflight([], { build: await broken(`throw ${thrown};`) });
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(SENTENCE);
    },
  );
});

describe("the exit code", () => {
  it.each([
    ["an exit with 0", "node.exit(0);"],
    ["an exit with 1", "node.exit(1);"],
    ["setting it to 0 and running out of work", "node.exitCode = 0; await new Promise(() => {});"],
    ["an exit with 0 by a timer", "setTimeout(() => node.exit(0)); await new Promise(() => {});"],
  ])("is 2 after %s before the run is complete", async (_, code) => {
    const { exitCode, stderr } = await preflight([], { build: await broken(code) });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^preflight: no verdict: the process ended before the run was complete; [^\n]+\.\n$/);
  });

  it.each([0, 1])("of a complete run stays %i, regardless of later settings", async (end) => {
    for (const later of ["node.exitCode = 0", "node.exitCode = 7", "node.exit(0)", "node.exit(5)"]) {
      const { exitCode, stderr } = await preflight([], {
        build: await broken(`setImmediate(() => { ${later}; }); return ${end};`),
      });
      expect({ later, exitCode, stderr }).toEqual({ later, exitCode: end, stderr: "" });
    }
  });
});
