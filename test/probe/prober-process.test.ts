import { describe, expect, it } from "vitest";

import type { NtpQuestion, Question } from "../../src/engine/api/question.ts";
import { askInProcess } from "./servers/asking-process.ts";
import { a, reply, startDnsResponder } from "./servers/dns-responder.ts";
import { healthyReply, startNtpResponder } from "./servers/ntp-responder.ts";
import { closedTcpPort, startTcpResponder } from "./servers/tcp-responder.ts";
import { CertificateMaker, serverExtensions } from "./servers/tls-certificates.ts";
import { startTlsResponder } from "./servers/tls-responder.ts";

/** An NTP server; one that loses the first request keeps the socket of the client open for the first try. */
async function ntpServer(losesFirst: boolean): Promise<NtpQuestion> {
  const { address, port } = await startNtpResponder(({ number, packet, send }) => {
    if (!losesFirst || number > 1) send(healthyReply(packet));
  });
  return { kind: "ntp", address, port };
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe.runIf(process.platform === "linux")("a process of its own", () => {
  it("has nothing open after a thousand queries, and ends", async () => {
    const dns = await startDnsResponder({
      udp: (query, send) => send(reply(query, { answers: [a(query.question.name, "192.0.2.1")] })),
      tcp: "closed",
    });
    const tcp = await startTcpResponder();
    const maker = new CertificateMaker();
    const leaf = maker.issue({ subject: "/CN=x", issuer: null, extensions: serverExtensions("DNS:*.vc.example") });
    maker.remove();
    const tls = await startTlsResponder([leaf]);

    const questions: Question[] = [
      ...times(
        300,
        (i) => ({ kind: "dns", server: dns.address, port: dns.port, name: `n${i}.example`, type: "A" }) as const,
      ),
      ...(await Promise.all(times(20, () => ntpServer(false)))),
      // Every address in 127/8 is this machine; the server listens on one of them.
      ...times(480, (i) => ({ kind: "tcp", address: `127.0.${i >> 6}.${(i & 63) + 1}`, port: tcp.port }) as const),
      ...times(200, (i) => ({ kind: "tls", address: tls.address, port: tls.port, name: `n${i}.vc.example` }) as const),
    ];
    expect(questions).toHaveLength(1000);

    const { answers, left } = await askInProcess({ questions, options: { ca: [leaf.pem] }, scheduled: true });
    await dns.close();
    expect(answers.map(({ kind }) => kind)).toEqual(questions.map(({ kind }) => kind));
    const reasons = (kind: string): string[] => [
      ...new Set(answers.filter((one) => one.kind === kind).map((one) => one.reason)),
    ];
    expect(reasons("dns")).toEqual(["ok"]);
    expect(reasons("ntp")).toEqual(["ok"]);
    expect(reasons("tcp")).toEqual(["open", "refused"]);
    expect(reasons("tls")).toEqual(["trusted"]);
    expect(left.filter((one) => /UDP|TCP|TLS|Timeout|Immediate/.test(one))).toEqual([]);
  });

  it("answers all with few file descriptors", async () => {
    const questions = await Promise.all(times(100, () => ntpServer(true)));
    const options = { timeout_ms: { ntp: 700 }, concurrency: { ntp: 100 } };

    const scheduled = await askInProcess({ questions, options, scheduled: true }, 64);
    expect(new Set(scheduled.answers.map(({ reason }) => reason))).toEqual(new Set(["ok"]));
  });

  it("reports that the network of this machine failed if there is nothing to wait for", async () => {
    // A hundred probers are independent of each other: each finds that it has nothing open.
    const questions = await Promise.all(times(100, () => ntpServer(true)));
    const options = { timeout_ms: { ntp: 700 } };
    const unscheduled = await askInProcess({ questions, options, scheduled: false }, 64);
    const own = unscheduled.answers.filter(({ reason }) => reason === "own-network-error");
    expect(own.length).toBeGreaterThan(20);
    expect(own[0]).toMatchObject({ status: "not-asked", attempts: [{ result: "own-network-error (EMFILE)" }] });
  });

  it("loads only the modules for the kinds of its queries", async () => {
    const loaded = async (questions: readonly Question[]): Promise<{ codec: boolean; tls: boolean }> => {
      const { modules } = await askInProcess({ questions, options: {}, scheduled: true });
      const has = (part: string): boolean => modules.some((one) => one.includes(part));
      return { codec: has("dns-packet"), tls: has("NativeModule tls") };
    };
    const port = await closedTcpPort();
    expect(await loaded([])).toEqual({ codec: false, tls: false });
    expect(await loaded([await ntpServer(false)])).toEqual({ codec: false, tls: false });
    const dns: Question = { kind: "dns", server: "127.0.0.1", port, name: "a.example", type: "A" };
    expect(await loaded([dns])).toEqual({ codec: true, tls: false });
    const tls: Question = { kind: "tls", address: "127.0.0.1", port, name: "a.example" };
    expect(await loaded([tls])).toEqual({ codec: false, tls: true });
  });
});
