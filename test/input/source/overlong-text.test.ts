import { describe, expect, it } from "vitest";
import { LONGEST_TEXT } from "../../../src/input/source/limits.ts";
import { hasLongLine } from "../../../src/input/source/overlong-text.ts";

const line = (length: number) => "x".repeat(length);

describe("a line that is longer than any text may be", () => {
  it.each([
    ["none", ""],
    ["one at the limit", line(LONGEST_TEXT)],
    ["several at the limit", `${line(LONGEST_TEXT)}\n${line(LONGEST_TEXT)}\n\n${line(LONGEST_TEXT)}`],
    ["many short ones", "x\n".repeat(LONGEST_TEXT)],
  ])("is not found in %s", (_, text) => {
    expect(hasLongLine(text)).toBe(false);
  });

  it.each([
    ["alone", line(LONGEST_TEXT + 1)],
    ["first", `${line(LONGEST_TEXT + 1)}\n`],
    ["last", `${line(LONGEST_TEXT)}\n${line(LONGEST_TEXT + 1)}`],
    ["behind blank lines", `\n\n${line(LONGEST_TEXT + 1)}\n\n`],
    ["between short ones", `${"x\n".repeat(LONGEST_TEXT)}${line(LONGEST_TEXT + 1)}\n${"x\n".repeat(9)}`],
  ])("is found %s", (_, text) => {
    expect(hasLongLine(text)).toBe(true);
  });
});
