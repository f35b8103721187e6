import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { powerShellQuote, shellQuote } from "../../../src/values/text/shell-quote.ts";

/** A POSIX shell's interpretation of words: each on a separate line, so that the end of a word is visible. */
function shellSees(words: readonly string[]): string {
  return execFileSync("sh", ["-c", `printf '<%s>\\n' ${words.join(" ")}`], { encoding: "utf8" });
}

/**
 * PowerShell's interpretation of a single-quoted string, according to its specification; null if the string ends early.
 */
function powerShellSees(quoted: string): string | null {
  const inner = /^'((?:[^'‘’‚‛]|['‘’‚‛]{2})*)'$/u.exec(quoted)?.[1];
  return inner === undefined ? null : inner.replaceAll(/(['‘’‚‛])['‘’‚‛]/gu, "$1");
}

const HOSTILE = [
  "",
  " ",
  "-n",
  "it's",
  "'",
  "''",
  "'; rm -rf ~ #",
  "$(id)",
  "`id`",
  "${HOME}",
  "a\nb",
  "a\\",
  "\\'",
  "*",
  "~root",
  "!!",
  '"',
  "a&b|c;d<e>f",
  "Blåbær 😀",
  "=x",
  "#",
];

describe("shellQuote", () => {
  it("leaves plain words as they are", () => {
    expect(["pexip-conf01", "/Oslo-DC1/vm/pexip", "10.0.0.1:443", "a@b"].map(shellQuote)).toEqual([
      "pexip-conf01",
      "/Oslo-DC1/vm/pexip",
      "10.0.0.1:443",
      "a@b",
    ]);
  });

  it.runIf(process.platform !== "win32")("is one word with the same text to a shell, whatever the text", () => {
    expect(shellSees(HOSTILE.map(shellQuote))).toBe(HOSTILE.map((text) => `<${text}>\n`).join(""));
    const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        expect(shellSees(words.map(shellQuote))).toBe(words.map((text) => `<${text}>\n`).join(""));
      }),
      { numRuns: 20 },
    );
  });
});

describe("powerShellQuote", () => {
  it.each([
    ["vc-core", "'vc-core'"],
    ["it's", "'it''s'"],
    ["", "''"],
    ["$(Get-Date) `n", "'$(Get-Date) `n'"],
    ["x’; Remove-VM *; ‘", "'x’’; Remove-VM *; ‘‘'"],
  ])("%j", (text, quoted) => {
    expect(powerShellQuote(text)).toBe(quoted);
  });

  it("is one string with the same text, for any text", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "'", "‘", "’", "‚", "‛", '"', "$", "`", "\n", " ", ";") });
    fc.assert(
      fc.property(text, (given) => {
        expect(powerShellSees(powerShellQuote(given))).toBe(given);
      }),
    );
  });
});
