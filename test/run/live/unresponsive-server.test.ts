import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { siteZone } from "../../../scripts/example/zone.ts";
import type { Answer, Attempt, DnsQuestion, Question } from "../../../src/engine/api/question.ts";
import { evaluate, type EvaluatedPlan } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import { Plan, plan } from "../../../src/engine/evaluation/plan.ts";
import { answerTo } from "../../../src/plugin/scripted-answers.ts";
import type { Probes } from "../../../src/probe/network-probes.ts";
import { notAsked } from "../../../src/probe/query/not-asked.ts";
import { createProber } from "../../../src/probe/prober.ts";
import { withFollowUps } from "../../../src/run/live/follow-ups.ts";
import { readRun } from "../../../src/run/read-run.ts";
import type { Site } from "../../../src/site/site.ts";
import { ADDRESSES } from "../../support/example-network.ts";
import { dnsRecords, ntpReply, servedCertificate } from "../../support/scripted-answers.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const NOW = Date.parse("2026-11-22T12:00:00Z");

/** The defaults of the program, in virtual milliseconds. */
const UDP_TRIES = 2 * 2000;
const TCP_TRY = 2000;
const CONNECT = 3000;
const HANDSHAKE = 5000;
/** Asked afterwards, to name what listens there. */
const PLAIN_HTTP = 1000;

/** Another address of ntp2.vc.example.com. */
const SECOND_ADDRESS = "10.44.0.24";

/** The behavior of a server instead of answering: how long it takes, and the result. */
interface Misbehavior {
  readonly what: string;
  /** Its key: `dns 10.44.0.11`, `tls 10.44.0.30`. */
  readonly server: string;
  readonly act: (question: Question) => { readonly ms: number; readonly answer: Partial<Answer> };
}

const attempt = (transport: Attempt["transport"], result: string): Attempt => ({ transport, duration_ms: 1, result });
const UDP_SILENCE = [attempt("udp", "timeout"), attempt("udp", "timeout")];

/** A DNS server that drops UDP, and does this over TCP. */
const dropsUdp = (
  what: string,
  ms: number,
  tcp: Partial<Answer>,
  result: string,
  server = "10.44.0.11",
): Misbehavior => ({
  what,
  server: `dns ${server}`,
  act: (question) => {
    const overTcpAlone = (question as DnsQuestion).transport === "tcp";
    const attempts = [...(overTcpAlone ? [] : UDP_SILENCE), attempt("tcp", result)];
    return { ms: (overTcpAlone ? 0 : UDP_TRIES) + ms, answer: { ...tcp, attempts } };
  },
});

const TIMEOUT = { status: "no-answer", reason: "timeout" } as const;

const MISBEHAVIORS: readonly Misbehavior[] = [
  dropsUdp("a DNS server that drops UDP and TCP", TCP_TRY, TIMEOUT, "timeout"),
  dropsUdp("a DNS server that drops UDP and accepts TCP", TCP_TRY, TIMEOUT, "open, then timeout"),
  dropsUdp("a DNS server that drops UDP and refuses TCP", 0, TIMEOUT, "port-unreachable (ECONNREFUSED)"),
  dropsUdp("a DNS server that drops UDP and closes TCP", 0, TIMEOUT, "open, then closed"),
  dropsUdp("a DNS server that answers over TCP alone", 0, {}, "noerror for a.example"),
  dropsUdp("a first DNS server that drops UDP and TCP", TCP_TRY, TIMEOUT, "timeout", "10.44.0.10"),
  {
    what: "a DNS server that answers nonsense",
    server: "dns 10.44.0.11",
    act: () => ({
      ms: UDP_TRIES / 2,
      answer: { status: "no-answer", reason: "malformed", attempts: [attempt("udp", "malformed; 1 ignored")] },
    }),
  },
  {
    what: "an NTP server that is silent",
    server: "ntp 10.44.0.22",
    act: () => ({ ms: UDP_TRIES, answer: { status: "no-answer", reason: "no-reply" } }),
  },
  {
    what: "an NTP server of whose two addresses one is silent",
    server: `ntp ${SECOND_ADDRESS}`,
    act: () => ({ ms: UDP_TRIES, answer: { status: "no-answer", reason: "no-reply", reply: null } }),
  },
  {
    what: "an NTP server that answers nonsense",
    server: "ntp 10.44.0.22",
    act: () => ({ ms: UDP_TRIES / 2, answer: { status: "no-answer", reason: "bad-reply", reply: null } }),
  },
  {
    what: "a VM manager whose port is dropped",
    server: "tcp 10.44.0.30",
    act: () => ({ ms: CONNECT, answer: TIMEOUT }),
  },
  {
    what: "a VM manager that accepts connections and then says nothing",
    server: "tls 10.44.0.30",
    act: () => ({ ms: HANDSHAKE + PLAIN_HTTP, answer: { status: "no-answer", reason: "silent" } }),
  },
  {
    what: "a VM manager that begins a handshake and does not complete it",
    server: "tls 10.44.0.30",
    act: () => ({ ms: HANDSHAKE, answer: { status: "no-answer", reason: "partial" } }),
  },
  {
    what: "a VM manager that completes a handshake and then says nothing",
    server: "vsphere 10.44.0.30",
    act: () => ({ ms: HANDSHAKE, answer: TIMEOUT }),
  },
  {
    what: "a node whose SIP TLS port is dropped",
    server: "tls 10.44.10.21",
    act: () => ({ ms: CONNECT, answer: TIMEOUT }),
  },
  {
    what: "a node whose SIP TLS port accepts connections and then says nothing",
    server: "tls 10.44.10.21",
    act: () => ({ ms: HANDSHAKE + PLAIN_HTTP, answer: { status: "no-answer", reason: "silent" } }),
  },
];

/** The answers of the example's servers when they are healthy. */
function healthy(question: Question): Answer {
  switch (question.kind) {
    case "dns":
      return answerTo(question, fromZone(question));
    case "ntp":
      return answerTo(question, { status: "answered", reason: "ok", reply: ntpReply() });
    case "tcp":
      return answerTo(question, { status: "answered", reason: "open" });
    case "tls":
      return answerTo(question, servedCertificate());
    case "vsphere":
      return answerTo(question, { status: "answered", reason: "ok", api_version: "7.0.3.0" });
  }
}

function fromZone({ name, type }: DnsQuestion): Partial<Answer> {
  const records = siteZone().filter((record) => record.name === name);
  const rows = records.flatMap((record): (readonly ["A" | "PTR" | "SRV", string])[] => {
    if (record.type !== type) return [];
    if (record.type === "A") return [["A", ADDRESSES[name] ?? record.data]];
    if (record.type === "PTR") return [["PTR", record.data]];
    if (record.type !== "SRV") return [];
    const { priority, weight, port, target } = record.data;
    return [["SRV", `${priority ?? 0} ${weight ?? 0} ${port} ${target}`]];
  });
  if (type === "A" && name === "ntp2.vc.example.com") rows.push(["A", SECOND_ADDRESS]);
  if (rows.length > 0) return dnsRecords(name, ...rows);
  return { status: "answered", reason: records.length > 0 ? "nodata" : "nxdomain" };
}

interface Outcome {
  readonly evaluated: EvaluatedPlan;
  readonly evidence: Evidence;
  /** Virtual milliseconds that the run took. */
  readonly ms: number;
}

let site: Site;
let planned: Plan;

beforeAll(async () => {
  const { config, siteWith } = await readRun({
    deployment: "fixtures/example/clean/deployment.yaml",
    inventories: ["fixtures/example/clean/inventory.json"],
    cwd: ROOT,
    config: false,
    only: [],
    severities: [],
    live: true,
  });
  site = siteWith?.([]) ?? expect.fail();
  planned = new Plan(plan(config.enabled, site).groups.filter(({ enabled }) => enabled.rule.live === true));
});

async function run(...misbehaviors: readonly Misbehavior[]): Promise<Outcome> {
  const clock = new VirtualClock();
  const probe = async (question: Question, signal: AbortSignal): Promise<Answer> => {
    clock.touch();
    const server = `${question.kind} ${question.kind === "dns" ? question.server : question.address}`;
    const misbehavior = misbehaviors.find((one) => one.server === server);
    if (misbehavior === undefined) return healthy(question);
    const { ms, answer } = misbehavior.act(question);
    await clock.sleep(ms, signal);
    if (signal.aborted) return notAsked(question, "aborted", "here");
    return { ...healthy(question), ...answer } as Answer;
  };
  const probes: Probes = { dns: probe, ntp: probe, tcp: probe, tls: probe, vsphere: probe };
  const prober = createProber({ deadline_ms: Number.POSITIVE_INFINITY }, probes);
  const context = { site, plan: planned, now: NOW };
  const evidence = new Evidence();
  const responder = await withFollowUps(prober, context);
  const evaluated = await clock.run(evaluate(planned, { ...context, responder, evidence }));
  prober.close();
  return { evaluated, evidence, ms: clock.now };
}

describe("a run of the example's size", () => {
  it("waits for nothing while every server answers", async () => {
    const { ms, evaluated } = await run();
    expect(ms).toBe(0);
    expect(new Set(evaluated.outcomes.map((outcome) => outcome?.verdict))).not.toContain("crashed");
  });

  it.each(MISBEHAVIORS)("ends within 10 s of timeouts, everything else evaluated, with $what", async (misbehavior) => {
    const well = await run();
    const { evaluated, evidence, ms } = await run(misbehavior);
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(10_000);
    let position = 0;
    for (const { enabled } of planned) {
      const keys = evaluated.questions.get(position) ?? [];
      if (evaluated.outcomes[position]?.verdict !== well.evaluated.outcomes[position]?.verdict) {
        const servers = keys.map((key) => key.split(" ").slice(0, 2).join(" "));
        expect(servers, enabled.rule.id).toContain(misbehavior.server);
      }
      position++;
    }
    // Nothing was cut off by the time that one server took.
    const unasked = evidence.records.filter(({ answer }) => answer.status === "not-asked");
    for (const { question, answer } of unasked) {
      expect(`${question.kind} ${question.kind === "dns" ? question.server : question.address}`).toBe(
        misbehavior.server,
      );
      expect(answer.reason).toBe("server-silent");
    }
  });

  it("takes the longest of the timeouts, not their sum, when several servers are unresponsive at once", async () => {
    const first = (kind: string) => MISBEHAVIORS.find(({ server }) => server.startsWith(kind)) ?? expect.fail();
    const { ms } = await run(first("dns"), first("ntp"), first("tcp"), first("tls"));
    expect(ms).toBe(UDP_TRIES + TCP_TRY);
  });
});

describe("a thousand NTP servers, 300 of them silent", () => {
  it("are all evaluated within the default deadline", async () => {
    const clock = new VirtualClock();
    const silent = new Set(Array.from({ length: 300 }, (_, index) => `10.1.${index % 4}.${Math.floor(index / 4) * 3}`));
    const never = (): Promise<Answer> => Promise.reject(new Error("not asked here"));
    const prober = createProber(
      { deadline_ms: Number.POSITIVE_INFINITY },
      {
        dns: never,
        tcp: never,
        tls: never,
        vsphere: never,
        ntp: async (question, signal) => {
          clock.touch();
          if (!silent.has(question.address)) return healthy(question);
          await clock.sleep(UDP_TRIES, signal);
          return answerTo(question, { status: "no-answer", reason: "no-reply" });
        },
      },
    );
    const questions = Array.from({ length: 1000 }, (_, index): Question => {
      return { kind: "ntp", address: `10.1.${index % 4}.${Math.floor(index / 4)}`, port: 123 };
    });
    const answers = await clock.run(prober.query(questions));
    expect(answers.filter(({ reason }) => reason === "ok")).toHaveLength(700);
    expect(answers.filter(({ reason }) => reason === "no-reply")).toHaveLength(300);
    // NTP has three quarters of the 30 s.
    expect(clock.now).toBeLessThanOrEqual(22_500);
  });
});
