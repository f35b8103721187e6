import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalName, isHostName } from "../../../src/values/network/host-name.ts";

describe("canonicalName", () => {
  it.each([
    ["ESXi01.Example.COM", "esxi01.example.com"],
    ["esxi01.example.com.", "esxi01.example.com"],
    ["  conf01 ", "conf01"],
    ["DMZ Internal", "dmz internal"],
    [".", ""],
    ["Tromso\u0308-Mo\u0301", "troms\u00f6-m\u00f3"],
    ["TROMS\u00d6-m\u00f3", "troms\u00f6-m\u00f3"],
  ])("%j is %j", (name, canonical) => {
    expect(canonicalName(name)).toBe(canonical);
  });

  it("takes off one final dot, no more", () => {
    expect(canonicalName("a..")).toBe("a.");
  });
});

describe("isHostName", () => {
  const longest = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`;

  it.each(["a", "conf01", "conf01.vc.example.com", "CONF01.", "_sips._tcp.example.com", "xn--blbr-roa0m.no", "1st"])(
    "accepts %j",
    (text) => {
      expect(isHostName(text)).toBe(true);
    },
  );

  it.each([
    "",
    ".",
    "a..b",
    ".a",
    "-a",
    "a-",
    "a b",
    "a:53",
    "a/b",
    "blåbær.no",
    "a.\u0000",
    "https://a",
    "xn--.no",
    "xn--a.no",
    "xn--99999999",
  ])("refuses %j", (text) => {
    expect(isHostName(text)).toBe(false);
  });

  it("enforces the limits of RFC 1035: labels of 63, names of 253", () => {
    expect(isHostName("a".repeat(63))).toBe(true);
    expect(isHostName("a".repeat(64))).toBe(false);
    expect(longest).toHaveLength(253);
    expect(isHostName(longest)).toBe(true);
    expect(isHostName(`${longest}d`)).toBe(false);
  });

  it("answers at once for huge text", () => {
    expect(isHostName("a-".repeat(1_000_000))).toBe(false);
  });

  it("is true of every domain name", () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        expect(isHostName(domain)).toBe(true);
      }),
    );
  });
});
