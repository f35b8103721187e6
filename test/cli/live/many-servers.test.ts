import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startNtpServer } from "../../../scripts/example/ntp-server.ts";
import type { EvidenceFile } from "../../../src/schema/evidence.generated.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { formats } from "../../../src/report/format.ts";
import { reportSchema } from "../../../src/schema/report.schema.ts";
import { pretendNetwork } from "../../support/pretend-network.ts";
import { type Finished, preflight, shell } from "../program.ts";

const ADDRESSES = Array.from({ length: 1000 }, (_, index) => `127.1.${index >> 6}.${(index & 63) + 1}`);
const ONLY = ["--only", "time/ntp-reachable,vm/memory-multiple-of-4"];

let folder: string;
/** Simulates all of the thousand servers: one never answers, the other returns the time. */
let silent: Socket;
let live: Awaited<ReturnType<typeof startNtpServer>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-many-"));
  silent = createSocket("udp4");
  silent.bind(0, "127.0.0.1");
  await once(silent, "listening");
  live = await startNtpServer();
  await writeFile(
    join(folder, "many.yaml"),
    `ntp_servers: [${ADDRESSES.join(", ")}]
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com, vm_system_memory: 4098 }
conferencing_nodes: []
`,
  );
  await writeFile(join(folder, "inventory.yaml"), "virtual_machines: []\n");
});
afterAll(async () => {
  silent.close();
  await live.close();
  await rm(folder, { recursive: true });
});

/** A busy machine may take its time. */
const PATIENCE = ["--timeout", "20000", "--deadline", "600"];
const ARGS = ["many.yaml", "--allow-probe", "127.0.0.0/8", "--inventory", "inventory.yaml", ...ONLY];

/** Surroundings in which every one of the servers is the same one. */
function leadingTo(port: number): Readonly<Record<string, string>> {
  return pretendNetwork({ routes: Object.fromEntries(ADDRESSES.map((address) => [`udp ${address}:123`, port])) });
}

/** What became of the servers, by verdict; and that none fails which was not sent. */
function outcome({ stdout }: Finished): { readonly report: RunReport; readonly servers: Record<string, number> } {
  const report = JSON.parse(stdout) as RunReport;
  const checks = report.checks.filter(({ rule }) => rule === "time/ntp-reachable");
  expect(checks).toHaveLength(ADDRESSES.length);
  const unasked = new Set(report.evidence.filter(({ answer }) => answer.status === "not-asked").map(({ id }) => id));
  const servers: Record<string, number> = {};
  for (const { verdict, evidence } of checks) {
    servers[verdict] = (servers[verdict] ?? 0) + 1;
    if (verdict === "fail" || verdict === "pass") expect(evidence.filter((id) => unasked.has(id))).toEqual([]);
  }
  // Checks of files are evaluated regardless of the network.
  expect(report.checks.find(({ rule }) => rule === "vm/memory-multiple-of-4")?.verdict).toBe("fail");
  return { report, servers };
}

describe("a thousand servers", () => {
  it("are queried, with separate results", async () => {
    const finished = await preflight([...ARGS, ...PATIENCE, "--format", "json"], {
      cwd: folder,
      env: leadingTo(live.port),
    });
    expect(finished.exitCode).toBe(1);
    expect(outcome(finished).servers).toEqual({ pass: 1000 });
  });

  it.runIf(process.platform === "linux")("are all queried by a process with a limit of 64 open files", async () => {
    const limits = "--concurrency 1000 --format json";
    const finished = await shell(`ulimit -n 64; $PREFLIGHT ${quoted([...ARGS, ...PATIENCE])} ${limits}`, {
      cwd: folder,
      env: leadingTo(live.port),
    });
    expect(finished.exitCode).toBe(1);
    expect(outcome(finished).servers).toEqual({ pass: 1000 });

    const recording = ["probe", ...ARGS, ...PATIENCE, "--concurrency", "1000", "-o", "few.json"];
    const probe = await shell(`ulimit -n 64; $PREFLIGHT ${quoted(recording)}`, {
      cwd: folder,
      env: leadingTo(live.port),
    });
    expect(probe).toMatchObject({ exitCode: 0 });
    const { answers } = JSON.parse(await readFile(join(folder, "few.json"), "utf8")) as EvidenceFile;
    expect(answers.map(({ answer }) => answer.reason)).toEqual(ADDRESSES.map(() => "ok"));
  });
});

describe("a network that is dead", () => {
  it("ends the run at the deadline; servers without a completed query are not reported", async () => {
    // Without the deadline this would take minutes.
    const finished = await preflight([...ARGS, "--timeout", "60000", "--deadline", "1", "--format", "json"], {
      cwd: folder,
      env: leadingTo(silent.address().port),
    });
    expect(finished.exitCode).toBe(1);
    const { report, servers } = outcome(finished);
    expect(servers).toEqual({ inconclusive: 1000 });
    expect(new Set(report.evidence.map(({ answer }) => answer.reason))).toEqual(new Set(["deadline"]));
    expect(report.errors).toEqual([]);
  });

  it("fail if they were queried and did not answer, and leave the others inconclusive", async () => {
    const limits = ["--timeout", "50", "--retries", "0", "--concurrency", "20", "--deadline", "1"];
    const finished = await preflight([...ARGS, ...limits, "--format", "json"], {
      cwd: folder,
      env: leadingTo(silent.address().port),
    });
    expect(finished.exitCode).toBe(1);
    const { report } = outcome(finished);
    for (const check of report.checks.filter(({ rule }) => rule === "time/ntp-reachable")) {
      const answer = report.evidence.find(({ id }) => id === check.evidence[0])?.answer;
      expect(answer).toMatchObject(
        check.verdict === "fail"
          ? { status: "no-answer", reason: "no-reply", attempts: [{ result: "no-reply" }] }
          : { status: "not-asked", reason: "deadline" },
      );
    }
  });
});

describe("an interruption", () => {
  it.each([10, 1000])("ends the queries to %i servers, and every report is complete", async (count) => {
    let heard = 0;
    const args = [...ARGS, "--timeout", "60000", "--deadline", "86400", "--concurrency", String(count)];
    const others = Object.keys(formats).filter((format) => format !== "json");
    const reports = ["--format", "json", ...others.flatMap((format) => ["--format", `${format}=${count}.${format}`])];
    const finished = await preflight([...args, ...reports], {
      cwd: folder,
      env: leadingTo(silent.address().port),
      onStart: (child) => {
        silent.on("message", () => {
          if (++heard === Math.min(count, 100)) child.kill("SIGINT");
        });
      },
    });
    silent.removeAllListeners("message");
    expect(finished.exitCode).toBe(2);
    const { report, servers } = outcome(finished);
    expect(servers).toEqual({ inconclusive: 1000 });
    expect(report.exit_code).toBe(2);
    expect(report.errors.map(({ code }) => code)).toEqual(["interrupted"]);
    expect(new Set(report.evidence.map(({ answer }) => answer.reason))).toEqual(new Set(["aborted"]));
    for (const format of others) {
      const text = await readFile(join(folder, `${count}.${format}`), "utf8");
      expect(text, format).toMatch(/interrupted; run\s+again/);
    }
    expect(JSON.stringify(report)).toContain("interrupted; run again");
    expect(await readFile(join(folder, `${count}.stylish`), "utf8")).toContain("Gate: NO VERDICT");
    const sarif = JSON.parse(await readFile(join(folder, `${count}.sarif`), "utf8")) as { runs: unknown[] };
    expect(sarif.runs).toHaveLength(1);
    // Only queries in progress have an attempt to show; every other server is reported as not queried.
    const tried = report.evidence.filter(({ answer }) => answer.attempts.length > 0);
    expect(tried.length).toBeGreaterThanOrEqual(Math.min(count, 100));
    expect(tried.length).toBeLessThanOrEqual(count);
    expect(new Set(tried.flatMap(({ answer }) => answer.attempts.map(({ result }) => result)))).toEqual(
      new Set(["aborted"]),
    );
    const validate = new Ajv({ allowUnionTypes: true }).compile(reportSchema);
    validate(report);
    expect(validate.errors).toBeNull();
  });

  it.each(["SIGINT", "SIGTERM"] as const)("by a second signal (%s) ends the run at once", async (second) => {
    const args = [...ARGS, "--timeout", "60000", "--deadline", "86400", "--concurrency", "1000", "--format", "json"];
    const finished = await preflight(args, {
      cwd: folder,
      env: leadingTo(silent.address().port),
      onStart: (child) => {
        silent.once("message", () => child.kill("SIGINT"));
        // Its report is being written to a reader that has stopped: without the second signal it would wait forever.
        child.stdout?.once("data", () => {
          child.stdout?.pause();
          child.once("exit", () => child.stdout?.resume());
          child.kill(second);
        });
      },
    });
    expect(finished.exitCode).toBe(130);
    expect(() => outcome(finished)).toThrow(SyntaxError);
  });
});

function quoted(args: readonly string[]): string {
  return args.map((arg) => `'${arg}'`).join(" ");
}
