import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flow, wrap } from "../../../src/report/text/flow.ts";
import { painter } from "../../../src/report/text/paint.ts";
import { fitEnd, fitStart, textWidth } from "../../../src/report/text/text-width.ts";

const text = fc.string({
  unit: fc.oneof(fc.constantFrom("a", "b", " ", "漢", "é", "e\u0301", "🖥"), fc.string({ minLength: 1, maxLength: 1 })),
});

describe("textWidth", () => {
  it.each([
    ["conf01", 6],
    ["会議", 4],
    ["ｱｲ", 2],
    ["ＡＢ", 4],
    ["한국", 4],
    ["e\u0301", 1],
    ["😀", 2],
    ["", 0],
  ])("%j takes %i columns", (string, width) => {
    expect(textWidth(string)).toBe(width);
  });

  it("counts no style codes", () => {
    expect(textWidth(painter(true)("conf01", "red", "bold"))).toBe(6);
  });
});

describe("fitStart and fitEnd", () => {
  it("take as much as fits and split no wide character", () => {
    expect(fitStart("会議ノード", 5)).toBe("会議");
    expect(fitEnd("会議ノード", 5)).toBe("ード");
    expect(fitStart("abc", 5)).toBe("abc");
    expect(fitEnd("abc", 5)).toBe("abc");
  });
});

describe("wrap", () => {
  it("breaks at blanks", () => {
    expect(wrap("one two three four", 9)).toEqual(["one two", "three", "four"]);
  });

  it("breaks a word only when it is wider than a line", () => {
    expect(wrap("an abcdefghij word", 6)).toEqual(["an", "abcdef", "ghij", "word"]);
  });

  it.each([1, 0, -5])("comes to an end at %i columns", (width) => {
    expect(wrap("会 abc", width).join("").replaceAll(" ", "")).toBe("会abc");
  });

  it("loses nothing but blanks, and keeps to the width", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (string, width) => {
        const lines = wrap(string, width);
        expect(lines.join("").replaceAll(" ", "")).toBe(string.replaceAll(" ", ""));
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("flow", () => {
  it("never breaks inside a part", () => {
    expect(flow(["3 failed,", "12 passed,", "0 skipped"], 12)).toEqual(["3 failed,", "12 passed,", "0 skipped"]);
  });
});
