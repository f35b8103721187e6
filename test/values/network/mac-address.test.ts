import { describe, expect, it } from "vitest";
import { canonicalMac, whyNoAdapter } from "../../../src/values/network/mac-address.ts";

describe("canonicalMac", () => {
  it.each([
    "00:50:56:2a:00:05",
    "00:50:56:2A:00:05",
    "00-50-56-2a-00-05",
    "00.50.56.2a.00.05",
    "0050.562a.0005",
    "0050:562A:0005",
    "005056-2a0005",
    "0050562a0005",
    " 00:50:56:2a:00:05 ",
  ])("reads %s", (text) => {
    expect(canonicalMac(text)).toBe("0050562a0005");
  });

  it.each([
    "",
    "00:50:56:2a:00",
    "00:50:56:2a:00:05:06",
    "00:50:56:2a:00:0g",
    "00:50-56:2a:00:05",
    "0:50:56:2a:0:5",
    "005056 2a0005",
    "00:50:56:2a:00:05\n00:50:56:2a:00:06",
    "::::::",
  ])("does not read %j", (text) => {
    expect(canonicalMac(text)).toBeNull();
  });
});

describe("whyNoAdapter", () => {
  it.each([
    ["0050562a0005", null],
    ["025056000001", null],
    ["fe0000000000", null],
    ["000000000001", null],
    ["010056000001", "a multicast address"],
    ["333300000001", "a multicast address"],
    ["ff0000000000", "a multicast address"],
    ["ffffffffffff", "the broadcast address"],
    ["000000000000", "the empty address"],
  ])("of %s is %s", (mac, why) => {
    expect(whyNoAdapter(mac)).toBe(why);
  });
});
