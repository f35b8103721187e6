import { expect, test, vi } from "vitest";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";

test.each([
  ['{"a": 1}', "json"],
  ['\ufeff\r\n\t {"a": 1}', "json"],
  ["a: 1", "yaml"],
  ["# comment\n{a: 1}", "yaml"],
  ['--- {"a": 1}', "yaml"],
  ['"a": {"b": 1}', "yaml"],
])("%j is %s", async (text, format) => {
  const { source, errors } = await parseSource(text, "any-name.txt");
  expect(errors).toEqual([]);
  expect(source?.format).toBe(format);
  expect(source?.path).toBe("any-name.txt");
});

test("what begins with a bracket is JSON and nothing else", async () => {
  const { source, errors } = await parseSource("{a: 1}", "deployment.yaml");
  expect(source).toBeNull();
  expect(errors[0]?.hint).toContain("is read as JSON");
});

test("the YAML parser is loaded for YAML only", async () => {
  let isLoaded = false;
  vi.doMock("js-yaml", async (original) => {
    isLoaded = true;
    return await original();
  });
  vi.resetModules();
  const fresh = await import("../../../src/input/syntax/parse-source.ts");
  await fresh.parseSource('{"a": {"password": "x"}, "a": 1, "b": [}', "file");
  await fresh.parseSource('{"a": {"password": "x"}, "a": 1}', "file");
  expect(isLoaded).toBe(false);
  await fresh.parseSource("a: 1", "file");
  expect(isLoaded).toBe(true);
});
