import { describe, expect, it } from "vitest";
import { ntpServerEntries } from "../../../src/values/network/ntp-server-entry.ts";

describe("ntpServerEntries", () => {
  it.each([
    [["a", "A.", "a iburst"], ["a"]],
    [
      ["0.pool.ntp.org", "1.pool.ntp.org"],
      ["0.pool.ntp.org", "1.pool.ntp.org"],
    ],
    [["ntp1.example.com minpoll 4 maxpoll 10 prefer"], ["ntp1.example.com"]],
    [["ntp1.example.com\tIBURST "], ["ntp1.example.com"]],
    [["2001:db8::1", "2001:DB8:0::1", "[2001:db8::1]:123"], ["2001:db8::1"]],
    [
      ["10.0.0.1", "10.0.0.1:123", "10.0.0.1:1123"],
      ["10.0.0.1", "10.0.0.1:1123"],
    ],
    [["", " ", "\n"], []],
    [[], []],
  ])("reads %j", (entries, servers) => {
    expect(ntpServerEntries(entries)).toEqual({ servers, unreadable: [] });
  });

  it.each([
    "http://ntp1.example.com",
    "a, b",
    "ntp1.example.com ntp2.example.com",
    "a minpoll",
    "10.0.0.256",
    "iburst prefer minpoll 4x",
  ])("does not guess which server %j stands for", (entry) => {
    expect(ntpServerEntries([entry, "b"])).toEqual({ servers: ["b"], unreadable: [entry] });
  });

  it("is quick with a hostile entry", () => {
    const entry = `a${" iburst".repeat(20_000)}!`;
    expect(ntpServerEntries([entry]).unreadable).toEqual([entry]);
  });
});
