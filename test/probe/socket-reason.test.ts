import { describe, expect, it } from "vitest";

import { describeFailure, lacksDescriptors, socketReason, systemErrorCode } from "../../src/probe/socket-reason.ts";

describe("socketReason", () => {
  it.each([
    ["ECONNREFUSED", "refused"],
    ["ECONNRESET", "reset"],
    ["ECONNABORTED", "reset"],
    ["EPIPE", "reset"],
    ["ETIMEDOUT", "timeout"],
  ])("of %s is %s, whoever says it", (code, reason) => {
    for (const from_network of [true, false]) {
      expect(socketReason({ code, transport: "tcp", family: 4, from_network, elapsed_ms: 0 })).toBe(reason);
    }
  });

  it.each([
    // A rejecting firewall answers at once; a host that is not there is noticed after a search of a second or more.
    ["EHOSTUNREACH", "tcp", 4, 30, "admin-prohibited"],
    ["EHOSTUNREACH", "tcp", 4, 3060, "unreachable"],
    ["EHOSTUNREACH", "udp", 4, 30, "admin-prohibited"],
    ["EHOSTUNREACH", "udp", 4, 3060, "admin-prohibited"],
    ["EHOSTUNREACH", "tcp", 6, 30, "unreachable"],
    ["EHOSTUNREACH", "udp", 6, 30, "unreachable"],
    ["EACCES", "tcp", 6, 30, "admin-prohibited"],
    ["ENETUNREACH", "tcp", 4, 30, "unreachable"],
    ["ENETUNREACH", "udp", 6, 30, "unreachable"],
    ["EHOSTDOWN", "tcp", 4, 30, "unreachable"],
    ["ESOMETHING", "tcp", 4, 30, "own-network-error"],
  ] as const)(
    "of %s over %s, IPv%i, after %i ms, from the network, is %s",
    (code, transport, family, elapsed_ms, reason) => {
      expect(socketReason({ code, transport, family, from_network: true, elapsed_ms })).toBe(reason);
    },
  );

  it.each([
    "ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EADDRINUSE", "EMFILE", "ENFILE", "EACCES", "EPERM", "ENOBUFS",
    "ENOMEM", "EAFNOSUPPORT", "EINVAL", "ENETDOWN", "ESOMETHING",
  ])("of %s before anything was sent is this machine's own", (code) => {
    for (const transport of ["udp", "tcp"] as const) {
      expect(socketReason({ code, transport, family: 4, from_network: false, elapsed_ms: 0 })).toBe("own-network-error");
    }
  }); // prettier-ignore
});

describe("systemErrorCode", () => {
  it("is the code of what the operating system reports, and null for anything else", () => {
    expect(systemErrorCode(Object.assign(new Error("x"), { code: "ECONNREFUSED" }))).toBe("ECONNREFUSED");
    expect(systemErrorCode(Object.assign(new RangeError("x"), { code: "ERR_SOCKET_BAD_PORT" }))).toBeNull();
    expect(systemErrorCode(new Error("ECONNREFUSED"))).toBeNull();
    expect(systemErrorCode(Object.assign(new Error("x"), { code: 111 }))).toBeNull();
    expect(systemErrorCode("ECONNREFUSED")).toBeNull();
    expect(systemErrorCode(undefined)).toBeNull();
  });
});

describe("lacksDescriptors", () => {
  it("knows the two errors by their code", () => {
    expect(lacksDescriptors({ result: describeFailure("own-network-error", "EMFILE") })).toBe(true);
    expect(lacksDescriptors({ result: describeFailure("own-network-error", "ENFILE") })).toBe(true);
    expect(lacksDescriptors({ result: describeFailure("own-network-error", "EPERM") })).toBe(false);
    expect(lacksDescriptors({ result: "no answers for emfile.example" })).toBe(false);
  });
});
