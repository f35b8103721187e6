import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { framed, messagesOf } from "../../../src/probe/dns/dns-tcp.ts";
import { errorCode, makeQuery, oneTry, socketFailure } from "../../../src/probe/dns/dns-try.ts";

describe("messagesOf", () => {
  it("finds the messages of a stream in any chunks", () => {
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

describe("socketFailure", () => {
  it.each([
    ["udp", "ECONNREFUSED", true, "port-unreachable"],
    ["udp", "ECONNRESET", true, "port-unreachable"],
    ["udp", "ENOPROTOOPT", true, "port-unreachable"],
    ["udp", "EACCES", true, "admin-prohibited"],
    ["udp", "EACCES", false, "own-network-error"],
    ["udp", "ENETUNREACH", true, "unreachable-or-prohibited"],
    ["udp", "EHOSTUNREACH", false, "own-network-error"],
    ["udp", "ENETUNREACH", false, "own-network-error"],
    ["udp", "EHOSTDOWN", true, "unreachable"],
    ["udp", "EPERM", false, "own-network-error"],
    ["udp", "EADDRNOTAVAIL", false, "own-network-error"],
    ["udp", "EMFILE", false, "own-network-error"],
    ["udp", "ENFILE", false, "own-network-error"],
    ["udp", "EAFNOSUPPORT", false, "own-network-error"],
    ["udp", null, true, "own-network-error"],
    ["tcp", "ECONNREFUSED", true, "port-unreachable"],
    ["tcp", "ECONNRESET", true, "closed"],
    ["tcp", "EPIPE", true, "closed"],
    ["tcp", "ETIMEDOUT", true, "timeout"],
    ["tcp", "EHOSTUNREACH", true, "unreachable-or-prohibited"],
    ["tcp", "ENETUNREACH", true, "unreachable-or-prohibited"],
    ["tcp", "ENETUNREACH", false, "own-network-error"],
    ["tcp", "EMFILE", false, "own-network-error"],
    ["tcp", null, false, "own-network-error"],
  ] as const)("over %s of %s, from the network: %s", (transport, code, from_network, failure) => {
    expect(socketFailure({ code, transport, family: 4, from_network })).toBe(failure);
  });
});

describe("errorCode", () => {
  it("is the system's code, and null for errors without one", () => {
    expect(errorCode(Object.assign(new Error("text"), { code: "EMFILE" }))).toBe("EMFILE");
    expect(errorCode(new Error("connect ECONNREFUSED"))).toBeNull();
    expect(errorCode("ECONNREFUSED")).toBeNull();
  });
});
