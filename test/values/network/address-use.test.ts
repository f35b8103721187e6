import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLinkLocal, whyNoHostAddress, whyNotPublic } from "../../../src/values/network/address-use.ts";
import { type IpAddress, parseIpAddress } from "../../../src/values/network/ip-address.ts";

const ip = (text: string): IpAddress => {
  const address = parseIpAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address;
};

describe("whyNoHostAddress", () => {
  it.each([
    ["0.0.0.0", "in 0.0.0.0/8"],
    ["0.255.255.255", "in 0.0.0.0/8"],
    ["127.0.0.1", "loopback"],
    ["169.254.1.1", "link-local"],
    ["224.0.0.1", "multicast"],
    ["239.255.255.255", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::ffff:10.0.0.1", "IPv4 address"],
    ["fe80::1", "link-local"],
    ["febf::1", "link-local"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["64:ff9b::1", "outside the blocks"],
    ["4000::1", "outside the blocks"],
  ])("turns down %s: %s", (text, why) => {
    expect(whyNoHostAddress(ip(text))).toContain(why);
  });

  it.each(["1.0.0.1", "10.0.0.1", "100.64.0.1", "126.0.0.1", "128.0.0.1", "169.253.0.1", "198.51.100.1", "223.1.1.1"])(
    "accepts %s",
    (text) => {
      expect(whyNoHostAddress(ip(text))).toBeNull();
    },
  );

  it.each(["2000::1", "2001:db8::1", "3fff:ffff::1", "fc00::1", "fdff::1"])("accepts %s", (text) => {
    expect(whyNoHostAddress(ip(text))).toBeNull();
  });

  it("turns down every loopback and every multicast address", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.integer({ min: 224, max: 239 }), octet, octet, octet, (a, b, c, d) => {
        expect(whyNoHostAddress(ip(`${a}.${b}.${c}.${d}`))).toContain("multicast");
        expect(whyNoHostAddress(ip(`127.${b}.${c}.${d}`))).toContain("loopback");
      }),
    );
  });
});

describe("whyNotPublic", () => {
  it.each([
    ["10.0.0.1", "RFC 1918"],
    ["172.16.0.1", "RFC 1918"],
    ["172.31.255.255", "RFC 1918"],
    ["192.168.0.100", "RFC 1918"],
    ["100.64.0.1", "RFC 6598"],
    ["100.127.255.255", "RFC 6598"],
    ["127.0.0.1", "loopback"],
    ["169.254.0.1", "link-local"],
    ["224.0.0.1", "multicast"],
  ])("turns down %s: %s", (text, why) => {
    expect(whyNotPublic(ip(text))).toContain(why);
  });

  it.each([
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "203.0.113.21",
  ])("accepts %s", (text) => {
    expect(whyNotPublic(ip(text))).toBeNull();
  });
});

describe("isLinkLocal", () => {
  it("includes fe80::/10 and nothing else", () => {
    expect(["fe80::1", "febf::1"].map((text) => isLinkLocal(ip(text)))).toEqual([true, true]);
    expect(["fec0::1", "2001:db8::1", "169.254.0.1"].map((text) => isLinkLocal(ip(text)))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
