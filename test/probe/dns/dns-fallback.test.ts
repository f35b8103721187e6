import type { Answer, OptAnswer } from "dns-packet";
import { describe, expect, it } from "vitest";

import { answering, query, FORGED, GOOD, NAME, serve, SHORT, tcpAnswering } from "../servers/dns-lab.ts";
import { a, cname, reply, tcpFrame } from "../servers/dns-responder.ts";
import type { DnsResponder, ReceivedQuery, ReplyParts, TcpScript, UdpScript } from "../servers/dns-responder.ts";

describe("EDNS", () => {
  const ONLY_WITHOUT = (refusal: ReplyParts): UdpScript => {
    return (query, send) =>
      send(reply(query, query.edns ? refusal : { answers: [a(query.question.name, "192.0.2.1")] }));
  };
  it.each<[string, ReplyParts]>([
    ["FORMERR", { rcode: 1 }],
    ["FORMERR and nothing else", { rcode: 1, questions: [] }],
    ["NOTIMP", { rcode: 4 }],
    ["BADVERS", { additionals: [{ ...optRecord(), extendedRcode: 1 }] }],
  ])("refused with %s: asked once more without it", async (_what, refusal) => {
    const server = await serve({ udp: ONLY_WITHOUT(refusal) });
    const answer = await query(server);
    expect(answer).toMatchObject({ reason: "ok" });
    expect(answer.attempts).toHaveLength(2);
    expect(server.udpQueries.map(({ edns }) => edns)).toEqual([true, false]);
  });

  it("refused is not tried again for the target of an alias", async () => {
    const server = await serve({
      udp: (query, send) => {
        const target = query.question.name === NAME ? cname(NAME, "b.example.net") : a("b.example.net", "192.0.2.1");
        send(reply(query, query.edns ? { rcode: 1 } : { answers: [target] }));
      },
    });
    expect(await query(server)).toMatchObject({ reason: "ok" });
    expect(server.udpQueries.map(({ edns }) => edns)).toEqual([true, false, false]);
  });

  it("is not blamed for a FORMERR that stays", async () => {
    const server = await serve({ udp: answering({ rcode: 1 }) });
    expect(await query(server)).toMatchObject({ status: "answered", reason: "formerr" });
    expect(server.udpQueries).toHaveLength(2);
  });
});

describe("a truncated reply", () => {
  const MANY_A = Array.from({ length: 90 }, (_, index) => a(NAME, `192.0.2.${index}`));
  const MANY_SRV = Array.from({ length: 60 }, (_, index): Answer => {
    return { type: "SRV", name: "_sip._tcp.example.com", data: { port: 5060, target: `node${index}.example.com` } };
  });

  it("is completed over TCP: 90 addresses", async () => {
    const truncated = { truncated: true, answers: MANY_A.slice(0, 20) };
    const server = await serve({ udp: answering(truncated), tcp: tcpAnswering({ answers: MANY_A }) });
    const answer = await query(server);
    expect(answer).toMatchObject({ reason: "ok" });
    expect(answer.records).toHaveLength(90);
    expect(answer.attempts).toMatchObject([
      { transport: "udp", result: "truncated" },
      { transport: "tcp", result: "noerror for www.example.com" },
    ]);
  });

  it("is completed over TCP: 60 services", async () => {
    const server = await serve({ udp: answering({ truncated: true }), tcp: tcpAnswering({ answers: MANY_SRV }) });
    expect((await query(server, { name: "_sip._tcp.example.com", type: "SRV" })).records).toHaveLength(60);
  });

  it("may be cut inside a record", async () => {
    const cut = (query: ReceivedQuery): Buffer => reply(query, { ...GOOD, truncated: true }).subarray(0, -3);
    const server = await serve({ udp: (query, send) => send(cut(query)), tcp: tcpAnswering(GOOD) });
    expect(await query(server)).toMatchObject({ reason: "ok", bogus: 0 });
  });

  it.each<[string, string, TcpScript]>([
    ["is closed", "port-unreachable (ECONNREFUSED)", "closed"],
    ["hangs", "open, then timeout", () => undefined],
    ["closes without a word", "closed", (_query, socket) => socket.end()],
    ["is reset", "closed (ECONNRESET)", (_query, socket) => socket.resetAndDestroy()],
    [
      "closes in the middle of the reply",
      "closed",
      (query, socket) => socket.end(tcpFrame(reply(query, GOOD)).subarray(0, -1)),
    ],
    ["drips", "open, then timeout", drip],
    [
      "answers another question",
      "open, then timeout; 1 ignored",
      (query, socket) => socket.write(tcpFrame(reply(query, { ...FORGED, id: query.id ^ 1 }))),
    ],
    ["truncates too", "truncated", tcpAnswering({ truncated: true })],
    ["talks HTTP", "closed", (_query, socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["sends empty messages", "malformed; 32 ignored", (_query, socket) => socket.write(Buffer.alloc(64))],
  ])("when TCP %s: %s", async (_what, result, tcp) => {
    const server = await serve({ udp: answering({ ...GOOD, truncated: true }), tcp });
    const answer = await query(server, {}, SHORT);
    expect(answer).toMatchObject({ status: "no-answer", reason: "truncated", records: [] });
    expect(answer.attempts).toMatchObject([
      { transport: "udp", result: "truncated" },
      { transport: "tcp", result },
    ]);
  });
});

describe("TCP", () => {
  const over = (tcp: TcpScript): Promise<DnsResponder> => serve({ udp: answering({ truncated: true }), tcp });

  it("may bring the reply octet by octet", async () => {
    const server = await over((query, socket) => {
      socket.setNoDelay(true);
      for (const octet of tcpFrame(reply(query, GOOD))) socket.write(Buffer.of(octet));
    });
    expect(await query(server)).toMatchObject({ reason: "ok" });
  });

  it("may bring other messages first", async () => {
    const server = await over((query, socket) => {
      const forged = tcpFrame(reply(query, { ...FORGED, id: query.id ^ 1 }));
      const garbage = tcpFrame(Buffer.from("garbage"));
      socket.write(Buffer.concat([forged, garbage, tcpFrame(reply(query, GOOD)), forged]));
    });
    expect(await query(server)).toMatchObject({ reason: "ok", records: [{ address: "192.0.2.1" }], bogus: 2 });
  });

  it("may close right after the reply", async () => {
    const server = await over((query, socket) => socket.end(tcpFrame(reply(query, GOOD))));
    expect(await query(server)).toMatchObject({ reason: "ok" });
  });
});

describe("silence", () => {
  it("once is a lost packet: queried again, with a new id and port", async () => {
    const server = await serve({
      udp: (query, send) => {
        if (query.count > 1) send(reply(query, GOOD));
      },
    });
    // Tries to spare, so that a slow machine may lose more than one.
    const answer = await query(server, {}, { timeout_ms: 250, tries: 8 });
    expect(answer).toMatchObject({ reason: "ok", attempts: [{ transport: "udp", result: "timeout" }, {}] });
    const [first, second] = server.udpQueries;
    expect([second?.id, second?.clientPort]).not.toEqual([first?.id, first?.clientPort]);
  });

  it("is not what this program was too busy to hear", async () => {
    const server = await serve({
      udp: (query, send) => {
        send(reply(query, GOOD));
        // The reply has been sent but not read; now the whole process is blocked until after the timeout.
        setImmediate(() => {
          const end = performance.now() + 2 * SHORT.timeout_ms;
          while (performance.now() < end);
        });
      },
    });
    expect(await query(server, {}, SHORT)).toMatchObject({ reason: "ok", attempts: [{ transport: "udp" }] });
  });

  it("of UDP alone: the answer comes over TCP, and the tries show it", async () => {
    const server = await serve({ udp: () => undefined, tcp: tcpAnswering(GOOD) });
    const answer = await query(server, {}, { timeout_ms: 1000, tries: 2 });
    expect(answer).toMatchObject({ status: "answered", reason: "ok" });
    expect(answer.attempts.map(({ transport, result }) => `${transport} ${result}`)).toEqual([
      "udp timeout",
      "udp timeout",
      "tcp noerror for www.example.com",
    ]);
  });

  it("of both is a timeout after all tries", async () => {
    const server = await serve({ udp: () => undefined, tcp: () => undefined });
    const answer = await query(server, {}, { timeout_ms: 60, tries: 3 });
    expect(answer).toMatchObject({ status: "no-answer", reason: "timeout", records: [], chain: [NAME] });
    expect(answer.attempts.map(({ transport }) => transport)).toEqual(["udp", "udp", "udp", "tcp"]);
    expect(server.udpQueries).toHaveLength(3);
  });
});

describe("a closed port", () => {
  it("is reported at once", async () => {
    const server = await serve({ udp: "closed", tcp: "closed" });
    const answer = await query(server, {}, { tries: 3 });
    expect(answer).toMatchObject({ status: "no-answer", reason: "port-unreachable" });
    expect(answer.attempts).toMatchObject([
      { transport: "udp", result: "port-unreachable (ECONNREFUSED)" },
      { transport: "tcp", result: "port-unreachable (ECONNREFUSED)" },
    ]);
  });

  it("for UDP alone: the answer comes over TCP", async () => {
    const server = await serve({ udp: "closed", tcp: tcpAnswering(GOOD) });
    expect(await query(server)).toMatchObject({
      status: "answered",
      reason: "ok",
      attempts: [{ transport: "udp" }, { transport: "tcp" }],
    });
  });
});

/** Announces the longest message and sends it octet by octet, for ever. */
function drip(_query: ReceivedQuery, socket: Parameters<Exclude<TcpScript, "closed">>[1]): void {
  socket.write(Buffer.of(0xff, 0xff));
  const drop = (): void => {
    if (socket.destroyed) return;
    socket.write(Buffer.of(0));
    setImmediate(drop);
  };
  drop();
}

function optRecord(): OptAnswer {
  return {
    type: "OPT",
    name: ".",
    udpPayloadSize: 1232,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
}
