import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  decodeNtpPacket,
  encodeNtpPacket,
  isUnknown,
  ntpDifferenceMs,
  ntpRequest,
  ntpTimestamp,
} from "../../../src/probe/ntp/ntp-packet.ts";
import type { NtpPacket, NtpTimestamp } from "../../../src/probe/ntp/ntp-packet.ts";

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const timestamp: fc.Arbitrary<NtpTimestamp> = fc.record({ seconds: uint32, fraction: uint32 });
const packet: fc.Arbitrary<NtpPacket> = fc.record({
  leap: fc.constantFrom(0, 1, 2, 3),
  version: fc.integer({ min: 0, max: 7 }),
  mode: fc.integer({ min: 0, max: 7 }),
  stratum: fc.integer({ min: 0, max: 255 }),
  poll: fc.integer({ min: -128, max: 127 }),
  precision: fc.integer({ min: -128, max: 127 }),
  root_delay_ms: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((units) => units / 65.536),
  root_dispersion_ms: uint32.map((units) => units / 65.536),
  refid: uint32,
  reference: timestamp,
  origin: timestamp,
  receive: timestamp,
  transmit: timestamp,
});

describe("decodeNtpPacket", () => {
  it("reads each field from its position", () => {
    const bytes = Buffer.from(
      "e40306e9" + // leap 3, version 4, mode 4; stratum 3; poll 6; precision -23
        "fffe8000" + // root delay -1.5 s
        "00010000" + // root dispersion 1 s
        "c0000201" +
        "0000000100000002" +
        "0000000300000004" +
        "0000000500000006" +
        "0000000700000008" +
        "deadbeef", // a key id behind the header
      "hex",
    );
    expect(decodeNtpPacket(bytes)).toEqual({
      leap: 3,
      version: 4,
      mode: 4,
      stratum: 3,
      poll: 6,
      precision: -23,
      root_delay_ms: -1500,
      root_dispersion_ms: 1000,
      refid: 0xc0000201,
      reference: { seconds: 1, fraction: 2 },
      origin: { seconds: 3, fraction: 4 },
      receive: { seconds: 5, fraction: 6 },
      transmit: { seconds: 7, fraction: 8 },
    });
  });

  it("reads a view into a larger buffer", () => {
    const bytes = encodeNtpPacket(ntpRequest({ seconds: 11, fraction: 12 }));
    const larger = Buffer.concat([Buffer.alloc(5, 0xff), bytes, Buffer.alloc(5, 0xff)]);
    expect(decodeNtpPacket(larger.subarray(5, 53))).toEqual(ntpRequest({ seconds: 11, fraction: 12 }));
  });

  it("reads nothing that is shorter than a header", () => {
    for (const length of [0, 1, 20, 47]) expect(decodeNtpPacket(new Uint8Array(length))).toBeNull();
    expect(decodeNtpPacket(new Uint8Array(48))).not.toBeNull();
  });

  it("gives back what was encoded", () => {
    fc.assert(
      fc.property(packet, (original) => {
        expect(decodeNtpPacket(encodeNtpPacket(original))).toEqual(original);
      }),
    );
  });

  it("reads any 48 octets, into finite numbers, without loss", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 120 }), (bytes) => {
        const decoded = decodeNtpPacket(bytes);
        if (decoded === null) throw new Error("48 octets are a packet");
        const numbers = Object.values(decoded).flatMap((value: number | NtpTimestamp) =>
          typeof value === "number" ? [value] : [value.seconds, value.fraction],
        );
        expect(numbers.every(Number.isFinite)).toBe(true);
        expect(Buffer.from(encodeNtpPacket(decoded)).equals(bytes.subarray(0, 48))).toBe(true);
      }),
    );
  });
});

describe("ntpRequest", () => {
  it("contains only the random timestamp", () => {
    const bytes = Buffer.from(encodeNtpPacket(ntpRequest({ seconds: 0x01020304, fraction: 0x05060708 })));
    expect(bytes.toString("hex")).toBe("23" + "00".repeat(39) + "0102030405060708");
  });
});

describe("ntpTimestamp", () => {
  it.each([
    ["1970-01-01T00:00:00.000Z", { seconds: 2_208_988_800, fraction: 0 }],
    ["2026-06-01T12:00:00.500Z", { seconds: 3_989_304_000, fraction: 2 ** 31 }],
    ["2036-02-07T06:28:15.000Z", { seconds: 2 ** 32 - 1, fraction: 0 }],
    ["2036-02-07T06:28:16.250Z", { seconds: 0, fraction: 2 ** 30 }],
    ["1900-01-01T00:00:00.000Z", { seconds: 0, fraction: 0 }],
    ["1899-12-31T23:59:59.000Z", { seconds: 2 ** 32 - 1, fraction: 0 }],
  ])("is right for %s", (date, expected) => {
    expect(ntpTimestamp(Date.parse(date))).toEqual(expected);
  });

  it("has a fraction of 32 bits where the difference to the full second is rounded up", () => {
    expect(ntpTimestamp(-1e-20)).toEqual({ seconds: 2_208_988_799, fraction: 2 ** 32 - 1 });
  });

  it("treats the first moment of an era as unknown, according to RFC 5905 section 6", () => {
    expect(isUnknown(ntpTimestamp(Date.parse("2036-02-07T06:28:16Z")))).toBe(true);
    expect(isUnknown({ seconds: 0, fraction: 1 })).toBe(false);
  });
});

describe("ntpDifferenceMs", () => {
  it("is right across the change of era", () => {
    const before = ntpTimestamp(Date.parse("2036-02-07T06:28:15.900Z"));
    const after = ntpTimestamp(Date.parse("2036-02-07T06:28:16.100Z"));
    expect(ntpDifferenceMs(after, before)).toBeCloseTo(200, 3);
    expect(ntpDifferenceMs(before, after)).toBeCloseTo(-200, 3);
  });

  it("is the difference of any two moments up to 68 years apart, from 1970 to 2104", () => {
    const moment = fc.integer({ min: 0, max: Date.parse("2104-01-01T00:00:00Z") });
    const years68 = 68 * 365 * 86_400_000;
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        fc.pre(Math.abs(a - b) < years68);
        expect(ntpDifferenceMs(ntpTimestamp(a), ntpTimestamp(b))).toBeCloseTo(a - b, 2);
      }),
    );
  });
});
