import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isGlob, matchesGlob } from "../../../src/values/text/glob.ts";

describe("matchesGlob", () => {
  it.each([
    ["deployment.yaml", "*.yaml", true],
    ["deployment.yaml", "*.yml", false],
    ["deployment.yaml", "deployment.yaml", true],
    ["deployment.yaml", "deployment?yaml", true],
    ["deploymentXyaml", "deployment.yaml", false],
    ["a[b](c)$", "a[b](*)$", true],
    ["dns/srv-target", "dns/srv-*", true],
    ["dns/srv/x", "dns/*", false],
    ["dns/x", "dns?x", false],
    ["", "**", true],
    ["", "?", false],
    ["é😀", "??", true],
    ["line\nend", "line*", true],
  ])("%j against %j: %s", (name, pattern, expected) => {
    expect(matchesGlob(name, pattern)).toBe(expected);
  });

  it("is what a regular expression without backtracking would find", () => {
    const letters = (alphabet: string) => fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), maxLength: 8 });
    fc.assert(
      fc.property(letters("ab/."), letters("ab/.*?"), (name, pattern) => {
        const source = pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
        expect(matchesGlob(name, pattern)).toBe(new RegExp(`^${source}$`).test(name));
      }),
    );
  });

  it("ends for a pattern with which a regular expression would not", () => {
    expect(matchesGlob("a".repeat(5000), `${"*a".repeat(500)}*b`)).toBe(false);
  });
});

describe("isGlob", () => {
  it.each([
    ["*.yaml", true],
    ["a?", true],
    ["a[b]{c}", false],
  ])("%j: %s", (text, expected) => {
    expect(isGlob(text)).toBe(expected);
  });
});
