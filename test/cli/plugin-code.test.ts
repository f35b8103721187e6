import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm, watch, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, MISTAKES, preflight, PROGRAM, program, type RunOptions } from "./program.ts";

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-plugin-code-")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface PluginCode {
  /** Runs when the plugin is imported. */
  readonly atImport?: string;
  /** The body of its rule. */
  readonly inRule?: string;
  /** Further members of the rule. */
  readonly members?: string;
}

let count = 0;

/** The arguments of a run whose input has errors, with a plugin of this code. Without the plugin it exits 1. */
async function withPlugin({ atImport = "", inRule = "", members = "" }: PluginCode): Promise<readonly string[]> {
  const name = `plugin-${++count}`;
  const source = `export const meta = { name: "lab" };
export const rules = [{
  id: "lab/hostile", title: "Require it", severity: "error", since: "1.0.0", subject: "deployment", messages: {},
  source: { document: "d", section: "s", wording: "must" }, remediation: "None.",
  check() { ${inRule} },
  ${members}
}];
${atImport}`;
  await writeFile(join(folder, `${name}.mjs`), source);
  await writeFile(join(folder, `${name}.yaml`), `plugins: [./${name}.mjs]\n`);
  const config = ["--config", join(folder, `${name}.yaml`)];
  return [...MISTAKES, ...config, "--no-live", "--format", "json", "--now", "2026-11-22T12:00:00Z"];
}

async function runWith(code: PluginCode, env: RunOptions["env"] = {}): Promise<Finished> {
  return preflight(await withPlugin(code), { cwd: folder, env });
}

/** Exit code 2, nothing on stdout, and this one sentence. */
function expectNoVerdict({ exitCode, stdout, stderr }: Finished, sentence: RegExp): void {
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(/^preflight: no verdict: [^\n]+; [^\n]+\n$/);
  expect(stderr).toMatch(sentence);
}

const ENDED = /: the rule lab\/hostile ended the process; remove process\.exit from it\.\n/;

describe("a plugin that ends the process", { timeout: 60_000 }, () => {
  it.each([
    ["process.exit(0)", "process.exit(0);"],
    ["process.exit(1)", "process.exit(1);"],
    ["process.exit() after process.exitCode = 0", "process.exitCode = 0; process.exit();"],
    ["process.exit(0) in try and finally", "try { process.exit(0); } finally { process.exit(0); }"],
    ["process.reallyExit(0)", "process.reallyExit(0);"],
    ["process.exit(0) without listeners", "process.removeAllListeners(); process.exit(0);"],
    ["a listener that ends it", 'process.prependListener("exit", () => process.reallyExit(0)); process.exit(0);'],
    ["an assignment", "try { process.reallyExit = () => {}; } catch {} process.exit(0);"],
  ])("in a rule by %s gives no verdict and is named", async (_, inRule) => {
    expectNoVerdict(await runWith({ inRule }), ENDED);
  });

  it("at its import gives no verdict and is named", async () => {
    expectNoVerdict(
      await runWith({ atImport: "process.exit(0);" }),
      /: the plugin "\.\/plugin-\d+\.mjs" ended the process; /,
    );
  });

  it.each(["process.exit(0)", "process.nextTick(() => process.exit(0))", "setImmediate(() => process.exit(0))"])(
    "in a callback by %s gives no verdict",
    async (call) => {
      expectNoVerdict(await runWith({ atImport: `queueMicrotask(() => ${call});` }), / ended the process/);
    },
  );

  it("by a timer that its rule starts never changes the verdict", async () => {
    for (const delay of [0, 1, 20]) {
      const finished = await runWith({ inRule: `setTimeout(() => process.exit(0), ${delay});` });
      if (finished.exitCode === 1) expect(JSON.parse(finished.stdout)).toMatchObject({ exit_code: 1 });
      else expect(finished.exitCode).toBe(2);
    }
  });

  it.each([
    "process.removeAllListeners();",
    'process.on("exit", () => { process.exitCode = 0; });',
    'process.on("exit", () => process.reallyExit(0));',
    'process.on("beforeExit", () => process.exit(0));',
  ])("by what it leaves behind does not change the verdict: %s", async (inRule) => {
    const { exitCode, stdout } = await runWith({ inRule });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: 1 });
  });

  it.each([
    ["an exit listener that throws", 'process.prependListener("exit", () => { throw new TypeError("boom"); });'],
    [
      "its own handler of exceptions",
      "process.setUncaughtExceptionCaptureCallback(() => process.reallyExit(0)); process.nextTick(() => { throw 1; });",
    ],
  ])("by %s gives no verdict", async (_, inRule) => {
    const { exitCode, stderr } = await runWith({ inRule });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^preflight: no verdict: [^\n]+; [^\n]+\n$/);
  });

  it("by setting an exit code does not change the verdict", async () => {
    const { exitCode, stdout } = await runWith({ inRule: "process.exitCode = 0;", atImport: "process.exitCode = 0;" });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: 1 });
  });

  it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGABRT"])("by sending itself %s never passes the gate", async (signal) => {
    const { exitCode, stdout } = await runWith({ inRule: `process.kill(process.pid, "${signal}"); for (;;);` });
    // Null: ended by the signal.
    expect({ exitCode, stdout }).toEqual({ exitCode: null, stdout: "" });
  });

  it("by an exception in a callback gives no verdict", async () => {
    const atImport = "await new Promise(() => setImmediate(() => { throw new TypeError('boom'); }));";
    expectNoVerdict(
      await runWith({ atImport }),
      /: an error outside of all checks \(TypeError: boom\); check the plugins/,
    );
  });

  it("by a rejection that it does not handle gives no verdict", async () => {
    const finished = await runWith({ inRule: "void Promise.reject(new TypeError('boom'));" });
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).toContain("an error outside of all checks (TypeError: boom); ");
  });
});

describe("a plugin that does not return", { timeout: 60_000 }, () => {
  const SHORT = { PREFLIGHT_PLUGIN_TIMEOUT: "0.4" };

  it.each([
    ["for (;;);", "for (;;);"],
    ["a loop that catches everything", "for (;;) { try { for (;;); } catch {} }"],
    ["a regular expression that backtracks", '/^(a+)+$/.test("a".repeat(60) + "b");'],
    ["a loop where process is something else", "const process = null; const globalThis = null; for (;;);"],
    ["a loop with handlers of signals", 'process.on("SIGTERM", () => {}).on("SIGINT", () => {}); for (;;);'],
  ])("in its rule, %s, is named and gives no verdict", async (_, inRule) => {
    expectNoVerdict(await runWith({ inRule }, SHORT), /: the rule lab\/hostile did not return within 0\.4 s; /);
  });

  it.each([
    ["promises", "const next = () => Promise.resolve().then(next); void next();"],
    ["ticks", "const next = () => process.nextTick(next); next();"],
    ["a callback", "queueMicrotask(() => { for (;;); });"],
  ])("after its rule has returned, for %s without end, gives no verdict", async (_, inRule) => {
    const { exitCode, stderr } = await runWith({ inRule }, SHORT);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^preflight: no verdict: a callback of the plugin file file:\S+\/plugin-\d+\.mjs did not return within 0\.4 s; [^\n]+\n$/,
    );
  });

  it("with the commands of a fix is named", async () => {
    const members =
      'messages: { bad: "It is bad." }, commands() { for (;;); }, check(subject, { fail }) { fail("bad", { at: [subject] }); }';
    const finished = await runWith({ members }, SHORT);
    expectNoVerdict(finished, /: the rule lab\/hostile did not return within 0\.4 s; /);
  });

  it.each([
    ["loops", "for (;;);"],
    ["awaits what is never settled, with a timer", "setInterval(() => {}, 1e8); await new Promise(() => {});"],
  ])("when it is imported, as it %s, is named", async (_, atImport) => {
    expectNoVerdict(
      await runWith({ atImport }, SHORT),
      /: the plugin "\.\/plugin-\d+\.mjs" did not return within 0\.4 s; /,
    );
  });

  it("when it is imported, as nothing is left to do, is named", async () => {
    expectNoVerdict(
      await runWith({ atImport: "await new Promise(() => {});" }),
      /: the plugin "\.\/plugin-\d+\.mjs" ended /,
    );
  });

  it("in a call of the operating system is killed after the sentence", async () => {
    const atImport = 'import { execFileSync } from "node:child_process"; execFileSync("sleep", ["60"]);';
    const { exitCode, stdout, stderr } = await runWith({ atImport }, SHORT);
    expect({ exitCode, stdout }).toEqual({ exitCode: null, stdout: "" });
    expect(stderr).toMatch(/^preflight: no verdict: the plugin [^\n]* did not return within 0\.4 s; [^\n]*\n$/);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends by %s at once", async (signal) => {
    const mark = `looping-${signal}`;
    const inRule = `process.getBuiltinModule("node:fs").writeFileSync(${JSON.stringify(join(folder, mark))}, ""); for (;;);`;
    const args = await withPlugin({ inRule });
    const stop = new AbortController();
    const events = watch(folder, { signal: stop.signal });
    const { exitCode, stdout } = await program(process.execPath, [PROGRAM, ...args], {
      onStart: (child) =>
        void (async () => {
          for await (const { filename } of events) if (filename === mark || existsSync(join(folder, mark))) break;
          child.kill(signal);
          await once(child, "exit");
        })(),
    });
    stop.abort();
    expect({ exitCode, stdout }).toEqual({ exitCode: null, stdout: "" });
  });

  it("after its rule has returned, for a timer, does not keep the process running", async () => {
    const { exitCode, stdout } = await runWith({ inRule: "setInterval(() => {}, 1e8);" });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: 1 });
  });

  it.each(["soon", "-1", "0", "1e9"])("has its timeout checked: %s", async (value) => {
    const { exitCode, stderr } = await runWith({}, { PREFLIGHT_PLUGIN_TIMEOUT: value });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`PREFLIGHT_PLUGIN_TIMEOUT is ${value}.`);
  });
});

describe("getters that throw", { timeout: 60_000 }, () => {
  it.each(["title", "messages", "check", "id"])("are an error of the plugin: %s", async (field) => {
    const finished = await runWith({ members: `get ${field}() { throw new Error("no ${field}"); }` });
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).not.toMatch(/\n +at |internal error/);
    expect(finished.stdout).toContain(`no ${field}`);
  });

  it("are a crashed check of the rule that meets them", async () => {
    const inRule = 'throw { get message() { throw new Error("inner"); }, get stack() { throw new Error("inner"); } };';
    const { exitCode, stdout } = await runWith({ inRule });
    expect(exitCode).toBe(2);
    const { checks } = JSON.parse(stdout) as { checks: { rule: string; verdict: string }[] };
    expect(checks.filter(({ rule }) => rule === "lab/hostile").map(({ verdict }) => verdict)).toEqual(["crashed"]);
  });
});
