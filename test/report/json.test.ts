import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json } from "../../src/report/json.ts";
import { jsonText } from "../../src/report/json-text.ts";
import {
  check,
  cleanReport,
  crashedReport,
  failingReport,
  hostileReport,
  report,
  undecidedReport,
} from "./sample-report.ts";

describe("json", () => {
  it.each([
    ["clean", cleanReport()],
    ["failing", failingReport()],
    ["undecided", undecidedReport()],
    ["crashed", crashedReport()],
    ["hostile", hostileReport()],
  ])("gives the %s report back when parsed", (_name, sample) => {
    expect(JSON.parse([...json(sample)].join(""))).toEqual(sample);
  });

  it("is indented by two and ends with a line end", () => {
    expect([...json(failingReport())].join("")).toBe(`${JSON.stringify(failingReport(), null, 2)}\n`);
  });

  it("comes in pieces of one check at most", () => {
    const checks = Array.from({ length: 500 }, (_, index) => check("vm/no-snapshots", `node n${index}`));
    const longest = Math.max(
      ...[...json(report(checks, { gate: "open", gate_reason: "all passed" }))].map((piece) => piece.length),
    );
    expect(longest).toBeLessThan(1000);
  });

  it("has no control character but line ends, so that a terminal shows it as it is", () => {
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

  it("leaves out what is undefined", () => {
    expect([...jsonText({ a: undefined, b: { c: undefined } }, 1)].join("")).toBe('{\n  "b": {}\n}');
  });
});
