import { describe, expect, it } from "vitest";

import {
  describeFailure,
  isOutOfDescriptors,
  socketReason,
  systemErrorCode,
} from "../../../src/probe/query/socket-reason.ts";

describe("socketReason", () => {
  it.each([
    ["ECONNREFUSED", "refused"],
    ["ECONNRESET", "reset"],
    ["ECONNABORTED", "reset"],
    ["EPIPE", "reset"],
    ["ETIMEDOUT", "timeout"],
  ])("of %s is %s, whoever says it", (code, reason) => {
    for (const from_network of [true, false]) {
      expect(socketReason({ code, transport: "tcp", family: 4, from_network })).toBe(reason);
    }
  });

  it.each([
    ["EHOSTUNREACH", "tcp", 4, "unreachable-or-prohibited"],
    ["EHOSTUNREACH", "udp", 4, "admin-prohibited"],
    ["EHOSTUNREACH", "tcp", 6, "unreachable"],
    ["EHOSTUNREACH", "udp", 6, "unreachable"],
    ["EACCES", "tcp", 6, "admin-prohibited"],
    ["EACCES", "udp", 6, "admin-prohibited"],
    ["ENETUNREACH", "tcp", 4, "unreachable-or-prohibited"],
    ["ENETUNREACH", "udp", 4, "unreachable-or-prohibited"],
    ["ENETUNREACH", "tcp", 6, "unreachable"],
    ["EHOSTDOWN", "tcp", 4, "unreachable"],
    ["ENOPROTOOPT", "tcp", 4, "refused"],
    ["ENOPROTOOPT", "udp", 4, "refused"],
    ["ESOMETHING", "tcp", 4, "own-network-error"],
  ] as const)("of %s over %s, IPv%i, from the network, is %s on Linux", (code, transport, family, reason) => {
    expect(socketReason({ code, transport, family, from_network: true }, "linux")).toBe(reason);
  });

  it.each(["darwin", "win32"] as const)(
    "of a UDP socket of %s, which also gets errors that may pass, names both causes",
    (platform) => {
      const failure = { code: "EHOSTUNREACH", transport: "udp", family: 4, from_network: true } as const;
      expect(socketReason(failure, platform)).toBe("unreachable-or-prohibited");
    },
  );

  it.each([
    "ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EADDRINUSE", "EMFILE", "ENFILE", "EACCES", "EPERM", "ENOBUFS",
    "ENOMEM", "ENOPROTOOPT", "EAFNOSUPPORT", "EINVAL", "ENETDOWN", "ESOMETHING",
  ])("of %s before anything was sent is this machine's own", (code) => {
    for (const transport of ["udp", "tcp"] as const) {
      expect(socketReason({ code, transport, family: 4, from_network: false })).toBe("own-network-error");
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
  it("recognizes the two errors by their code", () => {
    expect(isOutOfDescriptors({ result: describeFailure("own-network-error", "EMFILE") })).toBe(true);
    expect(isOutOfDescriptors({ result: describeFailure("own-network-error", "ENFILE") })).toBe(true);
    expect(isOutOfDescriptors({ result: describeFailure("own-network-error", "EPERM") })).toBe(false);
    expect(isOutOfDescriptors({ result: "no answers for emfile.example" })).toBe(false);
  });
});
