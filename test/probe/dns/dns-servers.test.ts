import { describe, expect, it } from "vitest";
import type { Attempt, DnsAnswer, DnsQuestion } from "../../../src/engine/api/question.ts";
import { createProber } from "../../../src/probe/prober.ts";
import { DnsServers } from "../../../src/probe/dns/dns-servers.ts";

const question = (name: string, server = "192.0.2.53"): DnsQuestion => ({
  kind: "dns",
  server,
  port: 53,
  name,
  type: "A",
});

function answerOf(reason: DnsAnswer["reason"], ...results: readonly `${Attempt["transport"]} ${string}`[]): DnsAnswer {
  const attempts = results.map((result): Attempt => {
    const [transport, ...words] = result.split(" ");
    return { transport: transport === "tcp" ? "tcp" : "udp", duration_ms: 1, result: words.join(" ") };
  });
  const status =
    reason === "nxdomain" || reason === "servfail"
      ? "answered"
      : reason === "aborted" || reason === "own-network-error"
        ? "not-asked"
        : "no-answer";
  const base = { status, attempts, started_at: "2026-11-22T12:00:00Z", duration_ms: 1, from: "here" } as const;
  return { ...base, kind: "dns", reason, records: [], chain: [], authoritative: false, bogus: 0 };
}

const SILENT = answerOf("timeout", "udp timeout", "udp timeout", "tcp timeout");
const HEARD = answerOf("nxdomain", "udp nxdomain for a.example");

/** The result of a further query after those answers, each for a name in a separate zone. */
function after(...answers: readonly DnsAnswer[]): string | null {
  const servers = new DnsServers();
  for (const [index, answer] of answers.entries()) servers.note(question(`a.n${index}.example`), answer);
  return servers.answer(question("next.example"), "here")?.reason ?? null;
}

describe("a DNS server", () => {
  it("without a valid answer to three queries is not sent a fourth, which has the reason", () => {
    const servers = new DnsServers();
    for (const name of ["a.example", "b.example", "c.example"]) {
      expect(servers.answer(question(name), "here")).toBeNull();
      servers.note(question(name), SILENT);
    }
    expect(servers.answer(question("d.example"), "here")).toMatchObject({
      kind: "dns",
      status: "not-asked",
      reason: "server-silent",
      attempts: [{ result: "not sent: 3 queries before it had no valid answer" }],
      from: "here",
    });
    expect(servers.answer(question("d.example", "192.0.2.54"), "here")).toBeNull();
    expect(servers.answer({ ...question("d.example"), port: 5353 }, "here")).toBeNull();
  });

  it("that is not on the router's link is as silent", () => {
    const absent = answerOf("timeout", "udp timeout", "tcp unreachable-or-prohibited (EHOSTUNREACH)");
    expect(after(SILENT, absent, SILENT)).toBe("server-silent");
    const recorded = answerOf("timeout", "udp timeout", "tcp unreachable (EHOSTUNREACH)");
    expect(after(SILENT, recorded, SILENT)).toBe("server-silent");
  });

  it("that has answered once is still queried, however long it does not answer then", () => {
    expect(after(SILENT, SILENT, HEARD, SILENT, SILENT, SILENT, SILENT)).toBeNull();
    expect(after(HEARD, SILENT, SILENT, SILENT, SILENT)).toBeNull();
    expect(after(answerOf("servfail", "udp servfail for a.example"), SILENT, SILENT, SILENT)).toBeNull();
  });

  it.each([
    ["accepts a connection and then says nothing", answerOf("timeout", "udp timeout", "tcp open, then timeout")],
    ["refuses one", answerOf("timeout", "udp timeout", "tcp port-unreachable (ECONNREFUSED)")],
    ["sends what is no answer", answerOf("malformed", "udp malformed; 1 ignored", "udp timeout")],
    ["sends what is no answer of ours", answerOf("timeout", "udp timeout; 2 ignored", "tcp timeout")],
    [
      "is behind a firewall that says so",
      answerOf("admin-prohibited", "udp admin-prohibited (EHOSTUNREACH)", "tcp timeout"),
    ],
  ])("that %s is silent: no answer of it is valid", (_what, answer) => {
    expect(after(answer, answer)).toBeNull();
    expect(after(answer, answer, answer)).toBe("server-silent");
  });

  it.each([
    ["cannot be asked by this machine", answerOf("own-network-error", "udp own-network-error (EMFILE)")],
    ["cuts its answers, with its TCP port closed", answerOf("truncated", "udp truncated", "tcp timeout")],
    ["answers for an alias, and not for its target", answerOf("timeout", "udp noerror for a.example", "udp timeout")],
  ])("that %s is not silent", (_what, answer) => {
    expect(after(answer, answer, answer, answer)).toBeNull();
  });

  it("that times out for the servers of one zone is queried for names in others", () => {
    const servers = new DnsServers();
    servers.note(question("a.alive.example"), HEARD);
    for (const name of ["a.dead.example", "b.dead.example", "_sip._tcp.dead.example"]) {
      expect(servers.answer(question(name), "here")).toBeNull();
      servers.note(question(name), SILENT);
    }
    expect(servers.answer(question("c.dead.example"), "here")).toMatchObject({
      reason: "server-silent",
      attempts: [{ result: "not sent: 3 queries for names in dead.example before it had no valid answer" }],
    });
    expect(servers.answer(question("b.alive.example"), "here")).toBeNull();
    expect(servers.answer(question("dead.example"), "here")).toBeNull();
  });

  it("is detected as unresponsive during queries, which then end", () => {
    const servers = new DnsServers();
    const signal = servers.silence(question("d.example"));
    for (const name of ["a.example", "b.example"]) servers.note(question(name), SILENT);
    expect(signal.aborted).toBe(false);
    servers.note(question("c.example"), SILENT);
    expect(signal.aborted).toBe(true);
    expect(servers.silence(question("d.example", "192.0.2.54")).aborted).toBe(false);
  });

  it("that answers only over TCP is queried over TCP, once that is certain", () => {
    const servers = new DnsServers();
    const overTcp = answerOf("nxdomain", "udp timeout", "udp timeout", "tcp nxdomain for a.example");
    for (const name of ["a.example", "b.example", "c.example"]) {
      expect(servers.asSent(question(name))).toEqual(question(name));
      servers.note(question(name), overTcp);
    }
    expect(servers.asSent(question("d.example"))).toEqual({ ...question("d.example"), transport: "tcp" });
    expect(servers.answer(question("d.example"), "here")).toBeNull();
  });

  it("that answered over UDP once is queried over UDP, however often an answer was truncated", () => {
    const servers = new DnsServers();
    const cut = answerOf("nxdomain", "udp truncated", "tcp nxdomain for a.example");
    for (const name of ["a.example", "b.example", "c.example"]) servers.note(question(name), cut);
    expect(servers.asSent(question("d.example"))).toEqual(question("d.example"));
  });

  it("is not unresponsive for queries over TCP only", () => {
    const servers = new DnsServers();
    const overTcp = { ...question("a.example"), transport: "tcp" } as const;
    for (let left = 4; left > 0; left--) servers.note(overTcp, answerOf("timeout", "tcp timeout"));
    expect(servers.answer(question("b.example"), "here")).toBeNull();
  });

  it("is not classified by aborted queries", () => {
    const cut = answerOf("aborted", "udp aborted");
    expect(after(cut, cut, cut, cut)).toBeNull();
  });
});

describe("the prober", () => {
  it("sends a few of any number of queries to a dead server, and all to the others", async () => {
    const asked: string[] = [];
    const never = () => Promise.reject(new Error("nobody asks that here"));
    const prober = createProber(
      {},
      {
        dns: async ({ server }) => {
          asked.push(server);
          await new Promise((resolve) => setImmediate(resolve));
          return server === "192.0.2.53" ? SILENT : HEARD;
        },
        ntp: never,
        tcp: never,
        tls: never,
        vsphere: never,
      },
    );
    const names = Array.from({ length: 200 }, (_, index) => `n${index}.example`);
    const answers = await prober.query(names.flatMap((name) => [question(name), question(name, "192.0.2.54")]));
    const count = (server: string) => asked.filter((one) => one === server).length;
    expect(count("192.0.2.54")).toBe(200);
    // Four are in progress when the third missing answer is detected.
    expect(count("192.0.2.53")).toBeLessThanOrEqual(6);
    const reasons = answers.filter((_, index) => index % 2 === 0).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === "timeout")).toHaveLength(count("192.0.2.53"));
    expect(reasons.filter((reason) => reason === "server-silent")).toHaveLength(200 - count("192.0.2.53"));

    // The run continues, and so does its state.
    const [later] = await prober.query([question("later.example")]);
    expect(later).toMatchObject({ reason: "server-silent" });
  });
});
