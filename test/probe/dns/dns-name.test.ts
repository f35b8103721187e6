import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { dnsName, isWithin, labelsOf, nameFromLabels } from "../../../src/probe/dns/dns-name.ts";
import { reverseName } from "../../../src/values/network/ip-address.ts";

describe("dnsName", () => {
  it.each([
    ["WWW.Example.COM.", "www.example.com"],
    ["www.example.com", "www.example.com"],
    [".", "."],
    ["_sip._tcp.example.com", "_sip._tcp.example.com"],
    ["a\\.b.example", "a\\.b.example"],
    ["a\\046b.example", "a\\.b.example"],
    ["a b.example", "a\\032b.example"],
    ["tab\there.example", "tab\\009here.example"],
    ["\\065.example", "a.example"],
    ["\\255\\127\\126\\033.example", "\\255\\127~!.example"],
    ["a\\\nb.example", "a\\010b.example"],
    ["MÜNCHEN.example", "m\\195\\156nchen.example"],
    ["a\\\\.example", "a\\\\.example"],
    [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
    [Array(127).fill("a").join("."), Array(127).fill("a").join(".")],
  ])("writes %j as %j", (text, expected) => {
    expect(dnsName(text)).toBe(expected);
  });

  it.each([
    "",
    "..",
    ".example",
    "a..example",
    "example..",
    "a\\",
    "a\\99",
    "a\\256.example",
    "a\\99b.example",
    `${"a".repeat(64)}.example`,
  ])("refuses %j", (text) => {
    expect(dnsName(text)).toBeNull();
  });

  it("refuses a name of more than 255 octets", () => {
    expect(dnsName(Array(128).fill("a").join("."))).toBeNull();
  });

  it("counts octets, not characters, against the limit of a label", () => {
    expect(dnsName(`${"ü".repeat(31)}.example`)).not.toBeNull();
    expect(dnsName(`${"ü".repeat(32)}.example`)).toBeNull();
  });

  it("gives different names different texts, visible ASCII only, and reads its own texts back", () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 10 }), (labels) => {
        const text = nameFromLabels(labels);
        expect(text).toMatch(/^[!-~]+$/);
        expect(dnsName(text)).toBe(text);
        expect(labelsOf(text)?.map((octets) => [...octets])).toEqual(labels.map((octets) => [...octets].map(lowered)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("isWithin", () => {
  it.each([
    ["a.example.com", "example.com", true],
    ["example.com", "example.com", true],
    ["example.com", ".", true],
    [".", ".", true],
    ["notexample.com", "example.com", false],
    ["com", "example.com", false],
    [".", "com", false],
    ["example.com", "example.org", false],
    ["example.com.test", "example.com", false],
    ["a\\.example.com", "example.com", false],
    ["b.a\\.example.com", "a\\.example.com", true],
  ])("%s in %s: %s", (name, zone, expected) => {
    expect(isWithin(name, zone)).toBe(expected);
  });
});

describe("reverseName", () => {
  it("turns the octets of an IPv4 address around", () => {
    expect(reverseName("192.0.2.17")).toBe("17.2.0.192.in-addr.arpa");
  });

  it("writes all nibbles of an IPv6 address (the example of RFC 3596 section 2.5)", () => {
    const expected = "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa";
    expect(reverseName("4321:0:1:2:3:4:567:89ab")).toBe(expected);
  });

  it("fills the nibbles that a compressed address omits", () => {
    expect(reverseName("::1")).toBe(`1.${"0.".repeat(31)}ip6.arpa`);
  });

  it.each(["", "example.com", "192.0.2", "192.0.2.1/24", "[::1]"])("throws for %j", (text) => {
    expect(() => reverseName(text)).toThrow(RangeError);
  });
});

function lowered(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}
