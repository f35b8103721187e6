import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEndpoint } from "../../../src/values/network/endpoint.ts";

const address = (host: string, port: number) => ({ host, isAddress: true, port });
const name = (host: string, port: number) => ({ host, isAddress: false, port });

describe("parseEndpoint", () => {
  it.each([
    ["10.0.0.1", address("10.0.0.1", 123)],
    ["10.0.0.1:5353", address("10.0.0.1", 5353)],
    [" 10.0.0.1 ", address("10.0.0.1", 123)],
    ["::1", address("::1", 123)],
    ["2001:DB8::0:1", address("2001:db8::1", 123)],
    ["[::1]", address("::1", 123)],
    ["[2001:db8::1]:5353", address("2001:db8::1", 5353)],
    ["ntp1.example.com", name("ntp1.example.com", 123)],
    ["NTP1.Example.com.", name("ntp1.example.com", 123)],
    ["ntp1.example.com.:1123", name("ntp1.example.com", 1123)],
    ["ntp1:65535", name("ntp1", 65535)],
  ])("reads %j", (text, expected) => {
    expect(parseEndpoint(text, 123)).toEqual(expected);
  });

  it.each([
    "",
    " ",
    ":53",
    "a:",
    "a:0",
    "a:65536",
    "a:99999",
    "a:123456",
    "a:-1",
    "a:1e3",
    "a:53:53",
    "[]:53",
    "[::1",
    "::1]",
    "[::1]53",
    "[10.0.0.1]:53",
    "[ntp1]:53",
    "fe80::1%eth0",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.1.",
    "10.0.0.1/24",
    "https://ntp1.example.com",
    "ntp1 ntp2",
    "ntp1,ntp2",
    "ntp1 :123",
    "ntp1.example.com iburst",
    "a\u0000b",
    "-a",
  ])("refuses %j", (text) => {
    expect(parseEndpoint(text, 123)).toBeNull();
  });

  it("reads back every address with a port", () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV4(), fc.integer({ min: 1, max: 65535 }), (six, four, port) => {
        expect(parseEndpoint(`[${six}]:${port}`, 1)).toMatchObject({ isAddress: true, port });
        expect(parseEndpoint(`${four}:${port}`, 1)).toEqual(address(four, port));
      }),
    );
  });

  it("never throws, and never gives a port out of range", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const port = parseEndpoint(text, 53)?.port ?? 53;
        expect(port >= 1 && port <= 65535).toBe(true);
      }),
    );
  });
});
