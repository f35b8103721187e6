import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TextLocation } from "../../../src/values/location.ts";
import { excerptLines } from "../../../src/report/model/excerpt-lines.ts";
import { excerpts } from "../../../src/report/model/excerpts.ts";
import { codeFrame } from "../../../src/report/model/code-frame.ts";
import { unpainted } from "../../../src/report/text/paint.ts";
import { textWidth } from "../../../src/report/text/text-width.ts";
import { at, DEPLOYMENT } from "../sample-report.ts";

function range(line: number, column: number, endColumn: number, endLine = line): TextLocation {
  return { path: "x.yaml", line, column, end_line: endLine, end_column: endColumn };
}

function painted(text: string, location: TextLocation, color: boolean, width = 80): string[] {
  const { path } = location;
  const known = excerpts([{ location, isHashed: false }], new Map([[path, text]]));
  return codeFrame(excerptLines(known), location, { color, width });
}

function frame(text: string, location: TextLocation, width = 80): string[] {
  return painted(text, location, false, width);
}

describe("codeFrame", () => {
  it("shows two lines before, one after, and carets under the range", () => {
    expect(frame(DEPLOYMENT, at("deployment.yaml", "8190"), 100)).toEqual([
      "  21 |     domain: vc.example.com",
      "  22 |     address: 10.44.10.21",
      "> 23 |     vm_system_memory: 8190",
      "     |                       ^^^^",
      "  24 |     vm: { name: pexip-conf01, cluster: vc-cluster, network: conferencing }",
    ]);
  });

  it("stops at the first and the last line", () => {
    expect(frame("only: 1\n", range(1, 1, 5))).toEqual(["> 1 | only: 1", "    | ^^^^"]);
  });

  it("shows an empty line without blanks at its end", () => {
    expect(frame("a: 1\n\nb: 2", range(3, 1, 2))).toEqual(["  1 | a: 1", "  2 |", "> 3 | b: 2", "    | ^"]);
  });

  it.each(["\n", "\r\n", "\r"])("knows lines that end with %j", (end) => {
    expect(frame(["a: 1", "b: 2", "c: 3"].join(end), range(2, 4, 5))).toEqual([
      "  1 | a: 1",
      "> 2 | b: 2",
      "    |    ^",
      "  3 | c: 3",
    ]);
  });

  it("widens tabs to their stops", () => {
    expect(frame("\tab:\t1", range(1, 6, 7))).toEqual(["> 1 |     ab: 1", "    |         ^"]);
  });

  it("counts wide characters as two columns", () => {
    expect(frame('name: "会議" # x', range(1, 7, 11))).toEqual(['> 1 | name: "会議" # x', "    |       ^^^^^^"]);
  });

  it("marks a visible escape whole", () => {
    expect(frame("a\u001bb", range(1, 2, 3))).toEqual(["> 1 | a\\x1bb", "    |  ^^^^"]);
  });

  it("marks a range of several lines on its first one", () => {
    expect(frame("vm:\n  name: a\n  host: b\n", range(2, 3, 10, 3))).toEqual([
      "  1 | vm:",
      "> 2 |   name: a",
      "    |   ^^^^^^^",
      "  3 |   host: b",
    ]);
  });

  it("marks the position of an empty range, even at the end of a line", () => {
    expect(frame("a: ", range(1, 4, 4))).toEqual(["> 1 | a:", "    |    ^"]);
  });

  it("splits no surrogate pair", () => {
    expect(frame("🖥🖥x", range(1, 2, 5)).join()).not.toMatch(/\\u\{d8/);
  });

  it("cuts a long line around the range", () => {
    const [marked = "", carets = ""] = frame(
      `{"hosts":[${'"aaaaaaaa",'.repeat(50)}"HERE",${'"bbbbbbbb",'.repeat(50)}]}`,
      range(1, 562, 566),
      60,
    );
    expect(marked).toMatch(/^> 1 \| ….*"HERE".*…$/);
    expect(marked.indexOf("HERE")).toBe(carets.indexOf("^^^^"));
    expect(marked.length).toBeLessThanOrEqual(60);
  });

  it("keeps the beginning of a long line when the range is near it", () => {
    const [marked = ""] = frame(`{"name":"x",${'"bbbbbbbb",'.repeat(50)}]}`, range(1, 9, 12), 60);
    expect(marked).toMatch(/^> 1 \| \{"name":"x",.*…$/);
  });

  it("is empty if the text does not have the line", () => {
    expect(frame("a: 1\n", range(9, 1, 2))).toEqual([]);
    expect(frame("a: 1\n", range(0, 1, 2))).toEqual([]);
  });

  it("is quick and short for a line of megabytes", () => {
    const text = `{${'"k":1,'.repeat(1_000_000)}}`;
    expect(frame(text, range(1, 3_000_000, 3_000_003)).join("").length).toBeLessThan(200);
  });

  it("keeps to the width, with a caret on the line, for any text and range", () => {
    const line = fc.string({
      unit: fc.oneof(
        fc.constantFrom("\t", "漢", "\u001b", "🖥", "a", " "),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      ),
      maxLength: 300,
    });
    fc.assert(
      fc.property(
        line,
        line,
        fc.nat(320),
        fc.nat(320),
        fc.integer({ min: 30, max: 120 }),
        (first, second, column, length, width) => {
          const lines = frame(`${first}\n${second}`, range(1, column + 1, column + 1 + length), width);
          for (const shown of lines) {
            expect(textWidth(shown)).toBeLessThanOrEqual(width);
            expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          }
          expect(lines[1]).toMatch(/^ {4}\| *\^+$/);
        },
      ),
    );
  });

  it("only adds style codes in colour", () => {
    const location = at("deployment.yaml", "8190");
    const coloured = painted(DEPLOYMENT, location, true).join("\n");
    expect(unpainted(coloured)).toBe(frame(DEPLOYMENT, location).join("\n"));
    expect(coloured).toContain("\u001b[31m^^^^\u001b[39m");
  });
});
