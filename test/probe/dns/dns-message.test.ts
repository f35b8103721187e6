import { decode, encode } from "dns-packet";
import type { Answer, OptAnswer, Packet } from "dns-packet";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { DnsRecord } from "../../../src/engine/api/question.ts";
import { encodeQuery, readHead, readReply } from "../../../src/probe/dns/dns-message.ts";
import { makeQuery, receive } from "../../../src/probe/dns/dns-try.ts";
import type { DnsQuery } from "../../../src/probe/dns/dns-try.ts";
import { checkReply } from "../../../src/probe/dns/dns-verdict.ts";
import { canonicalIp } from "../../../src/values/network/ip-address.ts";
import { a, cname, ns, soa } from "../servers/dns-responder.ts";

const OPT: OptAnswer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: 4096,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

describe("encodeQuery", () => {
  it("has one question with recursion desired and an EDNS payload of 1232", () => {
    const bytes = encodeQuery(0xbeef, "www.example.com", "A", true);
    expect(bytes).not.toBeNull();
    const packet = decode(bytes ?? Buffer.alloc(0));
    expect(packet).toMatchObject({ id: 0xbeef, flag_qr: false, flag_rd: true });
    expect(packet.questions).toEqual([{ name: "www.example.com", type: "A", class: "IN" }]);
    expect(packet.additionals).toMatchObject([{ type: "OPT", name: ".", udpPayloadSize: 1232, ednsVersion: 0 }]);
  });

  it("omits OPT if requested", () => {
    expect(decode(encodeQuery(1, ".", "NS", false) ?? Buffer.alloc(0)).additionals).toEqual([]);
  });

  it("encodes names with escapes by their octets", () => {
    const bytes = encodeQuery(1, "a\\032b.m\\195\\188nchen.example", "A", false);
    expect(bytes?.subarray(12, -4)).toEqual(Buffer.from("\x03a b\x08münchen\x07example\x00"));
  });

  it("refuses names that the codec would change on the way", () => {
    expect(encodeQuery(1, "a\\.b.example", "A", false)).toBeNull();
    expect(encodeQuery(1, "\\255.example", "A", false)).toBeNull();
    expect(encodeQuery(1, "a\\010.example", "A", false)).toBeNull();
  });
});

describe("readReply", () => {
  it("reads every record type in canonical form", () => {
    const bytes = message({
      answers: [
        a("WWW.Example.com", "192.0.2.1"),
        { type: "AAAA", name: "www.example.com", ttl: 5, data: "2001:DB8:0:0:0:0:0:1" },
        {
          type: "SRV",
          name: "_sip._tcp.example.com",
          ttl: 5,
          data: { priority: 1, weight: 2, port: 5060, target: "." },
        },
        cname("alias.example.com", "WWW.example.com"),
        { type: "PTR", name: "1.2.0.192.in-addr.arpa", ttl: 5, data: "Host.Example.com" },
        { type: "DNAME", name: "old.example.com", ttl: 5, data: "example.com" },
      ],
      authorities: [ns("example.com", "NS.example.com"), soa("example.com")],
    });
    expect(readReply(bytes)).toMatchObject({
      answers: [
        { type: "A", name: "www.example.com", ttl: 60, address: "192.0.2.1" },
        { type: "AAAA", name: "www.example.com", ttl: 5, address: "2001:db8::1" },
        { type: "SRV", name: "_sip._tcp.example.com", ttl: 5, priority: 1, weight: 2, port: 5060, target: "." },
        { type: "CNAME", name: "alias.example.com", ttl: 60, target: "www.example.com" },
        { type: "PTR", name: "1.2.0.192.in-addr.arpa", ttl: 5, target: "host.example.com" },
        { type: "DNAME", name: "old.example.com", ttl: 5, target: "example.com" },
      ],
      authorities: [
        { type: "NS", name: "example.com", ttl: 60, target: "ns.example.com" },
        { type: "SOA", name: "example.com", ttl: 60, mname: "ns.example.com" },
      ],
    });
  });

  it("follows compression pointers", () => {
    const head = message({ answers: [] });
    const answer = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 6, 3, 0x66, 0x6f, 0x6f, 0xc0, 16]);
    expect(readReply(withAnswer(head, answer))?.answers).toEqual([
      { type: "CNAME", name: "www.example.com", ttl: 9, target: "foo.example.com" },
    ]);
  });

  it("combines the extended response code", () => {
    const bytes = message({ additionals: [{ ...OPT, extendedRcode: 1 }] });
    expect(readReply(bytes)?.rcode).toBe(16);
  });

  it("omits other types, even with invalid contents, and other classes", () => {
    const bytes = message({
      answers: [
        { type: "TXT", name: "www.example.com", ttl: 1, data: "text" },
        { type: "A", class: "CH", name: "www.example.com", ttl: 1, data: "192.0.2.1" },
        a("www.example.com", "192.0.2.2"),
      ],
    });
    bytes.writeUInt8(0xff, bytes.indexOf("\x04text"));
    expect(readReply(bytes)?.answers).toEqual([{ type: "A", name: "www.example.com", ttl: 60, address: "192.0.2.2" }]);
  });

  it("reads a time to live with the top bit as zero", () => {
    const bytes = withAnswer(message({}), Buffer.from([0xc0, 12, 0, 1, 0, 1, 0x80, 0, 0, 9, 0, 4, 192, 0, 2, 1]));
    expect(readReply(bytes)?.answers).toMatchObject([{ ttl: 0 }]);
  });

  it("does not mix up a dot in a label and a dot between labels", () => {
    const target = Buffer.from("\x0a127.0.44.1\x00");
    const answer = Buffer.concat([Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, target.length]), target]);
    expect(readReply(withAnswer(message({}), answer))?.answers).toMatchObject([{ target: "127\\.0\\.44\\.1" }]);
  });

  it("escapes control characters and octets that are not ASCII", () => {
    const target = Buffer.from([5, 0x1b, 0x5b, 0x32, 0x4a, 0xff, 0]);
    const answer = Buffer.concat([Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, target.length]), target]);
    expect(readReply(withAnswer(message({}), answer))?.answers).toMatchObject([{ target: "\\027[2j\\255" }]);
  });

  const record = (type: number, data: readonly number[]): Buffer =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 9, 0, data.length, ...data]);
  it.each([
    ["an A record of two octets", record(1, [127, 0])],
    [
      "an A record of two octets with another record behind it",
      Buffer.concat([record(1, [127, 0]), record(1, [1, 2, 3, 4])]),
    ],
    ["an A record of five octets", record(1, [127, 0, 0, 1, 9])],
    ["an AAAA record of four octets", record(28, [127, 0, 0, 1])],
    ["an SRV record of five octets", record(33, [0, 1, 0, 1, 0])],
    ["an SRV record whose target goes on behind its end", record(33, [0, 1, 0, 1, 0, 1, 3])],
    ["a CNAME record with octets behind the name", record(5, [0, 0])],
    ["an SOA record that ends after the names", record(6, [0, 0])],
    ["data that ends behind the message", record(16, [1, 2, 3]).subarray(0, -1)],
    ["a name that points to itself", Buffer.from([0xc0, 33, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0])],
    ["a name that points forward", Buffer.from([0xc0, 45, 0, 99, 0, 1, 0, 0, 0, 9, 0, 3, 1, 0x61, 0])],
    ["a label of an unknown kind", Buffer.from([0x41, 0x61, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0])],
    ["nothing where a record is announced", Buffer.alloc(0)],
  ])("refuses %s", (_what, answer) => {
    expect(message({})).toHaveLength(33);
    expect(readReply(withAnswer(message({}), answer))).toBeNull();
  });

  it("refuses a name of more than 255 octets", () => {
    const label = [63, ...Array<number>(63).fill(0x61)];
    const name = [...label, ...label, ...label, ...label, 0];
    expect(readReply(withAnswer(message({}), Buffer.from([...name, 0, 99, 0, 1, 0, 0, 0, 9, 0, 0])))).toBeNull();
  });

  it.each([
    [100, true],
    [200, false],
  ])("follows %i pointers in a row: %s", (count, readable) => {
    // In the data of an unknown type, from octet 44 on: one pointer to the question, then each to the one before it.
    const chain = Array.from({ length: count - 2 }, (_, index) => pointerTo(44 + 2 * index));
    const data = [...pointerTo(12), ...chain.flat()];
    const owner = Buffer.from([0, 0, 99, 0, 1, 0, 0, 0, 9, data.length >> 8, data.length & 0xff, ...data]);
    const start = pointerTo(44 + data.length - 2);
    const bytes = Buffer.concat([
      message({}),
      owner,
      Buffer.from([...start, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1]),
    ]);
    bytes.writeUInt16BE(2, 6);
    const address = { type: "A", name: "www.example.com", ttl: 9, address: "192.0.2.1" };
    expect(readReply(bytes)?.answers).toEqual(readable ? [address] : undefined);
  });

  it.each([0, 1, 11])("refuses a message of %i octets", (length) => {
    expect(readHead(Buffer.alloc(length))).toBeNull();
  });

  it("agrees with an independent decoder on every well-formed message", () => {
    fc.assert(
      fc.property(
        fc.array(wellFormedAnswer(), { maxLength: 20 }),
        fc.array(wellFormedAnswer(), { maxLength: 5 }),
        (answers, authorities) => {
          const bytes = message({ answers, authorities });
          const theirs = decode(bytes);
          const ours = readReply(bytes);
          expect(ours?.answers.map(ourText)).toEqual((theirs.answers ?? []).map(theirText));
          expect(ours?.authorities.map(ourText)).toEqual((theirs.authorities ?? []).map(theirText));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a hostile message", () => {
  const query = makeQuery("www.example.com", "A", true);
  if (query === null) throw new Error("the name can be asked for");
  const originals = [
    message({ id: query.id, answers: [a("www.example.com", "192.0.2.1")], additionals: [OPT] }),
    message({
      id: query.id,
      answers: [
        cname("www.example.com", "a.example.com"),
        cname("a.example.com", "b.example.com"),
        a("b.example.com", "192.0.2.1"),
      ],
    }),
    message({ id: query.id, authorities: [ns("example.com", "ns.example.com"), soa("example.com")] }),
    message({
      id: query.id,
      answers: [
        { type: "AAAA", name: "www.example.com", ttl: 1, data: "2001:db8::1" },
        {
          type: "SRV",
          name: "www.example.com",
          ttl: 1,
          data: { priority: 1, weight: 2, port: 3, target: "t.example.com" },
        },
        { type: "PTR", name: "www.example.com", ttl: 1, data: "p.example.com" },
        { type: "TXT", name: "www.example.com", ttl: 1, data: "text" },
      ],
    }),
    withAnswer(
      message({ id: query.id }),
      Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 6, 3, 0x66, 0x6f, 0x6f, 0xc0, 16]),
    ),
  ];

  it("never breaks the reader: 40,000 damaged messages", () => {
    const damage = fc.record({
      original: fc.constantFrom(...originals),
      edits: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      cut: fc.option(fc.nat(200)),
    });
    let read = 0;
    fc.assert(
      fc.property(damage, ({ original, edits, cut }) => {
        const bytes = Buffer.from(original);
        for (const [at, octet] of edits) bytes[at % bytes.length] = octet;
        if (examine(bytes.subarray(0, cut ?? bytes.length), query)) read++;
      }),
      { numRuns: 40_000 },
    );
    // Not all of them died in the header: the checks behind it were reached.
    expect(read).toBeGreaterThan(1000);
  }, 60_000);

  it("never breaks the reader: noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        examine(bytes, query);
      }),
      { numRuns: 5_000 },
    );
  });
});

/** Reads and evaluates like the probe does, and checks the format of every text and number of the outcome. */
function examine(bytes: Uint8Array, query: DnsQuery): boolean {
  receive(bytes, query);
  const reply = readReply(bytes);
  if (reply === null) return false;
  for (const type of ["A", "AAAA", "SRV", "PTR"] as const) {
    const verdict = checkReply(reply, ["www.example.com"], type);
    if (verdict.chain.length > 18) throw new Error("an endless chain");
    verify(verdict);
  }
  verify(reply);
  return true;
}

/** Plain checks instead of matchers: this runs for some hundred thousand values. */
function verify(value: unknown): void {
  if (typeof value === "string") {
    if (!/^[!-~]+$/.test(value) || value.includes("undefined")) throw new Error(`bad text ${JSON.stringify(value)}`);
  } else if (typeof value === "number") {
    if (!Number.isInteger(value) || value < 0) throw new Error(`bad number ${value}`);
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) verify(member);
  } else if (typeof value !== "boolean") {
    throw new Error(`bad value ${String(value)}`);
  }
}

/** A reply to "www.example.com A"; without records it is 33 octets long. */
function message(parts: Packet): Buffer {
  return encode({ type: "response", id: 1, questions: [{ name: "www.example.com", type: "A" }], ...parts });
}

function pointerTo(offset: number): number[] {
  return [0xc0 | (offset >> 8), offset & 0xff];
}

/** Puts a record in wire form behind a message that has no records. */
function withAnswer(bytes: Buffer, answer: Uint8Array): Buffer {
  const whole = Buffer.concat([bytes, answer]);
  whole.writeUInt16BE(1, 6);
  return whole;
}

function wellFormedAnswer(): fc.Arbitrary<Answer> {
  const label = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
  const domain = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join("."));
  const common = { name: domain, ttl: fc.nat(0x7fffffff) };
  const u16 = fc.nat(0xffff);
  return fc.oneof(
    fc.record({ ...common, type: fc.constant("A" as const), data: fc.ipV4() }),
    fc.record({ ...common, type: fc.constant("AAAA" as const), data: fc.ipV6() }),
    fc.record({ ...common, type: fc.constantFrom("CNAME", "DNAME", "NS", "PTR"), data: domain }),
    fc.record({
      ...common,
      type: fc.constant("SRV" as const),
      data: fc.record({ priority: u16, weight: u16, port: u16, target: fc.oneof(domain, fc.constant(".")) }),
    }),
    fc.record({ ...common, type: fc.constant("SOA" as const), data: fc.record({ mname: domain, rname: domain }) }),
  );
}

function ourText(record: DnsRecord): string {
  const { name, type, ttl } = record;
  switch (record.type) {
    case "A":
    case "AAAA":
      return `${name} ${ttl} ${type} ${record.address}`;
    case "SRV":
      return `${name} ${ttl} ${type} ${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case "SOA":
      return `${name} ${ttl} ${type} ${record.mname}`;
    default:
      return `${name} ${ttl} ${type} ${record.target}`;
  }
}

function theirText(answer: Answer): string {
  const name = answer.name.toLowerCase();
  switch (answer.type) {
    case "A":
    case "AAAA":
      return `${name} ${answer.ttl} ${answer.type} ${canonicalIp(answer.data)}`;
    case "SRV": {
      const { priority, weight, port, target } = answer.data;
      return `${name} ${answer.ttl} ${answer.type} ${priority} ${weight} ${port} ${target.toLowerCase()}`;
    }
    case "SOA":
      return `${name} ${answer.ttl} ${answer.type} ${answer.data.mname.toLowerCase()}`;
    case "CNAME":
    case "DNAME":
    case "NS":
    case "PTR":
      return `${name} ${answer.ttl} ${answer.type} ${answer.data.toLowerCase()}`;
    default:
      throw new Error(`no such record was made: ${answer.type}`);
  }
}
