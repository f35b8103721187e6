import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NearNames, suggest } from "../../../src/values/text/suggest.ts";

const keys = [
  "name",
  "hostname",
  "host",
  "domain",
  "address",
  "netmask",
  "vm_cpu_count",
  "vm_system_memory",
  "dns_servers",
];

describe("suggest", () => {
  it.each([
    ["hostnam", "hostname", "a letter missing"],
    ["hostnname", "hostname", "a letter too many"],
    ["hostmane", "hostname", "two letters wrong"],
    ["adress", "address", "a letter missing in the middle"],
    ["naem", "name", "two letters swapped"],
    ["vm_sytsem_memoyr", "vm_system_memory", "several slips in a long word"],
    ["VM-CPU-Count", "vm_cpu_count", "other case and hyphens"],
    ["vmCpuCount", "vm_cpu_count", "camel case"],
    ["HOST", "host", "upper case"],
    ["dns", "dns_servers", "the beginning of a key"],
    ["net", "netmask", "the beginning of a key"],
  ])("%s → %s: %s", (word, expected) => {
    expect(suggest(word, keys)).toBe(expected);
  });

  it.each([
    ["", "an empty word"],
    ["ho", "a beginning too short to mean one key"],
    ["colour", "another word"],
    ["nmoa", "two slips in four letters"],
    ["-_-", "nothing but separators"],
    ["hostname".repeat(20), "an endless word"],
  ])("%j → nothing: %s", (word) => {
    expect(suggest(word, keys)).toBeNull();
  });

  it("prefers fewer typos to a position further up the list", () => {
    expect(suggest("addresses", ["addresx", "addressed"])).toBe("addressed");
  });

  it("takes the first of equals", () => {
    expect(suggest("rule-c", ["rule-a", "rule-b"])).toBe("rule-a");
    expect(suggest("rule-c", ["rule-b", "rule-a"])).toBe("rule-b");
  });

  it("prefers a slip to the beginning of another candidate", () => {
    expect(suggest("names", ["names_of_all", "name"])).toBe("name");
  });

  it.each(["bacd", "acbd", "abdc"])("counts a swap of neighbours as one slip: %s", (swapped) => {
    expect(suggest(swapped, ["abcd"])).toBe("abcd");
    expect(suggest("abxy", ["abcd"])).toBeNull();
  });

  it("always finds a candidate that is written exactly", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z_]{1,12}$/), { minLength: 1 }), fc.nat(), (words, index) => {
        const word = words[index % words.length] ?? "";
        const letters = (text: string | null): string => (text ?? "").replaceAll("_", "");
        fc.pre(letters(word) !== "");
        expect(letters(suggest(word, words))).toBe(letters(word));
      }),
    );
  });

  it("returns a candidate or null for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (word) => {
        const result = suggest(word, keys);
        expect(result === null || keys.includes(result)).toBe(true);
      }),
    );
  });
});

describe("NearNames", () => {
  it.each([
    ["esxi01", ["esxi01.example.com", "esxi02.example.com"], "esxi01.example.com"],
    ["esxi01.example.com", ["ESXi01"], "ESXi01"],
    ["vc_core", ["vc-core", "vc-edge"], "vc-core"],
    ["SSD-01", ["ssd_01"], "ssd_01"],
  ])("of %j among %j is %s", (name, candidates, near) => {
    expect(new NearNames(candidates).nearest(name)).toBe(near);
  });

  it.each([
    ["esxi1", ["esxi01.example.com"]],
    ["esxi01", ["esxi01.example.com", "esxi01.example.net"]],
    ["", ["a"]],
    ["a", []],
  ])("of %j among %j is none", (name, candidates) => {
    expect(new NearNames(candidates).nearest(name)).toBeNull();
  });
});
