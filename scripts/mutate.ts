/**
 * Mutation testing: npm run mutate [-- PATH…], such as rules/vm/thick-disk or src/engine. Without a path, everything that
 * stryker.config.json names, which takes hours; only what changed since the last run is tested again.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** A file, a folder, or a file without its ending, as a pattern. */
function patternOf(path: string): string {
  const file = [path, `${path}.ts`].find((candidate) => existsSync(join(ROOT, candidate)));
  if (file === undefined) {
    console.error(`There is neither ${path} nor ${path}.ts.`);
    process.exit(2);
  }
  return statSync(join(ROOT, file)).isDirectory() ? `${file.replace(/\/$/, "")}/**/*.ts` : file;
}

const patterns = process.argv.slice(2).map(patternOf);
const chosen = patterns.length === 0 ? ["--incremental"] : ["--mutate", [...patterns, "!**/*.generated.ts"].join(",")];
const { status } = spawnSync("npx", ["stryker", "run", ...chosen], { cwd: ROOT, stdio: "inherit" });
process.exitCode = status ?? 1;
