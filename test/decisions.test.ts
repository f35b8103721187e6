import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PAGE = readFileSync(join(import.meta.dirname, "..", "docs", "decisions.md"), "utf8");

const DECISIONS = [...PAGE.matchAll(/^### (.*)\n([\s\S]*?)(?=^#|$(?![\s\S]))/gm)].map(
  ([, heading = "", body = ""]) => ({
    heading,
    body,
    number: Number(/^\d+/.exec(heading)?.[0]),
  }),
);

describe("decisions", () => {
  it("have consecutive numbers, each once: commits and comments refer to them", () => {
    const numbers = DECISIONS.map(({ number }) => number).sort((one, other) => one - other);
    expect(numbers.length).toBeGreaterThan(60);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it.each(DECISIONS)("$heading: has a date, a reason and what was rejected", ({ heading, body }) => {
    expect(heading).toMatch(/^\d+\. \S.* \(20\d\d-[01]\d-[0-3]\d\)$/);
    expect(body).toMatch(/^\n- Why: [^\n]+(?:\n {2}[^\n]+)*\n- Rejected: [^\n]+(?:\n {2}[^\n]+)*\n\n?$/);
  });
});
