import { describe, expect, it } from "vitest";
import {
  assertMemoryForChecks,
  Budget,
  BYTES_PER_ROW,
  countValues,
  MOST_ROWS,
  MOST_VALUES,
} from "../../../src/input/source/budget.ts";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";
import { PreflightError, PreflightErrors } from "../../../src/values/preflight-error.ts";

const MB = 1 << 20;

function errorOf(run: () => void): PreflightError | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof PreflightError) return error;
    throw error;
  }
}

describe("countValues", () => {
  it.each([
    ["{}", "json", 2],
    ["[1,1,1]", "json", 4],
    ['{"a": {"b": [1, 2]}, "c": 3}', "json", 6],
    ["a: 1\nb: [1, 2]\n", "yaml", 5],
    ["", "yaml", 1],
  ] as const)("has no fewer than %j has as %s", (text, format, values) => {
    expect(countValues(text, format)).toBe(values);
  });
});

describe("Budget", () => {
  it("refuses more values than a run reads, over all files, with the fix of the file", () => {
    const budget = new Budget(1024 * 1024 * MB);
    const half = ",".repeat(MOST_VALUES / 2 - 1);
    budget.spendValues(half, "json", "a.json", "Split it.");
    budget.spendValues(half, "json", "b.json", "Split it.");
    expect(errorOf(() => budget.spendValues("[]", "json", "c.json", "Split it."))).toMatchObject({
      code: "too-many-values",
      message: "c.json has too many values: with it, a run would read more than 20,000,000.",
      hint: "Split it.",
    });
  });

  it("refuses more rows than a run reads, over all tables", () => {
    const budget = new Budget(1024 * 1024 * MB);
    budget.spendRows(MOST_ROWS, "entry", "a.xlsx");
    expect(errorOf(() => budget.spendRows(1, "entry", "b.xlsx"))).toMatchObject({
      code: "too-many-rows",
      message: "b.xlsx has too many rows: with it, a run would read more than 5,000,000.",
      hint: "export fewer objects, or fewer tabs",
    });
  });

  it("refuses what would not fit into the memory, by values and by rows", () => {
    const text = `[${"1,".repeat(1_000_000)}1]`;
    expect(errorOf(() => new Budget(2048 * MB).spendValues(text, "yaml", "a.yaml", ""))).toBeNull();
    expect(errorOf(() => new Budget(128 * MB).spendValues(text, "yaml", "a.yaml", ""))).toMatchObject({
      code: "not-enough-memory",
      message: "a.yaml needs more memory than Node may use: about 462 MB of 128 MB.",
      hint: "raise the limit: NODE_OPTIONS=--max-old-space-size=486",
    });
    expect(errorOf(() => new Budget(128 * MB).spendRows(100_000, "entry", "a.xlsx"))).toMatchObject({
      code: "not-enough-memory",
      message: "a.xlsx needs more memory than Node may use: about 144 MB of 128 MB.",
      hint: "raise the limit: NODE_OPTIONS=--max-old-space-size=256",
    });
    const budget = new Budget(128 * MB);
    budget.spendRows(15_000, "machine", "a.xlsx");
    expect(errorOf(() => budget.spendRows(15_000, "machine", "b.xlsx"))).toMatchObject({ code: "not-enough-memory" });
  });

  it("counts the values of a text when its characters alone would be too many", () => {
    const budget = new Budget(64 * MB);
    const oneValue = `"${"a".repeat(1_000_000)}"`;
    for (const name of ["a.json", "b.json", "c.json"]) {
      expect(errorOf(() => budget.spendValues(oneValue, "json", name, ""))).toBeNull();
    }
    const manyValues = `[${"1,".repeat(600_000)}1]`;
    expect(errorOf(() => budget.spendValues(manyValues, "json", "d.json", ""))).toMatchObject({
      message: "d.json needs more memory than Node may use: about 44 MB of 64 MB.",
    });
  });

  it("lets rows take all of the heap but 24 MiB", () => {
    const heap = 24 * MB + 1000 * BYTES_PER_ROW.entry;
    expect(errorOf(() => new Budget(heap).spendRows(1000, "entry", "a.xlsx"))).toBeNull();
    expect(errorOf(() => new Budget(heap - 1).spendRows(1000, "entry", "a.xlsx"))).toMatchObject({
      code: "not-enough-memory",
    });
  });

  it("is spent before a text is parsed", async () => {
    const given = `a: [${"1,".repeat(500_000)}1]\n`;
    const read = await parseSource(given, "a.yaml", { budget: new Budget(64 * MB), hint: "Split it." });
    expect(read.source).toBeNull();
    expect(read.text).toBe("");
    expect(read.errors.map(({ code }) => code)).toEqual(["not-enough-memory"]);
  });
});

describe("assertMemoryForChecks", () => {
  it("refuses checks that do not fit, with the limit that is enough, and nothing below", () => {
    const heap = 1000 * MB;
    const refused = (evaluated: number, skipped = 0) => {
      try {
        assertMemoryForChecks({ evaluated, skipped }, heap);
        return null;
      } catch (error) {
        return error instanceof PreflightErrors ? error.errors : error;
      }
    };
    expect(refused(1_500_000)).toBeNull();
    expect(refused(0, 20_000_000)).toBeNull();
    expect(refused(1_700_000)).toMatchObject([
      {
        code: "not-enough-memory",
        message: "The 1,700,000 checks of this run need more memory than Node may use: about 1,038 MB of 1,000 MB.",
        hint: "split the deployment, run fewer rules with --only, or raise the limit: NODE_OPTIONS=--max-old-space-size=1062",
      },
    ]);
  });

  it.each([
    { evaluated: 1000, skipped: 0 },
    { evaluated: 0, skipped: 40_000 },
  ])("lets $evaluated evaluated and $skipped skipped checks take all of the heap but 24 MiB", (checks) => {
    const heap = 24 * MB + 640_000;
    expect(() => assertMemoryForChecks(checks, heap)).not.toThrow();
    expect(() => assertMemoryForChecks(checks, heap - 1)).toThrow(PreflightErrors);
  });

  it("lets 50,000 nodes with the whole catalogue pass with a heap of 2 GiB", () => {
    expect(() => assertMemoryForChecks({ evaluated: 2_900_000, skipped: 0 }, 2048 * MB)).not.toThrow();
  });
});
