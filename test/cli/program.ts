import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CliContext } from "../../src/cli/cli-context.ts";

export const ROOT = join(import.meta.dirname, "..", "..");
/** The built program: these tests are about what users run. */
export const PROGRAM = join(ROOT, "dist", "preflight.js");

export const EXAMPLE = join(ROOT, "fixtures", "example");
/** Two days after the example's inventories were collected. */
const AT = ["--now", "2026-11-22T08:00:00Z"] as const;
const CLEAN_FILES = [
  join(EXAMPLE, "clean", "deployment.yaml"),
  "--inventory",
  join(EXAMPLE, "clean", "inventory.json"),
] as const;
export const CLEAN = [...CLEAN_FILES, ...AT] as const;
/** The same at the time of the test, at which servers answer and the inventory is old. */
export const CLEAN_LIVE = [...CLEAN_FILES, "--rule", "inventory/age: off"] as const;
export const MISTAKES = [
  join(EXAMPLE, "mistakes", "deployment.yaml"),
  "--inventory",
  join(EXAMPLE, "mistakes", "inventory.json"),
  ...AT,
] as const;

/** For calls of a command in this process: replaces what belongs to a separate process. */
export const UNWATCHED: Pick<CliContext, "interruptible" | "pluginWatch"> = {
  interruptible: (work) => work(),
  pluginWatch: { enter: () => undefined, leave: () => undefined },
};

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another build of the program than that in `dist`. */
  readonly build?: string;
  /** Content of standard input; empty by default. */
  readonly stdin?: string;
  /** Called with the running process, for instance to interrupt it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the built program and resolves when it has ended. Surroundings that change what it prints are taken away. */
export async function preflight(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return program(process.execPath, [options.build ?? built(), ...args], options);
}

/** Runs a line of shell in which `$PREFLIGHT` is the built program: for pipes and redirections. */
export async function shell(line: string, options: RunOptions = {}): Promise<Finished> {
  const preflight = `'${process.execPath}' '${built()}'`;
  return program("bash", ["-o", "pipefail", "-c", line.replaceAll("$PREFLIGHT", preflight)], options);
}

function built(): string {
  if (existsSync(PROGRAM)) return PROGRAM;
  throw new Error("dist/preflight.js is not there; `npm test` builds it first, and so does `npm run build`.");
}

/** Variables that change what a program prints or does; what a test needs of them it sets itself. */
const STRIPPED =
  /^(NO_COLOR|FORCE_COLOR|FORCE_HYPERLINK|COLUMNS|LINES|TERM|TERM_PROGRAM.*|KITTY_WINDOW_ID|VTE_VERSION|WT_SESSION|CI|GITHUB_.*|GITLAB_.*|GOVC_.*|PREFLIGHT_.*|NODE_.*|LANG|LANGUAGE|LC_.*)$/;

/** Runs any program, in the same surroundings. */
export async function program(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { cwd = ROOT, env = {}, stdin = "", onStart } = options;
  const kept = Object.entries(process.env).filter(([name]) => !STRIPPED.test(name));
  // bash complains on stderr about a locale that is not installed; this one always is.
  const child = spawn(command, args, { cwd, env: { ...Object.fromEntries(kept), LC_ALL: "C.UTF-8", ...env } });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  }
  // A program that never reads its input may be gone before all of it is written.
  child.stdin.on("error", () => undefined).end(stdin);
  onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, ...output }));
  });
}
