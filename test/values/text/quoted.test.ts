import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoted, escapeForMessage } from "../../../src/values/text/quoted.ts";

describe("quoted", () => {
  it.each([
    ["plain", '"plain"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["two\nlines\tand\r", '"two\\nlines\\tand\\r"'],
    ["\u001b[31mred\u001b[0m", '"\\u{1b}[31mred\\u{1b}[0m"'],
    ["abc\u202edcba", '"abc\\u{202e}dcba"'],
    ["zero\u200bwidth", '"zero\\u{200b}width"'],
    ["half \ud83d a pair", '"half \\u{d83d} a pair"'],
    ["Blåbærsyltetøy 😀", '"Blåbærsyltetøy 😀"'],
    ["https://svc:pa@ss@vcenter/sdk", '"https://***@vcenter/sdk"'],
    ["", '""'],
  ])("%j", (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  it("cuts after 60 characters and never through one", () => {
    expect(quoted("x".repeat(60))).toBe(`"${"x".repeat(60)}"`);
    expect(quoted("x".repeat(61))).toBe(`"${"x".repeat(60)}…"`);
    expect(quoted("😀".repeat(61))).toBe(`"${"😀".repeat(60)}…"`);
    expect(quoted("y".repeat(5_000_000))).toHaveLength(63);
  });

  it("never lets a control or direction character through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeForMessage(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
