import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json } from "../../src/report/json.ts";
import { jsonText } from "../../src/report/text/json-text.ts";
import {
  check,
  cleanReport,
  crashedReport,
  failingReport,
  hostileReport,
  report,
  inconclusiveReport,
} from "./sample-report.ts";

describe("json", () => {
  it.each([
    ["clean", cleanReport()],
    ["failing", failingReport()],
    ["inconclusive", inconclusiveReport()],
    ["crashed", crashedReport()],
    ["hostile", hostileReport()],
  ])("gives the %s report back when parsed", (_name, sample) => {
    expect(JSON.parse([...json(sample)].join(""))).toEqual(sample);
  });

  it("is indented by two and ends with a line end", () => {
    expect([...json(failingReport())].join("")).toBe(`${JSON.stringify(failingReport(), null, 2)}\n`);
  });

  it("comes in pieces whose size does not grow with the number of checks", () => {
    const longest = (count: number) => {
      const checks = Array.from({ length: count }, (_, index) => check("vm/no-snapshots", `node n${1000 + index}`));
      const pieces = [...json(report(checks, { gate: "passed", gate_reason: "all passed" }))];
      return Math.max(...pieces.map((piece) => piece.length));
    };
    expect(longest(5000)).toBe(longest(500));
    expect(longest(5000)).toBeLessThan(30_000);
  });

  it("has no control character except line breaks, so that a terminal shows it unchanged", () => {
    expect([...json(hostileReport())].join("")).not.toMatch(/[^\P{C}\n]/u);
  });
});

describe("jsonText", () => {
  it("writes what JSON.stringify writes, at any depth", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(5), (value, depth) => {
        const text = [...jsonText(value, depth)].join("");
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text.split("\n")).toHaveLength(JSON.stringify(value, null, 2).split("\n").length);
      }),
    );
  });

  it.each([63, 64, 65, 200])("indents all of %i items alike, at any depth", (count) => {
    const items = Array.from({ length: count }, (_, index) => ({ index, name: `n${index}`, none: [] }));
    for (const value of [items, { items }, { inner: { items, after: 1 } }, [[items]]]) {
      for (const depth of [0, 1, 2, 3, 4]) {
        expect([...jsonText(value, depth)].join("")).toBe(JSON.stringify(value, null, 2));
      }
    }
  });

  it("omits undefined values", () => {
    expect([...jsonText({ a: undefined, b: { c: undefined } }, 1)].join("")).toBe('{\n  "b": {}\n}');
  });
});
