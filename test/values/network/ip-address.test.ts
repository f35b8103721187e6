import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalIp, parseIpAddress } from "../../../src/values/network/ip-address.ts";

/** Text of the characters of addresses, much of it nearly an address. */
const nearlyAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom("0", "1", "9", "2", "5", "f", "A", "g", ":", "::", ".", "-", " ", "/", "%") }),
  fc
    .array(fc.constantFrom("", "0", "1", "00", "ffff", "12345", "1.2.3.4", "1.2.3.256", "01.2.3.4"), { maxLength: 10 })
    .map((groups) => groups.join(":")),
  fc.array(fc.constantFrom("0", "1", "255", "256", "01", "1e1", ""), { maxLength: 5 }).map((parts) => parts.join(".")),
);

describe("parseIpAddress", () => {
  it("accepts exactly what Node accepts, except zones", () => {
    fc.assert(
      fc.property(nearlyAddress, (text) => {
        const parsed = parseIpAddress(text);
        expect(parsed?.version === 4).toBe(isIPv4(text));
        expect(parsed?.version === 6).toBe(isIPv6(text) && !text.includes("%"));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    "",
    " 10.0.0.1",
    "10.0.0.1\n",
    "10.0.0",
    "10.0.0.256",
    "010.0.0.1",
    "10.0.0.1/24",
    "0x0a.0.0.1",
    "1.2.3.4::1",
    "1:1.2.3.4::",
    "::1.2.3.4:5",
    "1::2::3",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "[::1]",
    "fe80::1%eth0",
    ":::",
    "١.٢.٣.٤",
  ])("refuses %j", (text) => {
    expect(parseIpAddress(text)).toBeNull();
  });

  it("gives an address its number", () => {
    expect(parseIpAddress("10.44.0.10")?.value).toBe(0x0a2c000an);
    expect(parseIpAddress("255.255.255.255")?.value).toBe(0xffffffffn);
    expect(parseIpAddress("::1")?.value).toBe(1n);
    expect(parseIpAddress("2001:db8::ff")?.value).toBe(0x20010db80000000000000000000000ffn);
    expect(parseIpAddress("::ffff:192.0.2.1")?.value).toBe(0xffffc0000201n);
  });
});

describe("canonicalIp", () => {
  // The examples of RFC 5952 (sections 1, 2.1, 2.2, 4.1, 4.2).
  it.each([
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"],
    ["2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"],
    ["2001:db8:aaaa:bbbb:cccc:dddd::1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"],
    ["2001:db8::0:1", "2001:db8::1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["::", "::"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["1::", "1::"],
    ["::FFFF:10.0.0.1", "::ffff:a00:1"],
    ["10.0.0.1", "10.0.0.1"],
  ])("%s is %s", (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
  });

  it("is null for what is no address", () => {
    expect(canonicalIp("ntp1.example.com")).toBeNull();
  });

  it("is one text for one address, in any notation", () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(groups, (numbers) => {
        const long = numbers.map((number) => number.toString(16).toUpperCase().padStart(4, "0")).join(":");
        const canonical = canonicalIp(long);
        expect(canonical).not.toBeNull();
        expect(canonicalIp(canonical ?? "")).toBe(canonical);
        expect(parseIpAddress(canonical ?? "")?.value).toBe(parseIpAddress(long)?.value);
        // The WHATWG URL parser serialises IPv6 by the same rules.
        expect(`[${canonical ?? ""}]`).toBe(new URL(`http://[${long}]/`).hostname);
      }),
    );
  });
});
