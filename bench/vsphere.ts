/**
 * How long `preflight inventory pull` takes, and how much memory, for an estate of 50 hosts and 1,000 virtual machines of
 * govmomi's simulator, beside an empty Node process. Needs Go and govmomi's sources (Debian: golang-go,
 * golang-github-vmware-govmomi-dev).
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "..");
const PROGRAM = join(ROOT, "dist", "preflight.js");
const RUNS = 7;
const PEAK_MEMORY = `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));`;

if (!existsSync(PROGRAM)) throw new Error('dist/preflight.js is not there; "npm run build" makes it.');
const folder = mkdtempSync(join(tmpdir(), "preflight-bench-"));
const simulator = build();
const child = spawn(simulator, ["-hosts", "50", "-vms", "500"], { stdio: ["pipe", "pipe", "inherit"] });
try {
  const url = await new Promise<string>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith("URL ")) resolve(line.slice(4));
    });
  });
  const out = join(folder, "inventory.json");
  const pull = [PROGRAM, "inventory", "pull", "--server", url, "--insecure", "-o", out];
  run(pull);
  const pairs = Array.from({ length: RUNS }, () => ({ empty: run(["-e", "0"]), own: run(pull) }));
  const ratio = median(pairs.map(({ own, empty }) => own.ms / empty.ms));
  const ms = median(pairs.map(({ own }) => own.ms));
  const peak = Math.max(...pairs.map(({ own }) => own.peak_mb));
  const { hosts, virtual_machines } = JSON.parse(readFileSync(out, "utf8")) as Record<string, unknown[]>;
  console.log(`${hosts?.length ?? 0} hosts, ${virtual_machines?.length ?? 0} virtual machines, ${RUNS} runs`);
  console.log(`median ${ms.toFixed(0)} ms, x node -e 0: ${ratio.toFixed(1)}, peak ${peak.toFixed(0)} MB`);
  console.log(`inventory.json: ${(statSync(out).size / 1e6).toFixed(1)} MB`);
} finally {
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
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

function run(args: readonly string[]): { readonly ms: number; readonly peak_mb: number } {
  const [preload, peak] = [join(folder, "peak.mjs"), join(folder, "peak")];
  writeFileSync(preload, PEAK_MEMORY);
  const login = { GOVC_USERNAME: "reader@vsphere.local", GOVC_PASSWORD: "s3cret & <more>" };
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ["--import", preload, ...args], {
    env: { ...process.env, ...login, PEAK_MEMORY_FILE: peak, NODE_EXTRA_CA_CERTS: "" },
    encoding: "utf8",
  });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(stderr);
  return { ms, peak_mb: Number(readFileSync(peak, "utf8")) / 1024 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
