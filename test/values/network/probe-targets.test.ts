import { describe, expect, it } from "vitest";
import {
  allowedTargetText,
  parseAllowedTargets,
  refusalOf,
  whyNotProbed,
} from "../../../src/values/network/probe-targets.ts";

const allowed = (...texts: readonly string[]) =>
  texts.flatMap((text) => parseAllowedTargets(text) ?? expect.fail(text));

describe("parseAllowedTargets", () => {
  it.each([
    ["127.0.0.0/8", { version: 4, network: 0x7f000000n, prefix: 8, port: null }],
    ["127.1.2.3/8:53", { version: 4, network: 0x7f000000n, prefix: 8, port: 53 }],
    ["10.0.0.5", { version: 4, network: 0x0a000005n, prefix: 32, port: null }],
    ["10.0.0.5:8443", { version: 4, network: 0x0a000005n, prefix: 32, port: 8443 }],
    ["0.0.0.0/0", { version: 4, network: 0n, prefix: 0, port: null }],
    ["::1/128", { version: 6, network: 1n, prefix: 128, port: null }],
    ["::1", { version: 6, network: 1n, prefix: 128, port: null }],
    ["[::1]/128:53", { version: 6, network: 1n, prefix: 128, port: 53 }],
    ["[FE80::1]/10", { version: 6, network: 0xfe80n << 112n, prefix: 10, port: null }],
  ] as const)("reads %s", (text, expected) => {
    expect(parseAllowedTargets(text)).toEqual(expected);
  });

  it.each([
    "",
    "localhost",
    "10.0.0.5/33",
    "::1/129",
    "10.0.0.5:0",
    "10.0.0.5:65536",
    "10.0.0/8",
    "[10.0.0.5]/32",
    "10.0.0.5/8/8",
  ])("does not read %s", (text) => {
    expect(parseAllowedTargets(text)).toBeNull();
  });
});

describe("whyNotProbed", () => {
  it.each([
    ...["10.44.0.10", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.2.1", "8.8.8.8"],
    ...["fd00::1", "2001:db8::1", "2606:4700::1111"],
  ])("lets %s be contacted on the usual ports alone", (address) => {
    for (const port of [53, 123, 443, 5061]) expect(whyNotProbed(address, port, [])).toBeNull();
    expect(whyNotProbed(address, 22, [])).toBe("port 22 is not one of 53, 123, 443, 5061");
  });

  it.each([
    ["127.0.0.1", "127.0.0.1 is a loopback address (RFC 1122)"],
    ["0.0.0.0", "0.0.0.0 is an address in 0.0.0.0/8 (RFC 1122)"],
    ["169.254.169.254", "169.254.169.254 is a link-local address (RFC 3927)"],
    ["::1", "::1 is the loopback address (RFC 4291)"],
    ["::", ":: is the unspecified address (RFC 4291)"],
    ["::ffff:a9fe:a9fe", "is an IPv4 address in IPv6 form (RFC 4291)"],
    ["fe80::1", "fe80::1 is a link-local address (RFC 4291)"],
    ["fd00:ec2::254", "fd00:ec2::254 is the metadata address of a cloud"],
    ["fe80::1%eth0", "fe80::1%eth0 is a link-local address"],
    ["224.0.1.1", "is a multicast address"],
  ])("refuses %s on every port", (address, why) => {
    for (const port of [53, 443, 8443]) expect(whyNotProbed(address, port, [])).toContain(why);
  });

  it("allows what the option that it names allows, and no more", () => {
    for (const [address, port] of [["127.0.0.1", 22], ["fe80::1", 53], ["10.0.0.5", 8443]] as const) {
      const only = allowed(allowedTargetText(address, port));
      expect(whyNotProbed(address, port, only)).toBeNull();
      expect(whyNotProbed(address, port + 1, only)).not.toBeNull();
    } // prettier-ignore
    expect(whyNotProbed("::1", 53, allowed("0.0.0.0/0"))).not.toBeNull();
  });
});

describe("refusalOf", () => {
  it("names an option that allows the connection", () => {
    for (const [address, port] of [
      ["127.0.0.1", 53],
      ["::1", 6379],
      ["10.0.0.5", 8443],
      ["fd00:ec2::254", 443],
    ] as const) {
      const option = /allow it with --allow-probe (\S+)$/.exec(refusalOf(address, port, []) ?? "")?.[1] ?? "";
      expect(refusalOf(address, port, allowed(option))).toBeNull();
    }
  });

  it("matches only the port of a name", () => {
    expect(refusalOf("vcenter01.example.com", 443, [])).toBeNull();
    expect(refusalOf("vcenter01.example.com", 8443, [])).toBe(
      "not contacted: port 8443 is not one of 53, 123, 443, 5061; allow it with --allow-probe CIDR:8443, CIDR being a range with the addresses of vcenter01.example.com",
    );
    expect(refusalOf("vcenter01.example.com", 8443, allowed("10.0.0.0/8:8443"))).toBeNull();
    expect(refusalOf("vcenter01.example.com", 8443, allowed("10.0.0.0/8:22"))).not.toBeNull();
  });
});
