/**
 * Compares the program with an empty Node process, and with Spectral with six of its rules on the same files: `npm run
 * bench:compare`. Processor time (user and system) of whole processes, interleaved; each ratio is the median of the
 * pairs. Installs Spectral from the npm registry into a temporary folder, outside the dependencies.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSite } from "./generate.ts";
import { median } from "./measured-process.ts";

const ROOT = join(import.meta.dirname, "..");
const PROGRAM = join(ROOT, "dist", "preflight.js");
const EXAMPLE = join(ROOT, "fixtures", "example", "clean");
const SPECTRAL = "@stoplight/spectral-cli@6.16.3";

/** The rules that Spectral also checks. */
const SIX_RULES = [
  "node/unique-hostname",
  "vm/memory-multiple-of-4",
  "vm/hardware-version-avx2",
  "time/node-ntp-server-count",
  "cluster/evc-min-sandy-bridge",
  "network/no-ip-hash-teaming",
].join(",");

interface Usage {
  /** Processor seconds. */
  readonly cpu: number;
  /** Peak memory in MB. */
  readonly memory: number;
}

/** A figure of a pair of runs; the ratio is own / other, or other / own where more is better. */
interface Row {
  readonly what: string;
  readonly measure?: keyof Usage;
  /** Whether the ratio is how many times faster the program is. */
  readonly isSpeedUp?: boolean;
  readonly goal: string;
}

/** Runs that are compared pair by pair; all figures come from the same runs. */
interface Comparison {
  readonly own: readonly string[];
  readonly other: readonly string[];
  readonly runs: number;
  readonly rows: readonly Row[];
}

const WRITE_USAGE =
  'process.on("exit", () => require("node:fs").writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));';

const folder = await mkdtemp(join(tmpdir(), "preflight-compare-"));
try {
  await writeFile(join(folder, "usage.cjs"), WRITE_USAGE);
  const all = await comparisons();
  const width = Math.max(...all.flatMap(({ rows }) => rows.map(({ what }) => what.length)));
  const line = (what: string, ratio: string, goal: string) =>
    console.log(`| ${what.padEnd(width)} | ${ratio.padStart(6)} | ${goal.padEnd(8)} |`);
  line("comparison", "ratio", "goal");
  console.log(`| ${"-".repeat(width)} | ${"-".repeat(5)}: | ${"-".repeat(8)} |`);
  // Printed one by one: all of them take some minutes.
  for (const comparison of all) {
    const pairs = pairsOf(comparison);
    for (const row of comparison.rows)
      line(row.what, median(pairs.map((pair) => ratioOf(pair, row))).toFixed(2), row.goal);
  }
  line("50,000 nodes with a heap of 2 GiB", await largestRun(), "finishes");
} finally {
  await rm(folder, { recursive: true });
}

async function comparisons(): Promise<readonly Comparison[]> {
  const spectral = await installedSpectral();
  const check = (deployment: string, inventory: string, ...more: readonly string[]) => [
    ...[PROGRAM, deployment, "--inventory", inventory, "--no-live", "--now", "2026-11-22T12:00:00Z"],
    ...more,
  ];
  const ofSite = async (nodes: number) => {
    const [deployment, inventory] = await site(nodes);
    return {
      own: (...more: readonly string[]) => check(deployment, inventory, ...more),
      peer: [...spectral, deployment, inventory],
      plan: [PROGRAM, "plan", deployment, "--inventory", inventory],
    };
  };
  const example = check(join(EXAMPLE, "deployment.yaml"), join(EXAMPLE, "inventory.json"));
  const empty = ["-e", "0"];
  const [small, large] = [await ofSite(1000), await ofSite(10_000)];
  const faster = (what: string, goal: string): Row => ({ what, isSpeedUp: true, goal });
  return [
    { own: example, other: empty, runs: 15, rows: [{ what: "the example / node -e 0", goal: "<= 4.5" }] },
    {
      ...{ own: [PROGRAM, "--version"], other: empty, runs: 15 },
      rows: [{ what: "--version / node -e 0", goal: "<= 1.6" }],
    },
    { own: small.own(), other: small.peer, runs: 3, rows: [faster("1,000 nodes: times faster than Spectral", ">= 2")] },
    {
      ...{ own: large.own(), other: large.peer, runs: 3 },
      rows: [
        faster("10,000 nodes: times faster than Spectral", ">= 2"),
        { what: "10,000 nodes: peak memory / Spectral", measure: "memory", goal: "<= 0.7" },
      ],
    },
    {
      ...{ own: large.own("--only", SIX_RULES), other: large.peer, runs: 3 },
      rows: [faster("10,000 nodes, the same six rules: times faster", ">= 4")],
    },
    { own: large.plan, other: large.own(), runs: 1, rows: [{ what: "10,000 nodes: plan / check", goal: "<= 1.0" }] },
    ...["csv", "json", "junit", "sarif", "html", "markdown"].map((format) => ({
      ...{ own: large.own("--format", format), other: large.own(), runs: 1 },
      rows: [
        { what: `10,000 nodes: ${format} / text, time`, goal: "<= 1.3" },
        { what: `10,000 nodes: ${format} / text, memory`, measure: "memory", goal: "<= 1.2" } as const,
      ],
    })),
  ];
}

interface Pair {
  readonly own: Usage;
  readonly other: Usage;
}

function pairsOf({ own, other, runs }: Comparison): readonly Pair[] {
  // The first run of a build compiles it and caches the code for the others.
  if (runs > 1) usage(own);
  return Array.from({ length: runs }, () => ({ other: usage(other), own: usage(own) }));
}

function ratioOf({ own, other }: Pair, { measure = "cpu", isSpeedUp = false }: Row): number {
  return isSpeedUp ? other[measure] / own[measure] : own[measure] / other[measure];
}

/** Time and memory of the largest site, in a row of its own. */
async function largestRun(): Promise<string> {
  const [deployment, inventory] = await site(50_000);
  const { cpu, memory } = usage([
    ...["--max-old-space-size=2048", PROGRAM, deployment, "--inventory", inventory, "--no-live"],
  ]);
  return `${Math.round(cpu)} s, ${Math.round(memory)} MB`;
}

/**
 * Runs a Node process and returns its resource usage, which it writes when it ends: GNU time counts in steps of 10 ms.
 */
function usage(args: readonly string[]): Usage {
  const written = join(folder, "usage.json");
  const kept = Object.entries(process.env).filter(([name]) => name !== "NODE_EXTRA_CA_CERTS");
  // A separate cache: another build that runs meanwhile would replace the compiled code of this one.
  const env = { ...Object.fromEntries(kept), BENCH_USAGE: written, XDG_CACHE_HOME: join(folder, "cache") };
  // With a shell in between: Linux counts the peak of the process that starts another one as the other's own.
  const command = ['"$0" "$@"; exit $?', process.execPath, "--require", join(folder, "usage.cjs"), ...args];
  const { status, stderr, error } = spawnSync("sh", ["-c", ...command], {
    ...{ env, cwd: folder, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] },
  });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${args.join(" ")} ended with ${status ?? "a signal"}:\n${stderr}`);
  const used = JSON.parse(readFileSync(written, "utf8")) as NodeJS.ResourceUsage;
  return { cpu: (used.userCPUTime + used.systemCPUTime) / 1e6, memory: used.maxRSS / 1024 };
}

async function site(nodes: number): Promise<readonly [deployment: string, inventory: string]> {
  const place = join(folder, String(nodes));
  const [deployment, inventory] = [join(place, "deployment.yaml"), join(place, "inventory.json")];
  const texts = generateSite(nodes);
  await mkdir(place);
  await writeFile(deployment, texts.deployment);
  await writeFile(inventory, texts.inventory);
  return [deployment, inventory];
}

/** The command line of Spectral with the ruleset, up to the files. */
async function installedSpectral(): Promise<readonly string[]> {
  const place = join(folder, "spectral");
  await cp(join(import.meta.dirname, "peers"), place, { recursive: true });
  await writeFile(join(place, "package.json"), '{ "private": true, "type": "module" }');
  const { status, stderr } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--silent", SPECTRAL], {
    ...{ cwd: place, encoding: "utf8" },
  });
  if (status !== 0) throw new Error(`Spectral cannot be installed:\n${stderr}`);
  return [
    join(place, "node_modules", "@stoplight", "spectral-cli", "dist", "index.js"),
    ...["lint", "-r", join(place, "spectral.yaml"), "-f", "text", "--quiet", "--ignore-unknown-format"],
  ];
}
