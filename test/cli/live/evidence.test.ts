import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../../src/engine/api/question.ts";
import { evidenceDigest } from "../../../src/engine/evaluation/evidence-digest.ts";
import type { EvidenceFile } from "../../../src/schema/evidence.generated.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { type ExampleNetwork, exampleNetwork } from "../../support/example-network.ts";
import { pretendNetwork, type PretendNetwork } from "../../support/pretend-network.ts";
import { CLEAN_LIVE as CLEAN, preflight } from "../program.ts";

const HOUR = 3_600_000;

let folder: string;
let network: ExampleNetwork;
/** Time of the recordings of this file, which is also the time of evaluation. */
let now: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-evidence-"));
  network = await exampleNetwork();
  now = new Date().toISOString();
  await record("oslo", network.routes);
  // Bergen does not reach the third NTP server.
  await record("bergen", { ...network.routes, "udp 10.44.0.23:123": "silent" });
});
afterAll(async () => {
  await network.close();
  await rm(folder, { recursive: true });
});

/** A run that nothing leaves; `connections` is what it tried. */
async function run(args: readonly string[], surroundings: PretendNetwork = {}) {
  const log = join(folder, `log-${Math.random().toString(36).slice(2)}`);
  const env = { ...pretendNetwork({ ...surroundings, log }), COLUMNS: "400" };
  const finished = await preflight(args, { cwd: folder, env });
  const connections = (await readFile(log, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  return { ...finished, connections };
}

async function record(from: string, routes: NonNullable<PretendNetwork["routes"]>): Promise<void> {
  const args = ["probe", ...CLEAN, "--from", from, "--retries", "0", "-o", `${from}.json`];
  const { exitCode, stderr } = await run(args, { routes });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
}

async function evaluated(args: readonly string[], surroundings?: PretendNetwork) {
  const { exitCode, stdout, stderr, connections } = await run([...args, "--format", "json"], surroundings);
  expect(stderr).toBe("");
  return { exitCode, report: JSON.parse(stdout) as RunReport, connections };
}

const verdictOf = ({ checks }: RunReport, rule: string, subject: string) =>
  checks.find((check) => check.rule === rule && check.subject.name === subject);

/** The recording as made at another vantage point. */
function recordedAt(from: string, file: EvidenceFile, changes: Partial<Answer> = {}): EvidenceFile {
  const answers = file.answers.map(({ question, answer }) => {
    return { question, answer: { ...answer, ...changes, from } as Answer };
  });
  const recording = { ...file, from, answers };
  return { ...recording, digest: evidenceDigest(recording) };
}

describe("preflight check --evidence", () => {
  it.each<readonly [string, PretendNetwork["routes"], number]>([
    ["where all is well", {}, 0],
    [
      "where servers are silent, refuse and cannot be reached",
      {
        ...{ "udp 10.44.0.11:53": "no-way", "tcp 10.44.0.11:53": "no-way" },
        ...{ "udp 10.44.0.22:123": "silent", "udp 10.44.0.23:123": "no-way", "tcp 10.44.0.30:443": "silent" },
      },
      2,
    ],
  ])("judges as the live run does, byte for byte, %s, and connects to nobody", async (_, changes, recording) => {
    const routes = { ...network.routes, ...changes };
    const args = [...CLEAN, "--now", now];
    const limits = ["--timeout", "1500", "--retries", "0"];
    const live = await evaluated([...args, ...limits], { routes });
    const { exitCode } = await run(["probe", ...args, ...limits, "-o", "same.json"], { routes });
    expect(exitCode).toBe(recording);
    const replayed = await evaluated([...args, "--evidence", "same.json"], { routes });
    expect(live.connections.length).toBeGreaterThan(20);
    expect(replayed.connections).toEqual([]);
    expect(JSON.stringify(replayed.report.checks)).toBe(JSON.stringify(live.report.checks));
    expect(replayed.report.summary).toEqual(live.report.summary);
    expect(replayed.report.mode).toBe("replay");
    expect(replayed.report.inputs.map(({ kind, path }) => [kind, path]).at(-1)).toEqual(["evidence", "same.json"]);
  });

  it("gives the same report every time", async () => {
    const args = [...CLEAN, "--now", now, "--evidence", "oslo.json"];
    const [one, other] = [await evaluated(args), await evaluated(args)];
    expect(JSON.stringify(other.report)).toBe(JSON.stringify(one.report));
  });

  it("uses the worst verdict of several vantage points, and names its vantage point, in any order", async () => {
    for (const files of [
      ["oslo.json", "bergen.json"],
      ["bergen.json", "oslo.json"],
    ]) {
      const args = files.flatMap((file) => ["--evidence", file]);
      const { report, exitCode, connections } = await evaluated([...CLEAN, "--now", now, ...args]);
      expect({ exitCode, connections }).toEqual({ exitCode: 1, connections: [] });
      const check = verdictOf(report, "time/ntp-reachable", "ntp3.vc.example.com");
      expect(check?.verdict).toBe("fail");
      expect(check?.findings[0]?.message).toMatch(/\(Seen from bergen\.\)$/);
      const [id] = check?.evidence.slice(-1) ?? [];
      const read = report.evidence.find((one) => one.id === id);
      expect(read?.answer).toMatchObject({ kind: "ntp", reason: "no-reply", from: "bergen" });
      expect(verdictOf(report, "time/ntp-reachable", "ntp1.vc.example.com")).toMatchObject({ verdict: "pass" });
    }
  });

  it("merges several files of one vantage point, with the newest answers", async () => {
    const parts = ["dns/*", "time/*", "network/*"].map(
      (only) => [only, `${only.split("/")[0] ?? ""}.part.json`] as const,
    );
    for (const [only, file] of parts) {
      await run(["probe", ...CLEAN, "--only", only, "-o", file], { routes: network.routes });
    }
    const rules = ["--only", parts.map(([only]) => only).join(",")];
    const files = parts.flatMap(([, file]) => ["--evidence", file]);
    const { report } = await evaluated([...CLEAN, ...rules, ...files]);
    expect(report.checks.filter(({ missing }) => missing.length > 0)).toEqual([]);
    expect(report.summary.inconclusive).toBe(0);

    // An older recording without an answer of the server does not count, at any position.
    const old = JSON.parse(await readFile(join(folder, "bergen.json"), "utf8")) as EvidenceFile;
    const aged = recordedAt("oslo", old, { started_at: "2020-01-01T00:00:00.000Z" });
    await writeFile(join(folder, "aged.json"), JSON.stringify(aged));
    for (const order of [
      ["aged.json", "oslo.json"],
      ["oslo.json", "aged.json"],
    ]) {
      const both = await evaluated([...CLEAN, ...rules, ...order.flatMap((file) => ["--evidence", file])]);
      expect(verdictOf(both.report, "time/ntp-reachable", "ntp3.vc.example.com")?.verdict).toBe("pass");
    }
  });

  it("leaves inconclusive what was not recorded, and names the command that records it there", async () => {
    await writeFile(
      join(folder, "other.yaml"),
      "dns_servers: [10.99.0.1]\nntp_servers: [10.99.0.2]\nmanagement_node: { name: m, hostname: m, domain: other.example }\n",
    );
    const { report, exitCode, connections } = await evaluated(["other.yaml", "--evidence", "oslo.json"]);
    expect({ exitCode, connections }).toEqual({ exitCode: 1, connections: [] });
    const live = new Set(report.rules.filter((rule) => rule.live).map(({ id }) => id));
    const verdicts = new Set(report.checks.filter(({ rule }) => live.has(rule)).map(({ verdict }) => verdict));
    expect([...verdicts].sort()).toEqual(["inconclusive", "not-applicable"]);
    expect(verdictOf(report, "time/ntp-reachable", "10.99.0.2")?.missing).toEqual([
      {
        what:
          'the evidence from "oslo" does not contain current answers; record them there: ' +
          "preflight probe DEPLOYMENT --from oslo -o evidence.json",
        location: null,
      },
    ]);
    const page = await run(["other.yaml", "--evidence", "oslo.json", "--only", "time/ntp-reachable"]);
    expect(page.stdout).toContain('the evidence from "oslo" does not contain current answers');
  });

  it("ignores answers older than 7 days, unless an option or a config sets another limit", async () => {
    const later = (days: number) => new Date(Date.parse(now) + days * 24 * HOUR).toISOString();
    const at = async (days: number, ...more: readonly string[]) => {
      const args = [...CLEAN, "--only", "time/ntp-reachable", "--evidence", "oslo.json", "--now", later(days), ...more];
      const { summary, policy, sources } = (await evaluated(args)).report;
      const relaxed = policy.changed.filter(({ setting }) => setting === "max_age").map(({ to, by }) => `${to} ${by}`);
      expect(sources.find(({ kind }) => kind === "evidence")).toMatchObject({ path: "oslo.json", server: "oslo" });
      return { pass: summary.pass, relaxed };
    };
    expect(await at(6)).toEqual({ pass: 3, relaxed: [] });
    expect(await at(8)).toEqual({ pass: 0, relaxed: [] });
    expect(await at(8, "--max-age", "none")).toEqual({ pass: 3, relaxed: ["none --max-age"] });
    expect(await at(8, "--max-age", "9d")).toEqual({ pass: 3, relaxed: ["9d --max-age"] });
    await writeFile(join(folder, "age.yaml"), "max_age: 10d\n");
    expect(await at(8, "--config", "age.yaml")).toEqual({ pass: 3, relaxed: ["10d age.yaml:1:10"] });
  });

  it("is refused when it does not have the time at which it was recorded", async () => {
    const { digest, ...file } = JSON.parse(await readFile(join(folder, "oslo.json"), "utf8")) as EvidenceFile;
    expect(digest).toBeDefined();
    await writeFile(join(folder, "undated.json"), JSON.stringify({ ...file, recorded_at: "yesterday" }));
    const { exitCode, stderr } = await run([...CLEAN, "--evidence", "undated.json"]);
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("recorded_at is invalid");
  });

  it("leaves answers out that are older than --max-age, and takes younger ones", async () => {
    const later = (ms: number) => new Date(Date.parse(now) + ms).toISOString();
    const at = async (time: string, age: string) => {
      const args = [...CLEAN, "--only", "time/ntp-reachable", "--evidence", "oslo.json", "--now", time];
      return (await evaluated([...args, "--max-age", age])).report.summary;
    };
    expect(await at(later(3 * HOUR), "4h")).toMatchObject({ inconclusive: 0, pass: 3 });
    expect(await at(later(5 * HOUR), "4h")).toMatchObject({ inconclusive: 3, pass: 0 });
    expect(await at(later(5 * HOUR), "300m")).toMatchObject({ inconclusive: 0, pass: 3 });
    expect(await at(later(5 * 24 * HOUR), "6d")).toMatchObject({ inconclusive: 0, pass: 3 });
    expect(await at(later(HOUR), "60s")).toMatchObject({ inconclusive: 3, pass: 0 });
    // An answer from the future indicates a wrong clock.
    expect(await at(later(-5 * HOUR), "4h")).toMatchObject({ inconclusive: 3, pass: 0 });
    const { report } = await evaluated([...CLEAN, "--only", "time/ntp-reachable", "--evidence", "oslo.json"]);
    expect(report.summary).toMatchObject({ inconclusive: 0, pass: 3 });
  });

  it("reads evidence from standard input", async () => {
    const stdin = await readFile(join(folder, "oslo.json"), "utf8");
    const args = [...CLEAN, "--only", "time/ntp-reachable", "--evidence", "-", "--now", now];
    const { exitCode, stdout } = await preflight(args, { stdin, env: pretendNetwork({}) });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain("3 passed");
  });

  it("does not let a report overwrite the evidence", async () => {
    const { exitCode, stderr } = await run([...CLEAN, "--evidence", "oslo.json", "--format", "json=./oslo.json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("would overwrite an input file");
  });

  it("refuses a file that is given twice", async () => {
    const { exitCode, stderr } = await run([...CLEAN, "--evidence", "oslo.json", "--evidence", "./oslo.json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("oslo.json is given twice.");
  });
});

describe("a file that is no evidence", () => {
  type Change = (evidence: EvidenceFile) => unknown;
  const first = (change: (one: EvidenceFile["answers"][number]) => unknown): Change => {
    return (evidence) => ({ ...evidence, answers: evidence.answers.map((one, i) => (i === 0 ? change(one) : one)) });
  };
  it.each<readonly [string, Change | string, string]>([
    ["nothing", "", "This file is empty."],
    ["not JSON", "{ schema_version: 1,", "error["],
    ["half a file", '{"schema_version": 1, "answers": [', "error["],
    ["a list", "[]", "This file contains a list"],
    ["text", '"evidence"', "error["],
    ["a deployment", "management_node: { name: m, hostname: m }\n", "the file itself is invalid"],
    ["a later version", (evidence) => ({ ...evidence, schema_version: 2 }), "schema_version is invalid"],
    ["no place", (evidence) => ({ ...evidence, from: "" }), "from is invalid"],
    ["a place that is a list", (evidence) => ({ ...evidence, from: ["x"] }), "from is invalid"],
    ["answers that are none", (evidence) => ({ ...evidence, answers: {} }), "answers is invalid"],
    ["an unknown key", (evidence) => ({ ...evidence, verdicts: [] }), "the file itself is invalid"],
    ["an answer that is null", first(({ question }) => ({ question, answer: null })), "answers.0.answer is invalid"],
    [
      "an unknown kind",
      first(({ answer }) => ({ question: { kind: "http", url: "x" }, answer })),
      "answers.0.question is invalid",
    ],
    [
      "an answer of another kind",
      first(({ question, answer }) => ({
        question,
        answer: {
          ...{ kind: "tcp", status: "answered", reason: "open", attempts: [], duration_ms: 0 },
          ...{ started_at: answer.started_at, from: "x" },
        },
      })),
      "answers.0.answer.kind is invalid",
    ],
    [
      "an unknown reason",
      first(({ question, answer }) => ({ question, answer: { ...answer, reason: "fine" } })),
      "answers.0.answer.reason is invalid",
    ],
    [
      "records that are none",
      first(({ question, answer }) => ({ question, answer: { ...answer, records: [{ type: "A" }] } })),
      "answers.0.answer.records.0.type is invalid",
    ],
    [
      "a hostile place in a wrong file",
      (evidence) => ({ ...evidence, from: "\u001b[2J\u202e", answers: 7 }),
      "answers is invalid",
    ],
  ])("is one sentence and exit 2: %s", async (name, content, message) => {
    const file = `${name.replaceAll(" ", "-")}.json`;
    const oslo = JSON.parse(await readFile(join(folder, "oslo.json"), "utf8")) as EvidenceFile;
    await writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content(oslo)));
    const { exitCode, stdout, stderr, connections } = await run([...CLEAN, "--evidence", file]);
    expect({ exitCode, stdout, connections }).toEqual({ exitCode: 2, stdout: "", connections: [] });
    expect(stderr.match(/error\[/g)).toHaveLength(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain(file);
    expect(stderr).not.toMatch(/[\u001b\u202e]/u);
    expect(stderr).not.toContain("    at ");
  });

  it("is missing, or a folder", async () => {
    for (const [file, message] of [
      ["nosuch.json", "File nosuch.json does not exist."],
      [".", ". is a folder, not a file."],
    ] as const) {
      const { exitCode, stderr } = await run([...CLEAN, "--evidence", "oslo.json", "--evidence", file]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(message);
    }
  });

  it("escapes the name of a hostile vantage point", async () => {
    const oslo = JSON.parse(await readFile(join(folder, "oslo.json"), "utf8")) as EvidenceFile;
    const hostile = recordedAt("\u001b[2J\u202e'; rm -rf / #\n", { ...oslo, answers: [] });
    await writeFile(join(folder, "hostile.json"), JSON.stringify(hostile).replaceAll("\u202e", "\\u202e"));
    for (const format of ["stylish", "json", "sarif"]) {
      const { exitCode, stdout } = await run([...CLEAN, "--evidence", "hostile.json", "--format", format]);
      expect(exitCode).toBe(1);
      expect(stdout).not.toMatch(/[\u001b\u202e]/u);
      expect(stdout).toContain("rm -rf");
    }
  });
});

describe("--system-resolver", () => {
  const DEPLOYMENT = `ntp_servers: [ntp1.vc.example.com]
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com, address: 10.44.10.5 }
conferencing_nodes:
  - { name: conf01, hostname: conf01, domain: vc.example.com, address: 10.44.10.21, system_location: Oslo }
system_locations: [{ name: Oslo, dns_servers: [10.44.0.11] }]
`;
  const ONLY = ["--only", "time/ntp-reachable,dns/node-address-record,dns/server-configured,dns/server-reachable"];
  const asking = () => ({ routes: network.routes, systemResolvers: ["10.44.0.10", "fe80::1%eth0", "10.44.0.10"] });

  it("resolves with the system's servers if the deployment has none, and still reports that none is declared", async () => {
    await writeFile(join(folder, "undeclared.yaml"), DEPLOYMENT);
    const { report, connections } = await evaluated(["undeclared.yaml", ...ONLY, "--system-resolver"], asking());
    expect(verdictOf(report, "time/ntp-reachable", "ntp1.vc.example.com")?.verdict).toBe("pass");
    expect(verdictOf(report, "dns/node-address-record", "manager")?.verdict).toBe("pass");
    expect(verdictOf(report, "dns/node-address-record", "conf01")?.verdict).toBe("pass");
    expect(verdictOf(report, "dns/server-configured", "deployment/dns")?.verdict).toBe("fail");
    // A server of the system is not one of the deployment: no rule evaluates it.
    const judgedServers = report.checks.filter(
      ({ subject, verdict }) => subject.kind === "dns-server" && verdict !== "skipped",
    );
    expect(judgedServers.map(({ subject }) => subject.name)).toEqual(["10.44.0.11"]);
    const askedBy = (name: string) =>
      report.evidence.flatMap(({ question }) =>
        question.kind === "dns" && question.name === name ? [question.server] : [],
      );
    expect(new Set(askedBy("mgmt01.vc.example.com"))).toEqual(new Set(["10.44.0.10"]));
    expect(new Set(askedBy("conf01.vc.example.com"))).toEqual(new Set(["10.44.0.11"]));
    expect(connections.some((line) => line.includes("fe80"))).toBe(false);
  });

  it("is suggested if a name cannot be resolved without it", async () => {
    await writeFile(join(folder, "undeclared.yaml"), DEPLOYMENT);
    const { report } = await evaluated(["undeclared.yaml", ...ONLY], asking());
    expect(verdictOf(report, "dns/node-address-record", "manager")).toMatchObject({
      verdict: "inconclusive",
      missing: [{ what: "no DNS server is declared where one is used; add dns_servers or use --system-resolver" }],
    });
  });

  it("is recorded, so that a replay elsewhere resolves by the same servers", async () => {
    await writeFile(join(folder, "undeclared.yaml"), DEPLOYMENT);
    const args = ["undeclared.yaml", ...ONLY, "--now", now];
    const recording = await run(["probe", ...args, "--system-resolver", "-o", "system.json"], asking());
    expect(recording.exitCode).toBe(0);
    const evidence = JSON.parse(await readFile(join(folder, "system.json"), "utf8")) as EvidenceFile;
    expect(evidence.system_resolvers).toEqual(["10.44.0.10"]);
    const live = await evaluated([...args, "--system-resolver"], asking());
    const elsewhere = { systemResolvers: ["192.0.2.53"] };
    const replayed = await evaluated([...args, "--evidence", "system.json"], elsewhere);
    expect(replayed.connections).toEqual([]);
    expect(JSON.stringify(replayed.report.checks)).toBe(JSON.stringify(live.report.checks));
    expect(replayed.report.summary.pass).toBeGreaterThan(0);

    // Each vantage point has its own servers.
    await writeFile(
      join(folder, "elsewhere.json"),
      JSON.stringify(recordedAt("bergen", { ...evidence, system_resolvers: ["192.0.2.53"] })),
    );
    const both = await evaluated([...args, "--evidence", "system.json", "--evidence", "elsewhere.json"]);
    expect(verdictOf(both.report, "dns/node-address-record", "manager")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("seen from bergen") as string,
    });
  });

  it("is in the plan, which contacts no servers", async () => {
    await writeFile(join(folder, "undeclared.yaml"), DEPLOYMENT);
    const { exitCode, stdout, connections } = await run(
      ["plan", "undeclared.yaml", "--system-resolver", "--format", "csv"],
      asking(),
    );
    expect({ exitCode, connections }).toEqual({ exitCode: 0, connections: [] });
    expect(stdout).toContain("this machine,10.44.0.10,udp,53,DNS queries,");
  });

  it("reports that the system has no server to query", async () => {
    await writeFile(join(folder, "undeclared.yaml"), DEPLOYMENT);
    for (const command of ["check", "plan", "probe"]) {
      const { exitCode, stdout, stderr } = await run([command, "undeclared.yaml", "--system-resolver"], {
        systemResolvers: ["fe80::1%eth0"],
      });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain("error[no-system-resolver]: This machine has no DNS server that can be queried");
    }
  });
});
