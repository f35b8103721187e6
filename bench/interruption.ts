/**
 * The work that is left when a run is interrupted while it queries a thousand servers that never answer: processor time
 * of the main thread from the signal to the end, reports written, also as a multiple of an empty Node process (`node -e
 * 0`). Give the folders of several builds to compare them; they take turns, because machines drift. Nothing leaves the
 * machine. Linux only.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pretendNetwork, type Routes } from "../test/support/pretend-network.ts";
import { median } from "./measured-process.ts";

const ROOT = join(import.meta.dirname, "..");
const COUNT = 1000;
const RUNS = 7;
const PATIENCE = ["--timeout", "60000", "--deadline", "3600", "--concurrency", String(COUNT)];

/** Loaded into the program: writes the processor time since the signal to the given file, in ms. */
const METER = `import { readFileSync, writeFileSync } from "node:fs";
const spent = () => Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
let before = null;
process.prependOnceListener("SIGINT", () => { before = spent(); });
if (process.env.METER_ALL) before = 0;
process.on("exit", () => writeFileSync(process.env.METER_FILE, String(spent() - before)));`;

interface Subject {
  readonly name: string;
  readonly deployment: string;
  readonly inventory: string;
  readonly args: readonly string[];
  /** The target of the thousand connections. */
  readonly routes: Routes;
}

const REPORTS: readonly (readonly [string, readonly string[]])[] = [
  ["a page", []],
  ["a page and a JSON file", ["--format", "stylish", "--format", "json=report.json"]],
];

async function main(builds: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "preflight-bench-"));
  try {
    console.log(
      row([
        "1,000 silent servers",
        "reports",
        ...builds.map((build) => `${build}: ms`),
        "last by first",
        "last by node -e 0",
      ]),
    );
    console.log(row(["---", "---", ...builds.map(() => "--:"), "--:", "--:"]));
    for (const subject of subjects()) {
      for (const [title, reports] of REPORTS) console.log(row(await measured(subject, title, reports, builds, folder)));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measured(
  subject: Subject,
  title: string,
  reports: readonly string[],
  builds: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const times = builds.map((): number[] => []);
  const ratios: number[] = [];
  const toEmpty: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const turn: number[] = [];
    for (const build of builds) turn.push(await interrupted(subject, reports, join(build, "preflight.js"), folder));
    turn.forEach((time, index) => times[index]?.push(time));
    ratios.push((turn.at(-1) ?? NaN) / (turn[0] ?? NaN));
    toEmpty.push((turn.at(-1) ?? NaN) / (await emptyProcess(folder)));
  }
  return [
    subject.name,
    title,
    ...times.map((each) => median(each).toFixed(0)),
    median(ratios).toFixed(2),
    median(toEmpty).toFixed(2),
  ];
}

/** Processor time of the main thread of `node -e 0`, ms. */
async function emptyProcess(cwd: string): Promise<number> {
  const meter = join(cwd, "meter");
  const options = `--import=data:text/javascript,${encodeURIComponent(METER)}`;
  const child = spawn(process.execPath, ["-e", "0"], {
    env: { ...process.env, NODE_OPTIONS: options, METER_FILE: meter, METER_ALL: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "close");
  return Number(await readFile(meter, "utf8"));
}

/** Runs the program until it has started a thousand connections, interrupts it, and waits for its end. */
async function interrupted(
  subject: Subject,
  reports: readonly string[],
  program: string,
  cwd: string,
): Promise<number> {
  const [log, meter] = [join(cwd, "connections"), join(cwd, "meter")];
  await writeFile(log, "");
  await writeFile(join(cwd, "deployment.yaml"), subject.deployment);
  await writeFile(join(cwd, "inventory.yaml"), subject.inventory);
  const { NODE_OPTIONS = "", ...pretended } = pretendNetwork({ routes: subject.routes, log });
  const options = `${NODE_OPTIONS} --import=data:text/javascript,${encodeURIComponent(METER)}`;
  const args = [program, "deployment.yaml", "--inventory", "inventory.yaml", ...subject.args, ...PATIENCE, ...reports];
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...pretended, NODE_OPTIONS: options, METER_FILE: meter },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  child.stdout.resume();
  while (child.exitCode === null && (await readFile(log, "utf8")).split("\n").length <= COUNT) await sleep(50);
  // Until all of that is processed, and the process waits.
  await sleep(500);
  child.kill("SIGINT");
  const [code] = (await ended) as [number | null];
  if (code !== 2) throw new Error(`${subject.name} ended with ${code ?? "a signal"}, not with 2`);
  return Number(await readFile(meter, "utf8"));
}

function subjects(): readonly Subject[] {
  const manager = "management_node: { name: manager, hostname: mgmt01, domain: vc.example.com }";
  const listed = addresses((address) => `  - ${address}`).join("\n");
  const nodes = addresses(
    (address, index) => `  - { name: n${index}, hostname: n${index}, domain: vc.example.com, address: ${address} }`,
  );
  const machines = addresses((_, index) => `  - { name: n${index}, host: esxi01, power_state: poweredOn }`);
  return [
    {
      name: "NTP",
      deployment: `ntp_servers:\n${listed}\n${manager}\nconferencing_nodes: []\n`,
      inventory: "virtual_machines: []\n",
      args: [],
      routes: Object.fromEntries(addresses((address) => [`udp ${address}:123`, "silent"])),
    },
    {
      name: "DNS",
      deployment: `dns_servers:\n${listed}\n${manager}\nconferencing_nodes: []\n`,
      inventory: "virtual_machines: []\n",
      args: [],
      routes: Object.fromEntries(addresses((address) => [`udp ${address}:53`, "silent"])),
    },
    {
      name: "TLS",
      deployment: `${manager}\nconferencing_nodes:\n${nodes.join("\n")}\n`,
      inventory: `hosts: [{ name: esxi01 }]\nvirtual_machines:\n${machines.join("\n")}\n`,
      // A thousand nodes have fifty thousand other checks.
      args: ["--only", "tls/served-certificate"],
      routes: Object.fromEntries(addresses((address) => [`tcp ${address}:5061`, "silent"])),
    },
  ];
}

function addresses<T>(make: (address: string, index: number) => T): T[] {
  return Array.from({ length: COUNT }, (_, index) => make(`127.1.${index >> 6}.${(index & 63) + 1}`, index));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

const builds = process.argv.slice(2);
await main(builds.length === 0 ? [join(ROOT, "dist")] : builds.map((build) => resolve(build)));
