/**
 * Mutation testing: npm run mutate [-- PATH…], such as rules/vm/thick-disk or src/engine; without a path, all of FOLDERS. Options
 * go to Stryker, such as --concurrency=1. Prints the score of each file, and fails on a mutant that survives and is not in
 * scripts/mutation/equivalent.json with the reason why no test can kill it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Equivalent, type MutationReport, summarize } from "./mutation/survivors.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDERS = ["rules", "src/engine", "src/site", "src/input", "src/probe"];
/** Tests of probes use servers and timers, which need a process of vitest for each mutant. */
const WITH_SERVERS = /^src\/probe\b/;

/** A file, a folder, or a file without its ending, as a pattern. */
function patternOf(path: string): string {
  const file = [path, `${path}.ts`].find((candidate) => existsSync(join(ROOT, candidate)));
  if (file === undefined) {
    console.error(`There is neither ${path} nor ${path}.ts.`);
    process.exit(2);
  }
  return statSync(join(ROOT, file)).isDirectory() ? `${file.replace(/\/$/, "")}/**/*.ts` : file;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

/** Mutates these files; whether no survivor is left but those of the list. */
function mutate(patterns: readonly string[], options: readonly string[]): boolean {
  const mutated = ["--mutate", [...patterns, "!**/*.generated.ts", "!**/*.d.ts"].join(",")];
  const { status } = spawnSync("npx", ["stryker", "run", "--logLevel=warn", ...mutated, ...options], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import tsx`.trim() },
  });
  if (status !== 0) process.exit(status ?? 2);
  const { lines, isComplete } = summarize(
    readJson("coverage/mutation.json") as MutationReport,
    readJson("scripts/mutation/equivalent.json") as readonly Equivalent[],
  );
  console.log(lines.join("\n"));
  return isComplete;
}

const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith("--"));
const paths = words.filter((word) => !word.startsWith("--"));
const patterns = (paths.length === 0 ? FOLDERS : paths).map(patternOf);
const inProcess = patterns.filter((pattern) => !WITH_SERVERS.test(pattern));
const withServers = patterns.filter((pattern) => WITH_SERVERS.test(pattern));
const results = [
  inProcess.length === 0 || mutate(inProcess, options),
  withServers.length === 0 || mutate(withServers, ["--testRunner=vitest", "--ignoreStatic", ...options]),
];
process.exitCode = results.includes(false) ? 1 : 0;
