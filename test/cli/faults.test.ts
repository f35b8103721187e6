import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE, program, PROGRAM } from "./program.ts";

const SHIM = join(import.meta.dirname, "fault-shim.cjs");
const OLD = '{ "old": true }\n';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "preflight-faults-"));
});
afterAll(() => rm(root, { recursive: true }));

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was called, in order. */
  readonly calls: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

/** A run in a separate folder in which the call with a number fails; 0 = none. */
async function runWithFault(
  at: number,
  args: readonly string[],
  prepare: (cwd: string) => Promise<void>,
): Promise<Run> {
  const cwd = await mkdtemp(join(root, "run-"));
  const log = join(root, `log-${at}`);
  await writeFile(log, "");
  await prepare(cwd);
  const env = { FAULT_AT: String(at), FAULT_LOG: log, FAULT_ROOT: cwd };
  const run = await program(process.execPath, ["--require", SHIM, PROGRAM, ...args], { cwd, env });
  const calls = (await readFile(log, "utf8")).split("\n").slice(0, -1);
  const entries = await readdir(cwd, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, string>();
  for (const path of paths) files.set(path.slice(cwd.length + 1), await readFile(path, "utf8"));
  await rm(cwd, { recursive: true });
  return { ...run, calls, files };
}

const isWhole = (text: string | undefined) => {
  try {
    return typeof JSON.parse(text ?? "") === "object";
  } catch {
    return false;
  }
};

/**
 * A report is written in hundreds of pieces; the calls are split over this many tests, which take a few seconds each.
 */
const SHARES = 10;

describe("when one call of the file system fails", () => {
  const ARGS = [
    ...[
      "deployment.yaml",
      "--inventory",
      "inventory.json",
      "--no-live",
      "--only",
      "vm/thick-disk,tls/certificate-readable",
    ],
    ...["--format", "json=old.json", "--format", "sarif=out/new.sarif", "--format", "csv"],
  ];
  const prepare = async (cwd: string) => {
    await cp(join(EXAMPLE, "clean"), cwd, { recursive: true });
    await writeFile(join(cwd, "old.json"), OLD);
    await writeFile(join(cwd, "preflight.config.yaml"), "waivers: waivers.yaml\n");
    await writeFile(join(cwd, "waivers.yaml"), "waivers: []\n");
  };

  let usual: Run;
  beforeAll(async () => {
    usual = await runWithFault(0, ARGS, prepare);
  });

  it("every kind of call in a run is covered", () => {
    expect({ exitCode: usual.exitCode, stderr: usual.stderr }).toEqual({ exitCode: 0, stderr: "" });
    const kinds = ["openSync", "readSync", "writeSync", "closeSync", "fsyncSync", "renameSync", "mkdirSync"];
    expect(kinds.filter((name) => !usual.calls.includes(name))).toEqual([]);
    expect(usual.calls.length).toBeGreaterThan(SHARES * 5);
  });

  const shares = Array.from({ length: SHARES }, (_, index) => index + 1);
  it.each(shares)(
    "each report is whole or absent, and the exit code is 2 or the run is as usual (%i)",
    async (share) => {
      const failed = new Set<number | null>();
      for (let at = share; at <= usual.calls.length; at += SHARES) {
        const { exitCode, stderr, files, calls } = await runWithFault(at, ARGS, prepare);
        const what = `call ${at}, ${calls[at - 1] ?? ""}: exit code ${exitCode}\n${stderr}`;
        // A certificate that cannot be read is a finding; the gate then fails.
        expect([0, 1, 2], what).toContain(exitCode);
        failed.add(exitCode);
        if (exitCode === 2) expect(stderr, what).toMatch(/^(?:error\[|preflight: no verdict: |\S+: error\[)/);
        expect(stderr, what).not.toMatch(/\n\s+at |internal error/);
        const old = files.get("old.json");
        expect(old === OLD || isWhole(old), what).toBe(true);
        if (files.has("out/new.sarif")) expect(isWhole(files.get("out/new.sarif")), what).toBe(true);
        if (exitCode === 0)
          expect([isWhole(old), old === OLD, files.has("out/new.sarif")], what).toEqual([true, false, true]);
        expect(
          [...files.keys()].filter((name) => name.endsWith(".tmp")),
          what,
        ).toEqual([]);
      }
      expect(failed).toContain(2);
    },
  );
});

describe("when one call of a socket fails", () => {
  const ARGS = [
    "probe",
    "deployment.yaml",
    "--timeout",
    "100",
    "--retries",
    "0",
    "--deadline",
    "5",
    "-o",
    "evidence.json",
  ];
  const MORE = ["--allow-probe", "127.0.0.0/8"];
  /** A VM manager that ends every connection. */
  const manager = createServer((socket) => socket.destroy());
  beforeAll(() => new Promise<void>((resolve) => manager.listen(0, "127.0.0.1", resolve)));
  afterAll(() => manager.close());
  const prepare = (cwd: string) =>
    writeFile(
      join(cwd, "deployment.yaml"),
      [
        `vm_manager: { address: "127.0.0.1:${(manager.address() as AddressInfo).port}" }`,
        'dns_servers: ["127.0.0.1:1"]',
        'ntp_servers: ["127.0.0.1:1"]',
        "management_node: { name: m, hostname: m, domain: example.com, address: 127.0.0.1 }",
        "",
      ].join("\n"),
    );

  it("its query has no answer, and the evidence is whole or absent", async () => {
    const usual = await runWithFault(0, [...ARGS, ...MORE], prepare);
    const sockets = usual.calls.flatMap((name, index) =>
      /^(?:connect|createSocket|send|tls)/.test(name) ? [index + 1] : [],
    );
    const kinds = new Set(sockets.map((at) => usual.calls[at - 1]));
    expect(kinds).toEqual(new Set(["connect", "createSocket", "send", "tls.connect"]));
    for (const at of sockets) {
      const { exitCode, stderr, files } = await runWithFault(at, [...ARGS, ...MORE], prepare);
      expect([0, 2], stderr).toContain(exitCode);
      expect(stderr).not.toMatch(/\n\s+at |internal error/);
      const evidence = files.get("evidence.json");
      if (exitCode === 0 || evidence !== undefined) expect(isWhole(evidence)).toBe(true);
    }
  });
});
