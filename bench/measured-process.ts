/** Node processes, measured from outside. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Loaded into a measured process: writes the peak of its memory, in kB, to the given file. */
const PEAK_MEMORY = `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));`;

/** Milliseconds from start to end of a process. */
export function timed(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  run(args, {});
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Megabytes. */
export async function peakMemory(args: readonly string[], folder: string): Promise<number> {
  const file = join(folder, "peak-memory");
  run(args, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(PEAK_MEMORY)}`,
    PEAK_MEMORY_FILE: file,
  });
  return Number(await readFile(file, "utf8")) / 1024;
}

function run(args: readonly string[], extra: Readonly<Record<string, string>>): void {
  // Where this is set, Node 20 reads the file at every start, which would make everything else look cheap.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_EXTRA_CA_CERTS"));
  // Linux counts the peak of the process that starts another one as the other's own; a shell in between has none.
  const { status, error, stderr } = spawnSync("sh", ["-c", '"$0" "$@"; exit $?', process.execPath, ...args], {
    env: { ...env, ...extra },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${args.join(" ")} ended with ${status ?? "a signal"}:\n${stderr}`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
