/**
 * Time and memory of whole runs of the built program, compared with an empty Node process: `npm run bench`. Runs are
 * interleaved and compared pair by pair, because machines drift; the ratio is the meaningful figure.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { generateSite } from "./generate.ts";
import { median, peakMemory, timed } from "./measured-process.ts";

const ROOT = join(import.meta.dirname, "..");
const PROGRAM = join(ROOT, "dist", "preflight.js");
const EXAMPLE = join(ROOT, "fixtures", "example", "clean");
interface Subject {
  readonly name: string;
  readonly args: readonly string[];
  /** The number of measured runs, after one that is not measured. */
  readonly runs: number;
}

interface Result extends Subject {
  readonly median_ms: number;
  /** Median of the ratios to the empty process that ran just before. */
  readonly ratio: number;
  readonly peak_mb: number;
}

async function main(): Promise<void> {
  if (!existsSync(PROGRAM)) throw new Error('dist/preflight.js is not there; "npm run build" makes it.');
  const folder = await mkdtemp(join(tmpdir(), "preflight-bench-"));
  try {
    const results: Result[] = [];
    for (const subject of await subjects(folder)) results.push(await measure(subject, folder));
    console.log(`Node.js ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}\n`);
    console.log(table(results));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function subjects(folder: string): Promise<readonly Subject[]> {
  const judge = (deployment: string, inventory: string) => [
    ...[PROGRAM, deployment, "--inventory", inventory],
    ...["--no-live", "--now", "2026-11-22T12:00:00Z"],
  ];
  const example = judge(join(EXAMPLE, "deployment.yaml"), join(EXAMPLE, "inventory.json"));
  const fixed: Subject[] = [
    { name: "node -e 0", args: ["-e", "0"], runs: 21 },
    { name: "preflight --version", args: [PROGRAM, "--version"], runs: 21 },
    { name: "preflight --help", args: [PROGRAM, "--help"], runs: 21 },
    { name: "the example (7 nodes)", args: example, runs: 21 },
    { name: "the example, as JSON", args: [...example, "--format", "json"], runs: 21 },
    { name: "the example, as SARIF", args: [...example, "--format", "sarif"], runs: 21 },
  ];
  const generated = [100, 1000, 10_000].map(async (nodes): Promise<Subject> => {
    const site = generateSite(nodes);
    const place = join(folder, String(nodes));
    await mkdir(place);
    await writeFile(join(place, "deployment.yaml"), site.deployment);
    await writeFile(join(place, "inventory.json"), site.inventory);
    const args = [
      ...judge(join(place, "deployment.yaml"), join(place, "inventory.json")),
      ...["--rule", "tls/certificate-declared: off"],
    ];
    return { name: `${nodes.toLocaleString("en")} nodes`, args, runs: nodes < 10_000 ? 7 : 3 };
  });
  return [...fixed, ...(await Promise.all(generated))];
}

async function measure(subject: Subject, folder: string): Promise<Result> {
  timed(subject.args);
  const pairs = Array.from({ length: subject.runs }, () => ({ empty: timed(["-e", "0"]), own: timed(subject.args) }));
  return {
    ...subject,
    median_ms: median(pairs.map(({ own }) => own)),
    ratio: median(pairs.map(({ own, empty }) => own / empty)),
    peak_mb: await peakMemory(subject.args, folder),
  };
}

function table(results: readonly Result[]): string {
  const rows = results.map(({ name, runs, median_ms, ratio, peak_mb }) => [
    ...[name, String(runs), median_ms.toFixed(0), ratio.toFixed(2), peak_mb.toFixed(0)],
  ]);
  const all = [["run", "n", "median ms", "x node -e 0", "peak MB"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [head = [], ...body] = all;
  return [line(head), rule, ...body.map(line)].join("\n");
}

await main();
