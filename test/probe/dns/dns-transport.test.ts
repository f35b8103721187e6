import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { framed, messagesOf, tcpFailure } from "../../../src/probe/dns/dns-tcp.ts";
import { errorCode, makeQuery, oneTry } from "../../../src/probe/dns/dns-try.ts";
import { udpFailure } from "../../../src/probe/dns/dns-udp.ts";

describe("messagesOf", () => {
  it("finds the messages of a stream however it is cut", () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 50 }), (sent, sizes) => {
        const stream = Buffer.concat(sent.map(framed));
        const read = messagesOf();
        const got: number[][] = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          for (const message of read(stream.subarray(at, at + size))) got.push([...message]);
          at += size;
        }
        expect(got).toEqual(sent.map((message) => [...message]));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps a message back until its last octet", () => {
    const read = messagesOf();
    expect([...read(Buffer.from([0, 2, 9]))]).toEqual([]);
    expect([...read(Buffer.from([8]))]).toEqual([Buffer.from([9, 8])]);
  });
});

describe("oneTry", () => {
  const query = makeQuery("www.example.com", "A", true);
  if (query === null) throw new Error("the name can be asked for");
  const limits = { timeout_ms: 60_000, signal: new AbortController().signal };

  it("closes a transport that failed while it was being opened", async () => {
    let closed = 0;
    const result = await oneTry(query, limits, (events) => {
      events.failed("own-network-error", "EMFILE");
      return () => closed++;
    });
    expect(result).toEqual({
      outcome: { kind: "failed", reason: "own-network-error", code: "EMFILE" },
      ignored: 0,
      connected: false,
    });
    expect(closed).toBe(1);
  });

  it("takes a transport that cannot be opened for this machine's own error", async () => {
    const result = await oneTry(query, limits, () => {
      throw Object.assign(new Error("text"), { code: "EINVAL" });
    });
    expect(result.outcome).toEqual({ kind: "failed", reason: "own-network-error", code: "EINVAL" });
  });

  it("closes once, and hears nothing afterwards", async () => {
    let closed = 0;
    const result = await oneTry(query, limits, (events) => {
      queueMicrotask(() => {
        events.failed("closed", null);
        events.message(Buffer.from("late"));
        events.failed("timeout", null);
      });
      return () => closed++;
    });
    expect(result).toEqual({ outcome: { kind: "failed", reason: "closed", code: null }, ignored: 0, connected: false });
    expect(closed).toBe(1);
  });
});

describe("an error of a UDP socket", () => {
  it.each([
    ["ECONNREFUSED", true, "port-unreachable"],
    ["ECONNRESET", true, "port-unreachable"],
    ["EHOSTUNREACH", true, "admin-prohibited"],
    ["EHOSTUNREACH", false, "own-network-error"],
    ["EACCES", true, "admin-prohibited"],
    ["EACCES", false, "own-network-error"],
    ["ENETUNREACH", true, "unreachable"],
    ["ENETUNREACH", false, "own-network-error"],
    ["EHOSTDOWN", true, "unreachable"],
    ["EPERM", false, "own-network-error"],
    ["EADDRNOTAVAIL", false, "own-network-error"],
    ["EMFILE", false, "own-network-error"],
    ["ENFILE", false, "own-network-error"],
    ["EAFNOSUPPORT", false, "own-network-error"],
    [null, true, "own-network-error"],
  ])("%s, query sent: %s", (code, sent, reason) => {
    expect(udpFailure(code, sent)).toBe(reason);
  });
});

describe("an error of a TCP connection", () => {
  it.each([
    ["ECONNREFUSED", "port-unreachable"],
    ["ECONNRESET", "closed"],
    ["EPIPE", "closed"],
    ["ETIMEDOUT", "timeout"],
    ["EHOSTUNREACH", "unreachable"],
    ["ENETUNREACH", "own-network-error"],
    ["EMFILE", "own-network-error"],
    [null, "own-network-error"],
  ])("%s", (code, reason) => {
    expect(tcpFailure(code)).toBe(reason);
  });
});

describe("errorCode", () => {
  it("is the system's code, and null for whatever has none", () => {
    expect(errorCode(Object.assign(new Error("text"), { code: "EMFILE" }))).toBe("EMFILE");
    expect(errorCode(new Error("connect ECONNREFUSED"))).toBeNull();
    expect(errorCode("ECONNREFUSED")).toBeNull();
  });
});
