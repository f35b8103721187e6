import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";
import { jsonTexts } from "./arbitrary-document.ts";
import { errorsIn, place, sourceOf, textAt } from "./source-text.ts";

describe("a syntax error is reported at its location", () => {
  test.each([
    ['{"a":1,}', "1:7 This comma is before a closing }."],
    ['{"a":[1,\n2,\n],"b":3}', "2:2 This comma is before a closing ]."],
    ["{'a':1}", "1:2 JSON requires double quotes, not single quotes."],
    ["{\"a\":'x'}", "1:6 JSON requires double quotes, not single quotes."],
    ['{"a":1 // x\n}', "1:8 JSON has no comments."],
    ['{/* x */"a":1}', "1:2 JSON has no comments."],
    ['{"a":1,#x\n"b":2}', "1:8 JSON has no comments."],
    ["{a:1}", "1:2 A key in double quotes is expected here."],
    ["{ key: value, list: [a] }", "1:3 A key in double quotes is expected here."],
    ["{{ name }}", "1:2 A key in double quotes is expected here."],
    ['{"a" 1}', "1:2 A colon is missing after this key."],
    ['{"a":1 "b":2}', "1:8 A comma is missing before this."],
    ['{"a":"x"y}', "1:9 A comma is missing before this."],
    ['{"a":1', "1:1 The file ends before this bracket is closed."],
    ['{"a":[1,{"b":2}', "1:6 The file ends before this bracket is closed."],
    ['{"a":', "1:6 The file ends where a value is expected."],
    ['{"a":[1}', "1:8 A comma or ] is expected instead of this }."],
    ['{"a":"x', "1:6 This string is not closed on its line."],
    ['{"a":"x\r\n"}', "1:6 This string is not closed on its line."],
    ['{"a":"C:\\pexip"}', "1:9 This is not a valid escape sequence."],
    ['{"a":"\\u12"}', "1:7 This is not a valid escape sequence."],
    ['{"a":"\t"}', "1:7 This control character must be written as an escape, such as \\t."],
    ['{"a":01}', "1:6 This is neither a number nor true, false or null."],
    ['{"a":0x1F}', "1:6 This is neither a number nor true, false or null."],
    ['{"a":nullx}', "1:6 This is neither a number nor true, false or null."],
    ['{"a":.5}', "1:6 This is not a JSON value."],
    ['{"a":NaN}', "1:6 This is not a JSON value."],
    ['{"a":True}', "1:6 This is not a JSON value."],
    ['{"a":}', "1:6 A value is missing before this }."],
    ['{"a":[,1]}', "1:7 A value is missing before this ,."],
    ["{,}", "1:2 A key is missing before this comma."],
    ['{"a":1}}', "1:8 More text follows after the end of the JSON value."],
    ['{"a":1}\n{"b":2}', "2:1 More text follows after the end of the JSON value."],
    ['{"a":1}\u00a0', "1:8 More text follows after the end of the JSON value."],
  ])("%j", async (text, expected) => {
    const { source, errors } = await parseSource(text, "file");
    expect(source).toBeNull();
    expect(errors.map((error) => `${place(error.location)} ${error.message}`)).toEqual([expected]);
    expect(errors[0]?.code).toBe("json-syntax");
    expect(errors[0]?.hint).toMatch(/A file that begins with \{ or \[ is read as JSON\.$/);
  });

  test("exactly the texts that are not JSON are rejected, for any damage", async () => {
    const insert = fc.constantFrom(
      "",
      '"',
      ",",
      "{",
      "}",
      "[",
      "]",
      ":",
      "\\",
      "0",
      "-",
      ".",
      "e",
      "\n",
      "\t",
      "t",
      "null",
      "'",
      "//",
    );
    await fc.assert(
      fc.asyncProperty(jsonTexts, insert, fc.nat(), fc.nat({ max: 2 }), async ({ text }, added, at, dropped) => {
        const position = 1 + (at % text.length);
        const damaged = text.slice(0, position) + added + text.slice(position + dropped);
        const { errors } = await parseSource(damaged, "file");
        expect(errors.some((error) => error.code === "json-syntax")).toBe(!isJson(damaged));
      }),
      { numRuns: 500 },
    );
  });
});

test("the top level must be a mapping", async () => {
  expect(await errorsIn("\n [1]")).toEqual([
    "2:2 not-a-mapping This file contains a list; it must contain a mapping of keys to values.",
  ]);
});

test("every duplicate key is reported with the location of the first, in any notation", async () => {
  const text =
    '{"a": 1,\n "b": {"c": 1, "\\u0063": 2},\n "a" : {"d": 1},\n "a": [{"d": 1, "d": 2}], "e": {"a": 1, "b": 1}}';
  const { errors } = await parseSource(text, "file");
  const found = errors.map((error) => [
    error.message,
    place(error.location),
    ...error.related.map((r) => place(r.location)),
  ]);
  expect(found).toEqual([
    ['The key "c" is used more than once in this mapping.', "2:16", "2:8"],
    ['The key "a" is used more than once in this mapping.', "3:2", "1:2"],
    ['The key "a" is used more than once in this mapping.', "4:2", "1:2"],
    ['The key "d" is used more than once in this mapping.', "4:17", "4:9"],
  ]);
});

test("keys that are names of JavaScript's own become plain data", async () => {
  const text = '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 2}}, "a": [{"__proto__": 1}]}';
  const value = (await sourceOf(text)).value as Record<string, unknown>;
  expect(Object.keys(value)).toEqual(["__proto__", "constructor", "a"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect({}).not.toHaveProperty("polluted");
  expect(await errorsIn('{"__proto__": 1, "__proto__": 2}')).toEqual([
    '1:18 duplicate-key The key "__proto__" is used more than once in this mapping.',
  ]);
});

test("100 levels are read, 101 are rejected at their location", async () => {
  const nested = (levels: number): string => `{"a":${"[".repeat(levels - 1)}1${"]".repeat(levels - 1)}}`;
  expect((await sourceOf(nested(100))).value).toHaveProperty("a");
  expect(await errorsIn(nested(101))).toEqual(["1:105 too-deep Values are nested more than 100 levels deep here."]);
  expect(await errorsIn("[".repeat(1_000_000))).toEqual([
    "1:101 too-deep Values are nested more than 100 levels deep here.",
  ]);
});

test("positions of keys and values", async () => {
  const text = '{\r\n  "a" : "x\\"y",\r\n  "b": [ 1 , {"😀": null, "c": [] } ]\r\n}';
  const source = await sourceOf(text);
  expect(source.locate(["a"])).toEqual({ path: "file", line: 2, column: 9, end_line: 2, end_column: 15 });
  expect(source.locateKey(["a"])).toEqual({ path: "file", line: 2, column: 3, end_line: 2, end_column: 6 });
  expect(textAt(text, source.locate(["b", 1]))).toBe('{"😀": null, "c": [] }');
  expect(source.locateKey(["b", 1, "c"])).toMatchObject({ line: 3, column: 27 });
  expect(textAt(text, source.locate([]))).toBe(text);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
