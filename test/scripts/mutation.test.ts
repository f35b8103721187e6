import { describe, expect, it } from "vitest";
import type * as vitest from "vitest";
import { strykerPlugins } from "../../scripts/mutation/ignored.ts";
import { summarize, type MutationReport } from "../../scripts/mutation/survivors.ts";
import { testModule } from "../../scripts/mutation/test-module.ts";

const SOURCE = "if (a > 1) {\n  return  [];\n}\n";
const mutant = (status: string, column: number, end: number, replacement: string, line = 1) => ({
  status,
  replacement,
  location: { start: { line, column }, end: { line, column: end } },
});
const report = (...mutants: readonly ReturnType<typeof mutant>[]): MutationReport => ({
  files: { "rules/vm/a.ts": { source: SOURCE, mutants } },
});
const killed = mutant("Killed", 5, 10, "false");
const alive = mutant("Survived", 5, 10, "a >= 1");
const EQUIVALENT = { file: "rules/vm/a.ts", line: "if (a > 1) {", code: "a > 1", by: "a >= 1", reason: "a is never 1" };

describe("the result of a mutation run", () => {
  it("is complete if all are killed, in any way", () => {
    expect(summarize(report(killed, mutant("Timeout", 5, 10, "true"), mutant("Ignored", 5, 6, "b")), [])).toEqual({
      lines: ["rules/vm/a.ts: 100.0 % (2 of 2 killed, 0 equivalent)"],
      isComplete: true,
    });
  });

  it("names a survivor that is not listed, and one that no test runs", () => {
    const { lines, isComplete } = summarize(report(killed, alive, mutant("NoCoverage", 11, 13, '["x"]', 2)), []);
    expect(isComplete).toBe(false);
    expect(lines).toEqual([
      "rules/vm/a.ts: 33.3 % (1 of 3 killed, 0 equivalent)",
      "  rules/vm/a.ts:1:5: survived: a > 1  =>  a >= 1",
      '  rules/vm/a.ts:2:11: not run: []  =>  ["x"]',
    ]);
  });

  it("does not count a listed survivor", () => {
    expect(summarize(report(killed, alive), [EQUIVALENT])).toEqual({
      lines: ["rules/vm/a.ts: 100.0 % (1 of 2 killed, 1 equivalent)"],
      isComplete: true,
    });
  });

  it("counts a survivor with the same code in a line that is not listed", () => {
    const elsewhere = { ...EQUIVALENT, line: "return a > 1;" };
    const { lines, isComplete } = summarize(report(killed, alive), [elsewhere]);
    expect(isComplete).toBe(false);
    expect(lines.slice(1)).toEqual([
      "  rules/vm/a.ts:1:5: survived: a > 1  =>  a >= 1",
      "  rules/vm/a.ts: listed, but killed or gone: a > 1  =>  a >= 1",
    ]);
  });

  it("fails on an entry that is not needed, of the files that were mutated", () => {
    const other = { ...EQUIVALENT, file: "rules/vm/b.ts" };
    const { lines, isComplete } = summarize(report(killed), [EQUIVALENT, other]);
    expect(isComplete).toBe(false);
    expect(lines[1]).toBe("  rules/vm/a.ts: listed, but killed or gone: a > 1  =>  a >= 1");
    expect(lines).toHaveLength(2);
  });
});

describe("the parts of a rule that are not mutated", () => {
  const [plugin] = strykerPlugins;
  const path = (name: string, callee: string) => ({
    node: { type: "ObjectProperty", key: { type: "Identifier", name } },
    parentPath: { parent: { type: "CallExpression", callee: { name: callee } } },
  });
  it.each([
    ["mutations", "defineRule", true],
    ["title", "defineRule", true],
    ["check", "defineRule", false],
    ["severity", "defineRule", false],
    ["title", "fail", false],
  ])("%s of %s: %s", (name, callee, isIgnored) => {
    expect(plugin?.value.shouldIgnore(path(name, callee)) !== undefined).toBe(isIgnored);
  });
});

describe("declarations that only the mutations of a rule use", () => {
  const [plugin] = strykerPlugins;
  /** A declaration that is used inside these properties of the rule. */
  const declaration = (type: string, ...properties: readonly string[]) => ({
    node: { type, id: { name: "helper" } },
    scope: {
      getBinding: (name: string) => ({
        referencePaths: name === "helper" ? properties.map((property) => use(property)) : [],
      }),
    },
  });
  const use = (name: string) => ({
    findParent: (test: (parent: object) => boolean) => {
      const parent = {
        node: { type: "ObjectProperty", key: { type: "Identifier", name } },
        parentPath: { parent: { type: "CallExpression", callee: { name: "defineRule" } } },
      };
      return test(parent) ? parent : null;
    },
  });

  it.each([
    ["FunctionDeclaration", ["mutations", "mutations"], true],
    ["VariableDeclarator", ["mutations"], true],
    ["FunctionDeclaration", ["mutations", "check"], false],
    ["FunctionDeclaration", ["title"], false],
    ["FunctionDeclaration", [], false],
    ["ArrowFunctionExpression", ["mutations"], false],
  ])("%s used in %j: %s", (type, properties, isIgnored) => {
    expect(plugin?.value.shouldIgnore(declaration(type, ...properties)) !== undefined).toBe(isIgnored);
  });
});

describe("vitest inside a process of Stryker", () => {
  const declared = (file = "/none/x.test.ts") => {
    const { exports, tests } = testModule(file);
    return { ...(exports as typeof vitest), tests };
  };

  it("runs tests with their hooks, groups and rows", async () => {
    const { describe, it, beforeEach, afterEach, tests } = declared();
    const seen: unknown[] = [];
    describe("a", () => {
      beforeEach(() => void seen.push("before"));
      afterEach(() => void seen.push("after"));
      it.each([
        ["x", 1],
        ["y", 2],
      ])("%s is", (...values) => void seen.push(values));
    });
    expect(tests.map(({ name }) => name)).toEqual(["a > x is #0", "a > y is #1"]);
    for (const { run } of tests) await run();
    expect(seen).toEqual(["before", ["x", 1], "after", "before", ["y", 2], "after"]);
  });

  it("fails if an expectation does", async () => {
    const { it, expect: inner, tests } = declared();
    it("equal", () => inner({ a: 1 }).toEqual({ a: 1 }));
    it("not equal", () => inner({ a: 1 }).toEqual({ a: 2 }));
    it("matches", () => inner({ a: "text" }).toEqual({ a: inner.stringContaining("ex") as unknown }));
    it("no snapshot", () => inner("text").toMatchSnapshot());
    const results = await Promise.allSettled(tests.map(({ run }) => run()));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected"]);
  });
});
