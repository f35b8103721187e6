import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern } from "../../../src/values/text/name-pattern.ts";

describe("matchesPattern", () => {
  it.each([
    ["backup-proxy", "backup-proxy", true],
    ["Backup-Proxy", "BACKUP-*", true],
    ["backup-proxy", "backup", false],
    ["backup-proxy", "*proxy", true],
    ["backup-proxy-2", "*proxy", false],
    ["backup-proxy", "*kup*pro*", true],
    ["aXb", "a*b", true],
    ["ab", "a*b", true],
    ["aba", "ab*ba", false],
    ["a.b", "a?b", false],
    ["(x)", "(x)", true],
    ["anything", "*", true],
    ["", "*", true],
    ["x", "", false],
  ])("%j fits %j: %s", (name, pattern, expected) => {
    expect(matchesPattern(name, pattern)).toBe(expected);
  });

  it("does as a regular expression does", () => {
    const textOf = (...characters: readonly string[]) =>
      fc.array(fc.constantFrom(...characters), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(textOf("a", "b"), textOf("a", "b", "*"), (name, pattern) => {
        const regExp = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
        expect(matchesPattern(name, pattern)).toBe(regExp.test(name));
      }),
    );
  });
});
