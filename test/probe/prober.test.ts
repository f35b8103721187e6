import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";

import type { Answer, NtpAnswer, Question, TlsAnswer } from "../../src/engine/api/question.ts";
import { notAsked } from "../../src/probe/query/not-asked.ts";
import { createProber } from "../../src/probe/prober.ts";
import type { Probes } from "../../src/probe/network-probes.ts";
import type { ProbeProgress } from "../../src/probe/prober.ts";
import { parseAllowedTargets } from "../../src/values/network/probe-targets.ts";
import { closedUdpPort, healthyReply, startNtpResponder } from "./servers/ntp-responder.ts";
import { closedTcpPort, startTcpResponder } from "./servers/tcp-responder.ts";
import { CertificateMaker, serverExtensions } from "./servers/tls-certificates.ts";
import { startTlsResponder } from "./servers/tls-responder.ts";

const dns = (name: string, server = "192.0.2.53"): Question => ({ kind: "dns", server, port: 53, name, type: "A" });
const ntp = (address: string): Question => ({ kind: "ntp", address, port: 123 });
const tcp = (address: string): Question => ({ kind: "tcp", address, port: 443 });
const tls = (name: string): Question => ({ kind: "tls", address: "192.0.2.1", port: 443, name });
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An answer that contains its query, so that a mix-up is detected. */
function answerTo(question: Question): Answer {
  const from = `asked ${JSON.stringify(question)}`;
  return { ...notAsked(question, "denied", from), status: "answered" };
}

interface Lab {
  readonly probes: Probes;
  readonly asked: Question[];
  readonly open: Set<Question>;
  /** The most that were open at once of each kind. */
  readonly most: Map<string, number>;
}

/** Probes without a network: they take a few turns of the event loop, or as set by the test. */
function lab(act: (question: Question, signal: AbortSignal) => Promise<Answer> | null = () => null): Lab {
  const asked: Question[] = [];
  const open = new Set<Question>();
  const most = new Map<string, number>();
  const query = async (question: Question, signal: AbortSignal): Promise<Answer> => {
    asked.push(question);
    open.add(question);
    const ofKind = [...open].filter(({ kind }) => kind === question.kind).length;
    most.set(question.kind, Math.max(most.get(question.kind) ?? 0, ofKind));
    try {
      const acted = act(question, signal);
      if (acted !== null) return await acted;
      for (let left = 0; left < 50; left++) await turn();
      return answerTo(question);
    } finally {
      open.delete(question);
    }
  };
  return { probes: { dns: query, ntp: query, tcp: query, tls: query, vsphere: query }, asked, open, most };
}

/** A probe of a server that never answers: it ends when the signal aborts. */
function untilAbort(question: Question, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const end = (): void => resolve(notAsked(question, "aborted", "here"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

describe("answers", () => {
  it("are in the order of the queries", async () => {
    const questions = [tls("a"), tcp("192.0.2.2"), dns("b"), ntp("192.0.2.3"), dns("a"), tls("b")];
    const answers = await createProber({}, lab().probes).query(questions);
    expect(answers).toMatchObject(
      questions.map((question) => ({ kind: question.kind, from: answerTo(question).from })),
    );
  });

  it("are requested once for equal queries, in one call or several", async () => {
    const { probes, asked } = lab();
    const prober = createProber({}, probes);
    const [first, again] = await prober.query([ntp("192.0.2.1"), { ...ntp("192.0.2.1") }]);
    expect(first).toBe(again);
    const [later, other] = await prober.query([ntp("192.0.2.1"), ntp("192.0.2.2")]);
    expect(later).toBe(first);
    expect(other).not.toBe(first);
    const together = await Promise.all([prober.query([tcp("192.0.2.1")]), prober.query([tcp("192.0.2.1")])]);
    expect(together[0][0]).toBe(together[1][0]);
    expect(asked).toHaveLength(3);
  });

  it("without queries are none", async () => {
    await expect(createProber({}).query([])).resolves.toEqual([]);
  });
});

describe("scheduling", () => {
  it("sends queries of all kinds at once, including those of a later call", async () => {
    const { probes, asked, open } = lab(untilAbort);
    const prober = createProber({}, probes);
    const first = prober.query([tls("a"), ntp("192.0.2.1"), tcp("192.0.2.1"), dns("a")]);
    const second = prober.query([ntp("192.0.2.2"), tls("b")]);
    while (open.size < 6) await turn();
    expect(asked.map(({ kind }) => kind).sort()).toEqual(["dns", "ntp", "ntp", "tcp", "tls", "tls"]);
    prober.close();
    await Promise.all([first, second]);
  });

  it("reports each answer as it comes", async () => {
    const { probes } = lab((question, signal) => (question.kind === "ntp" ? untilAbort(question, signal) : null));
    const prober = createProber({}, probes);
    const seen: (readonly [number, string])[] = [];
    const answers = await prober.query([ntp("192.0.2.1"), dns("a"), tcp("192.0.2.2")], (index, { status }) => {
      seen.push([index, status]);
      if (seen.length === 2) prober.close();
    });
    expect(seen.slice(0, 2).sort()).toEqual([
      [1, "answered"],
      [2, "answered"],
    ]);
    expect(seen[2]).toEqual([0, "not-asked"]);
    expect(answers.map(({ status }) => status)).toEqual(["not-asked", "answered", "answered"]);
  });

  it("keeps as many open as each kind may", async () => {
    const { probes, most } = lab();
    await createProber({}, probes).query([
      ...times(200, (i) => dns(`n${i}`, `192.0.2.${i}`)),
      ...times(200, (i) => ntp(`192.0.2.${i}`)),
      ...times(200, (i) => tcp(`192.0.2.${i}`)),
      ...times(300, (i) => tls(`n${i}`)),
    ]);
    expect(Object.fromEntries(most)).toEqual({ dns: 64, ntp: 64, tcp: 64, tls: 256 });
  });

  it("sends four queries to one DNS server at once", async () => {
    const { probes, most } = lab();
    await createProber({}, probes).query(times(50, (i) => dns(`n${i}`)));
    expect(most.get("dns")).toBe(4);
  });

  it("can be limited to fewer concurrent queries, but at least one", async () => {
    for (const [concurrency, expected] of [[3, 3], [0, 1], [NaN, 1]] as const) {
      const { probes, most, asked } = lab();
      await createProber({ concurrency: { tcp: concurrency } }, probes).query(times(9, (i) => tcp(`192.0.2.${i}`)));
      expect(most.get("tcp")).toBe(expected);
      expect(asked).toHaveLength(9);
    } // prettier-ignore
  });

  it("sends one query at a time to one NTP server", async () => {
    const { probes, most } = lab();
    const ports = times(5, () => ntp("192.0.2.1"));
    await createProber({}, probes).query([...ports, ntp("192.0.2.2")]);
    expect(most.get("ntp")).toBe(2);
  });

  it("reports how far it is, what it waits for, and the time that is left", async () => {
    const seen: ProbeProgress[] = [];
    const onProgress = (progress: ProbeProgress): void => {
      seen.push(progress);
      if (progress.done === 2) prober.close();
    };
    const { probes } = lab((question, signal) => (question.kind === "tcp" ? untilAbort(question, signal) : null));
    const prober = createProber({ onProgress }, probes);
    await prober.query([tcp("192.0.2.1"), dns("a"), dns("b"), dns("a")]);
    await prober.query([dns("a")]);
    expect(seen.map(({ done, total }) => `${done} of ${total}`)).toEqual(["0 of 3", "1 of 3", "2 of 3", "3 of 3"]);
    expect(seen[0]?.waitingFor).toBeNull();
    expect(seen[2]?.waitingFor).toEqual({ kind: "tcp", server: "192.0.2.1" });
    for (const { left_ms } of seen) {
      expect(left_ms).toBeGreaterThan(0);
      expect(left_ms).toBeLessThanOrEqual(30_000);
    }
  });
});

describe("an end before the last answer", () => {
  it("by the deadline leaves the rest not-asked, for all later calls too", async () => {
    const { probes, asked, open } = lab((question, signal) =>
      question.kind === "dns" ? null : untilAbort(question, signal),
    );
    const prober = createProber({ deadline_ms: 300 }, probes);
    const questions = [dns("a"), ...times(30, (i) => ntp(`192.0.2.${i}`)), tls("a")];
    const answers = await prober.query(questions);
    expect(answers[0]).toMatchObject({ status: "answered" });
    for (const answer of answers.slice(1)) expect(answer).toMatchObject({ status: "not-asked", reason: "deadline" });
    expect(asked).toHaveLength(32);
    expect(open.size).toBe(0);

    expect(await prober.query([dns("b"), dns("a")])).toMatchObject([{ reason: "deadline" }, { status: "answered" }]);
    expect(asked).toHaveLength(32);
  });

  it("leaves each later kind a share of the deadline", async () => {
    const order: string[] = [];
    const { probes } = lab((question, signal) => {
      signal.addEventListener("abort", () => order.push(question.kind), { once: true });
      return untilAbort(question, signal);
    });
    await createProber({ deadline_ms: 200 }, probes).query([tls("a"), tcp("192.0.2.1"), ntp("192.0.2.1"), dns("a")]);
    expect(order).toEqual(["dns", "ntp", "tcp", "tls"]);
  });

  it("by a deadline in the past sends nothing", async () => {
    const { probes, asked } = lab();
    const answers = await createProber({ deadline_ms: 0 }, probes).query([dns("a"), tls("a")]);
    expect(answers).toMatchObject([{ reason: "deadline" }, { reason: "deadline" }]);
    expect(asked).toEqual([]);
  });

  it("does not come from a deadline that is far away", async () => {
    const prober = createProber({ deadline_ms: Number.POSITIVE_INFINITY }, lab().probes);
    expect(await prober.query([dns("a")])).toMatchObject([{ status: "answered" }]);
  });

  it("by the signal leaves the rest not-asked, and no listener", async () => {
    const controller = new AbortController();
    const { probes, asked, open } = lab((question, signal) => {
      if (open.size === 5) controller.abort();
      return untilAbort(question, signal);
    });
    const prober = createProber({ signal: controller.signal }, probes);
    const answers = await prober.query([...times(2000, (i) => dns(`n${i}`, `192.0.2.${i}`)), tls("a")]);
    expect(answers).toHaveLength(2001);
    for (const answer of answers) expect(answer).toMatchObject({ status: "not-asked", reason: "aborted" });
    expect(asked).toHaveLength(5);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it("by an aborted signal sends nothing", async () => {
    const { probes, asked } = lab();
    const prober = createProber({ signal: AbortSignal.abort() }, probes);
    expect(await prober.query([ntp("192.0.2.1")])).toMatchObject([{ kind: "ntp", reason: "aborted", from: "local" }]);
    expect(asked).toEqual([]);
  });

  it("keeps an answer that came all the same", async () => {
    const controller = new AbortController();
    const { probes } = lab((question) => {
      controller.abort();
      return Promise.resolve(answerTo(question));
    });
    const answers = await createProber({ signal: controller.signal }, probes).query([dns("a"), ntp("192.0.2.1")]);
    expect(answers).toMatchObject([{ status: "answered" }, { reason: "aborted" }]);
  });

  it("by close() ends queries in progress, and all later ones", async () => {
    const { probes, asked } = lab(untilAbort);
    const prober = createProber({}, probes);
    const pending = prober.query([ntp("192.0.2.1"), ntp("192.0.2.2")]);
    while (asked.length < 2) await turn();
    prober.close();
    expect(await pending).toMatchObject([{ reason: "aborted" }, { reason: "aborted" }]);
    expect(await prober.query([dns("a")])).toMatchObject([{ reason: "aborted" }]);
    expect(asked).toHaveLength(2);
  });

  it("by a signal that comes after the last answer reaches no probe", async () => {
    const signals: AbortSignal[] = [];
    const { probes } = lab((question, signal) => {
      signals.push(signal);
      return Promise.resolve(answerTo(question));
    });
    const controller = new AbortController();
    await createProber({ signal: controller.signal }, probes).query([dns("a")]);
    controller.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});

describe("a bug in a probe", () => {
  it("rejects once the others have ended, as do later queries", async () => {
    const { probes, open } = lab((question, signal) => {
      if (question.kind === "ntp" && question.address === "192.0.2.7") return Promise.reject(new TypeError("bug"));
      return question.kind === "ntp" ? untilAbort(question, signal) : null;
    });
    const prober = createProber({}, probes);
    await expect(prober.query([dns("a"), ...times(9, (i) => ntp(`192.0.2.${i}`))])).rejects.toThrow(
      new TypeError("bug"),
    );
    expect(open.size).toBe(0);
    await expect(prober.query([dns("a")])).rejects.toThrow(new TypeError("bug"));
  });

  it("rejects for an observer that throws", async () => {
    const onProgress = ({ done }: ProbeProgress): void => {
      if (done === 1) throw new Error("bug in the observer");
    };
    await expect(createProber({ onProgress }, lab().probes).query([dns("a")])).rejects.toThrow("bug in the observer");
  });
});

describe("too few file descriptors", () => {
  const starved = (question: Question): Answer => ({
    ...notAsked(question, "own-network-error", "here"),
    attempts: [{ transport: "tcp", duration_ms: 0, result: "own-network-error (EMFILE)" }],
  });

  it("make it wait for those that have one", async () => {
    let refused = 0;
    const { probes, open } = lab((question) =>
      open.size > 6 ? (refused++, Promise.resolve(starved(question))) : null,
    );
    const answers = await createProber({}, probes).query(times(100, (i) => tcp(`192.0.2.${i}`)));
    expect(answers.every(({ status }) => status === "answered")).toBe(true);
    expect(refused).toBeGreaterThan(0);
  });

  it("are reported if it has none at all", async () => {
    const { probes } = lab((question) => Promise.resolve(starved(question)));
    const answers = await createProber({}, probes).query(times(20, (i) => tcp(`192.0.2.${i}`)));
    for (const answer of answers) expect(answer).toMatchObject({ status: "not-asked", reason: "own-network-error" });
  });
});

describe("targets", () => {
  it.each([
    ["a service of this machine", { kind: "tcp", address: "127.0.0.1", port: 22 }, "--allow-probe 127.0.0.1/32:22"],
    ["another one", { kind: "tcp", address: "::1", port: 6379 }, "--allow-probe [::1]/128:6379"],
    ["an address in disguise", { kind: "ntp", address: "::ffff:7f00:1", port: 123 }, "[::ffff:7f00:1]/128:123"],
    ["the metadata of a cloud", { kind: "tcp", address: "169.254.169.254", port: 80 }, "169.254.169.254/32:80"],
    ["the same over IPv6", { kind: "tcp", address: "fd00:ec2::254", port: 443 }, "[fd00:ec2::254]/128:443"],
    ["a router of the link", { kind: "dns", server: "fe80::1", port: 53, name: "a", type: "A" }, "[fe80::1]/128:53"],
    ["another port", { kind: "tls", address: "10.44.0.30", port: 8443, name: "a" }, "10.44.0.30/32:8443"],
  ] as const)("are refused: %s; the answer has the exact option", async (_, question, option) => {
    const { probes, asked } = lab();
    const [answer] = await createProber({}, probes).query([question]);
    expect(answer).toMatchObject({ status: "not-asked", reason: "denied" });
    expect(answer?.attempts[0]?.result).toContain(`; allow it with `);
    expect(answer?.attempts[0]?.result.endsWith(option)).toBe(true);
    expect(asked).toEqual([]);
  });

  it("are contacted if they are allowed, and no others", async () => {
    const { probes, asked } = lab();
    const allow = ["127.0.0.0/8:22", "[::1]/128"].flatMap((text) => parseAllowedTargets(text) ?? []);
    const at = (address: string, port: number): Question => ({ kind: "tcp", address, port });
    const questions = [at("127.1.2.3", 22), at("127.1.2.3", 23), at("::1", 6379), at("::2", 6379)];
    const answers = await createProber({ allow }, probes).query(questions);
    expect(answers.map(({ status }) => status)).toEqual(["answered", "not-asked", "answered", "not-asked"]);
    expect(asked).toEqual([questions[0], questions[2]]);
  });
});

const LOOPBACK = ["127.0.0.0/8", "::1/128"].flatMap((text) => parseAllowedTargets(text) ?? []);

describe("the real probes", () => {
  it("query real servers of each kind", async () => {
    const maker = new CertificateMaker();
    const leaf = maker.issue({ subject: "/CN=x", issuer: null, extensions: serverExtensions("DNS:vcenter01.example") });
    maker.remove();
    const clock = await startNtpResponder(({ packet, send }) => send(healthyReply(packet, {}, 5000)));
    const open = await startTcpResponder();
    const closed = await closedTcpPort();
    const secure = await startTlsResponder([leaf]);

    const prober = createProber({ allow: LOOPBACK, from: "jump host", ca: [leaf.pem], now: Date.parse("2030-01-01") });
    const answers = await prober.query([
      { kind: "tls", address: secure.address, port: secure.port, name: "vcenter01.example" },
      { kind: "tcp", address: open.address, port: open.port },
      { kind: "tcp", address: "127.0.0.1", port: closed },
      { kind: "ntp", address: clock.address, port: clock.port },
      { kind: "dns", server: "127.0.0.1", port: await closedUdpPort(), name: "a.example", type: "A" },
    ]);
    expect(answers.map(({ kind, reason, from }) => [kind, reason, from])).toEqual([
      ["tls", "trusted", "jump host"],
      ["tcp", "open", "jump host"],
      ["tcp", "refused", "jump host"],
      ["ntp", "ok", "jump host"],
      ["dns", "port-unreachable", "jump host"],
    ]);
    expect((answers[0] as TlsAnswer).protocol).toBe("TLSv1.3");
    expect((answers[3] as NtpAnswer).reply?.offset_ms).toBeGreaterThan(2000);
  });

  it("take timeouts, tries, time and trust from the options", async () => {
    const silent = await startNtpResponder(() => undefined);
    const tarpit = await startTcpResponder();
    const prober = createProber({ allow: LOOPBACK, timeout_ms: { ntp: 40, tls: 40 }, tries: 3 });
    const [quiet, stuck] = await prober.query([
      { kind: "ntp", address: silent.address, port: silent.port },
      { kind: "tls", address: tarpit.address, port: tarpit.port, name: "a.example" },
    ]);
    expect(quiet).toMatchObject({ reason: "no-reply" });
    expect(silent.requests).toHaveLength(3);
    expect(stuck).toMatchObject({ reason: "silent" });
  });

  it("end with the signal in any state", async () => {
    const silent = await startNtpResponder(() => undefined);
    const tarpit = await startTcpResponder();
    const controller = new AbortController();
    // Without the signal the test itself would time out.
    const prober = createProber({
      allow: LOOPBACK,
      signal: controller.signal,
      timeout_ms: { ntp: 600_000, tls: 600_000 },
      deadline_ms: 600_000,
    });
    const pending = prober.query([
      { kind: "ntp", address: silent.address, port: silent.port },
      { kind: "tls", address: tarpit.address, port: tarpit.port, name: "a.example" },
    ]);
    while (silent.requests.length === 0) await turn();
    controller.abort();
    expect(await pending).toMatchObject([{ reason: "aborted" }, { reason: "aborted" }]);
  });
});
