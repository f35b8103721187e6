/**
 * Time and memory of `preflight inventory pull` for estates of 50 hosts and 1,000 and 4,000 virtual machines of
 * govmomi's simulator, compared with an empty Node process. Needs Go and govmomi's sources (Debian: golang-go,
 * golang-github-vmware-govmomi-dev).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { median } from "./measured-process.ts";

const ROOT = join(import.meta.dirname, "..");
const PROGRAM = join(ROOT, "dist", "preflight.js");
const RUNS = 5;
const PEAK_MEMORY = `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));`;

if (!existsSync(PROGRAM)) throw new Error('dist/preflight.js is not there; "npm run build" makes it.');
const folder = mkdtempSync(join(tmpdir(), "preflight-bench-"));
try {
  const simulator = build();
  for (const machines of [1000, 4000]) await measure(simulator, machines);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(simulator: string, machines: number): Promise<void> {
  // Half of the VMs are in the cluster's resource pool, half on the host beside the cluster.
  const child = spawn(simulator, ["-hosts", "50", "-vms", String(machines / 2)], { stdio: ["pipe", "pipe", "ignore"] });
  try {
    const out = join(folder, "inventory.json");
    const pull = [PROGRAM, "inventory", "pull", "--server", await urlOf(child), "--insecure", "-o", out];
    await run(pull);
    const pairs: { readonly empty: Usage; readonly own: Usage }[] = [];
    for (let count = 0; count < RUNS; count++) pairs.push({ empty: await run(["-e", "0"]), own: await run(pull) });
    const ratio = median(pairs.map(({ own, empty }) => own.ms / empty.ms));
    const ms = median(pairs.map(({ own }) => own.ms));
    const peak = Math.max(...pairs.map(({ own }) => own.peak_mb));
    const { hosts, virtual_machines } = JSON.parse(readFileSync(out, "utf8")) as Record<string, unknown[]>;
    console.log(`${hosts?.length ?? 0} hosts, ${virtual_machines?.length ?? 0} virtual machines, ${RUNS} runs`);
    console.log(`median ${ms.toFixed(0)} ms, x node -e 0: ${ratio.toFixed(1)}, peak ${peak.toFixed(0)} MB`);
    console.log(`inventory.json: ${(statSync(out).size / 1e6).toFixed(1)} MB`);
  } finally {
    child.kill("SIGKILL");
  }
}

/** The simulator's address; the rest of its output is read and dropped, because it blocks on a full pipe. */
async function urlOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("the simulator has no output");
  return new Promise((resolve) => {
    createInterface(stdout).on("line", (line) => {
      if (line.startsWith("URL ")) resolve(line.slice(4));
    });
  });
}

function build(): string {
  const program = join(folder, "vcsim");
  const env = { ...process.env, GOPATH: "/usr/share/gocode", GO111MODULE: "off", GOFLAGS: "" };
  execFileSync("go", ["build", "-o", program, "."], {
    cwd: join(ROOT, "test", "real", "vcsim"),
    env,
    stdio: "inherit",
  });
  return program;
}

interface Usage {
  readonly ms: number;
  readonly peak_mb: number;
}

async function run(args: readonly string[]): Promise<Usage> {
  const [preload, peak] = [join(folder, "peak.mjs"), join(folder, "peak")];
  writeFileSync(preload, PEAK_MEMORY);
  const login = { GOVC_USERNAME: "reader@vsphere.local", GOVC_PASSWORD: "s3cret & <more>" };
  const start = process.hrtime.bigint();
  // Linux counts the peak of the process that starts another one as the other's own; a shell in between has none.
  const child = spawn("sh", ["-c", '"$0" "$@"; exit $?', process.execPath, "--import", preload, ...args], {
    env: { ...process.env, ...login, PEAK_MEMORY_FILE: peak, NODE_EXTRA_CA_CERTS: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [errors, status] = [await text(child.stderr), await ended];
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(errors);
  return { ms, peak_mb: Number(readFileSync(peak, "utf8")) / 1024 };
}
