import { describe, expect, it } from "vitest";

import { query, FORGED, GOOD, NAME, serve, SHORT } from "../servers/dns-lab.ts";
import { reply } from "../servers/dns-responder.ts";
import type { ReceivedQuery, ReplyParts } from "../servers/dns-responder.ts";

describe("a reply that is not ours", () => {
  const other = (query: ReceivedQuery): ReplyParts => ({ ...FORGED, id: query.id ^ 1 });
  it.each<[string, (query: ReceivedQuery) => Buffer]>([
    ["another id", (query) => reply(query, other(query))],
    ["another name", (query) => reply(query, { ...FORGED, questions: [{ name: "example.com", type: "A" }] })],
    ["another type", (query) => reply(query, { ...FORGED, questions: [{ name: NAME, type: "AAAA" }] })],
    ["another class", (query) => reply(query, { ...FORGED, questions: [{ name: NAME, type: "A", class: "CH" }] })],
    ["two questions", (query) => reply(query, { ...FORGED, questions: [query.question, query.question] })],
    ["no question", (query) => reply(query, { ...FORGED, questions: [] })],
    ["NXDOMAIN without a question", (query) => reply(query, { rcode: 3, questions: [] })],
    ["the query itself", (query) => query.bytes],
    ["the root in place of the name", (query) => reply(query, { ...FORGED, questions: [{ name: ".", type: "A" }] })],
    [
      "a name of which ours is the end",
      (query) => {
        return reply(query, { ...FORGED, questions: [{ name: `x.${query.question.name}`, type: "A" }] });
      },
    ],
    ["an update", (query) => withOpcode(reply(query, FORGED), 5)],
    ["another kind of message (NOTIFY)", (query) => withOpcode(reply(query, FORGED), 4)],
  ])("%s: ignored, counted, and the right one is awaited", async (_what, forge) => {
    const server = await serve({
      udp: (query, send) => {
        send(forge(query));
        send(reply(query, GOOD));
      },
    });
    expect(await query(server)).toMatchObject({ reason: "ok", records: [{ address: "192.0.2.1" }], bogus: 1 });

    const alone = await serve({ udp: (query, send) => send(forge(query)) });
    expect(await query(alone, {}, SHORT)).toMatchObject({
      status: "no-answer",
      reason: "timeout",
      records: [],
      bogus: 1,
    });
  });

  it("from another port never arrives", async () => {
    const server = await serve({
      udp: (query, send, { sendFromElsewhere }) => {
        void sendFromElsewhere(reply(query, FORGED)).then(() => send(reply(query, GOOD)));
      },
    });
    expect(await query(server)).toMatchObject({ reason: "ok", records: [{ address: "192.0.2.1" }], bogus: 0 });
  });

  it("in endless number does not stretch the time of a try", async () => {
    let stopped = false;
    const server = await serve({
      udp: (query, send) => {
        const flood = (): void => {
          if (stopped) return;
          for (let i = 0; i < 20; i++) send(reply(query, other(query)));
          setImmediate(flood);
        };
        flood();
      },
    });
    const answer = await query(server, {}, SHORT);
    stopped = true;
    expect(answer).toMatchObject({ reason: "timeout" });
    expect(answer.bogus).toBeGreaterThan(20);
  });
});

describe("a malformed reply", () => {
  const cases: [string, (query: ReceivedQuery) => Buffer][] = [
    ["nothing", () => Buffer.alloc(0)],
    ["five octets", () => Buffer.from("hello")],
    ["text", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n".repeat(3))],
    [
      "a question that points to itself",
      (query) => Buffer.concat([reply(query).subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]),
    ],
    [
      "an answer that points to itself",
      (query) =>
        Buffer.concat([reply(query, GOOD).subarray(0, 33), Buffer.from([0xc0, 33, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0])]),
    ],
    [
      "an A record of two octets",
      (query) => Buffer.concat([reply(query, GOOD).subarray(0, -6), Buffer.from([0, 2, 127, 0])]),
    ],
    ["a message cut in half", (query) => reply(query, GOOD).subarray(0, -10)],
  ];
  it.each(cases)("%s", async (_what, bytes) => {
    const server = await serve({ udp: (query, send) => send(bytes(query)) });
    const answer = await query(server, {}, { ...SHORT, tries: 3 });
    expect(answer).toMatchObject({ status: "no-answer", reason: "malformed", records: [] });
    // It was not unresponsive: a retry is not justified.
    expect(server.udpQueries).toHaveLength(1);
  });

  it.each(cases)("%s, then the right one", async (_what, bytes) => {
    const server = await serve({
      udp: (query, send) => {
        send(bytes(query));
        send(reply(query, GOOD));
      },
    });
    expect(await query(server)).toMatchObject({ reason: "ok", bogus: 1 });
  });
});

function withOpcode(bytes: Buffer, opcode: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(2) | (opcode << 3), 2);
  return bytes;
}
