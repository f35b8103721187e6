import { describe, expect, it } from "vitest";
import type { Attempt, DnsAnswer, DnsQuestion } from "../../../src/engine/api/question.ts";
import { createProber } from "../../../src/probe/prober.ts";
import { SilentServers } from "../../../src/probe/dns/silent-servers.ts";

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
  const status = reason === "nxdomain" ? "answered" : reason === "aborted" ? "not-asked" : "no-answer";
  const base = { status, attempts, started_at: "2026-11-22T12:00:00Z", duration_ms: 1, from: "here" } as const;
  return { ...base, kind: "dns", reason, records: [], chain: [], authoritative: false, bogus: 0 };
}

const SILENT = answerOf("timeout", "udp timeout", "udp timeout", "tcp timeout");
const HEARD = answerOf("nxdomain", "udp nxdomain for a.example");

/** What is said of a further question after those answers. */
function after(...answers: readonly DnsAnswer[]): string | null {
  const servers = new SilentServers();
  for (const [index, answer] of answers.entries()) servers.note(question(`n${index}.example`), answer);
  return servers.answer(question("next.example"), "here")?.reason ?? null;
}

describe("a DNS server", () => {
  it("that gave no sign of life to three questions is not asked a fourth, which says why", () => {
    const servers = new SilentServers();
    for (const name of ["a.example", "b.example", "c.example"]) {
      expect(servers.answer(question(name), "here")).toBeNull();
      servers.note(question(name), SILENT);
    }
    expect(servers.answer(question("d.example"), "here")).toMatchObject({
      kind: "dns",
      status: "not-asked",
      reason: "server-silent",
      attempts: [{ result: "not sent: 3 questions before it brought no sign of life" }],
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

  it("that was heard of once is asked on, however long it is silent then", () => {
    expect(after(SILENT, SILENT, HEARD, SILENT, SILENT, SILENT, SILENT)).toBeNull();
    expect(after(HEARD, SILENT, SILENT, SILENT, SILENT)).toBeNull();
  });

  it.each([
    ["accepts a connection", answerOf("timeout", "udp timeout", "tcp open, then timeout")],
    ["refuses one", answerOf("timeout", "udp timeout", "tcp port-unreachable (ECONNREFUSED)")],
    ["sends what is no answer", answerOf("malformed", "udp malformed; 1 ignored", "udp timeout")],
    ["sends what is no answer of ours", answerOf("timeout", "udp timeout; 2 ignored", "tcp timeout")],
    [
      "is behind a firewall that says so",
      answerOf("admin-prohibited", "udp admin-prohibited (EHOSTUNREACH)", "tcp timeout"),
    ],
    ["cannot be asked by this machine", answerOf("own-network-error", "udp own-network-error (EMFILE)")],
  ])("that %s is not silent", (_what, answer) => {
    expect(after(answer, answer, answer, answer)).toBeNull();
  });

  it("is not judged by what an abort cut off", () => {
    const cut = answerOf("aborted", "udp aborted");
    expect(after(cut, cut, cut, cut)).toBeNull();
  });
});

describe("the prober", () => {
  it("asks a dead server a few questions, whatever the number, and all others theirs", async () => {
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
      },
    );
    const names = Array.from({ length: 200 }, (_, index) => `n${index}.example`);
    const answers = await prober.query(names.flatMap((name) => [question(name), question(name, "192.0.2.54")]));
    const count = (server: string) => asked.filter((one) => one === server).length;
    expect(count("192.0.2.54")).toBe(200);
    // Four are under way when the third silence is known.
    expect(count("192.0.2.53")).toBeLessThanOrEqual(6);
    const reasons = answers.filter((_, index) => index % 2 === 0).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === "timeout")).toHaveLength(count("192.0.2.53"));
    expect(reasons.filter((reason) => reason === "server-silent")).toHaveLength(200 - count("192.0.2.53"));

    // The run goes on, and so does what is known.
    const [later] = await prober.query([question("later.example")]);
    expect(later).toMatchObject({ reason: "server-silent" });
  });
});
