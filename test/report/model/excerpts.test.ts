import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerptLines } from "../../../src/report/model/excerpt-lines.ts";
import { excerptLocations } from "../../../src/report/model/excerpt-places.ts";
import { excerpts, type ExcerptLocation } from "../../../src/report/model/excerpts.ts";
import { lineHashes } from "../../../src/report/model/line-hash.ts";
import { at, check, cleanReport, failed, finding, report } from "../sample-report.ts";

const TEN = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join("\n");

function place(line: number, column = 1, endLine = line, isHashed = false): ExcerptLocation {
  return { location: { path: "x.yaml", line, column, end_line: endLine, end_column: column + 1 }, isHashed };
}

function linesOf(text: string, ...places: ExcerptLocation[]) {
  return excerpts(places, new Map([["x.yaml", text]]))[0]?.lines ?? [];
}

describe("excerpts", () => {
  it("contain two lines before a location and one after, each line once", () => {
    expect(linesOf(TEN, place(5), place(6), place(5)).map(({ line, text }) => [line, text])).toEqual(
      [3, 4, 5, 6, 7].map((line) => [line, `line ${line}`]),
    );
  });

  it("contain all lines of a range, up to ten", () => {
    expect(linesOf(TEN, place(1, 1, 4)).map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    expect(linesOf("\n".repeat(50), place(1, 1, 40))).toHaveLength(10);
  });

  it("contain nothing from a file that is not available, and no line that does not exist", () => {
    expect(excerpts([place(1)], new Map())).toEqual([]);
    expect(excerpts([place(99)], new Map([["x.yaml", "a: 1\n"]]))).toEqual([]);
  });

  it("contain the hash of a line with a result, and of no other", () => {
    const lines = linesOf(TEN, place(5, 1, 5, true), place(6));
    expect(lines.map(({ hash }) => hash)).toEqual([null, null, lineHashes(TEN, new Set([5])).get(5), null, null]);
  });

  it("cut a long line around each location in it, and find the piece again", () => {
    const text = `[${Array.from({ length: 100_000 }, (_, index) => `"n${index}"`).join(",")}]`;
    const columns = [1, 251, 5000, 400_000, text.length].map((column) => place(1, column));
    const known = excerpts(columns, new Map([["x.yaml", text]]));
    expect(JSON.stringify(known).length).toBeLessThan(5000);
    const lineAt = excerptLines(known);
    for (const { location } of columns) {
      const piece = lineAt("x.yaml", 1, location.column);
      const offset = location.column - (piece?.column ?? 0);
      expect(piece?.text.slice(offset, offset + 9)).toBe(text.slice(location.column - 1, location.column + 8));
      expect(piece?.length).toBe(text.length);
    }
  });

  it("find the right piece of a long line with any content, and split no surrogate pair", () => {
    const unit = fc.constantFrom("🖥", "a", "漢");
    fc.assert(
      fc.property(fc.array(unit, { minLength: 300, maxLength: 900 }), fc.nat(1700), (units, column) => {
        const text = units.join("");
        const wanted = Math.min(column, text.length - 1) + 1;
        const piece = excerptLines(excerpts([place(1, wanted), place(1)], new Map([["x.yaml", text]])))(
          "x.yaml",
          1,
          wanted,
        );
        expect(text.slice((piece?.column ?? 0) - 1).startsWith(piece?.text ?? "none")).toBe(true);
        expect(piece?.text).not.toMatch(/\p{Cs}/u);
        const end = (piece?.column ?? 0) + (piece?.text.length ?? 0);
        expect((piece?.column ?? Infinity) <= wanted + 1 && wanted < end + 1).toBe(true);
      }),
    );
  });

  it("stop at 20,000 lines", () => {
    const text = "a: 1\n".repeat(100_000);
    expect(linesOf(text, ...Array.from({ length: 10_000 }, (_, index) => place(index * 10 + 1)))).toHaveLength(20_000);
  });
});

describe("excerptPlaces", () => {
  it("are none when everything passes", () => {
    expect(excerptLocations(cleanReport())).toEqual([]);
    expect(cleanReport().excerpts).toEqual([]);
  });

  it("list failures before inconclusive checks, related locations, and line 1 for what has no line", () => {
    const checks = [
      check("vm/memory-reserved", "node a", { verdict: "inconclusive", missing: [{ what: "gap", location: null }] }),
      failed(
        "vm/no-snapshots",
        "node b",
        finding("Wrong.", {
          location: at("deployment.yaml", "8190"),
          related: [{ message: "here", location: at("deployment.yaml", "8192") }],
        }),
      ),
    ];
    const places = excerptLocations(report(checks, { gate: "failed", gate_reason: "" }));
    expect(places.map(({ location, isHashed }) => [location.line, isHashed])).toEqual([
      [23, true],
      [29, false],
      [1, true],
    ]);
  });
});
