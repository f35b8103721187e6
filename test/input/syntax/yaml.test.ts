import { describe, expect, test } from "vitest";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";
import { errorsIn, place, sourceOf } from "./source-text.ts";

describe("errors that the reader itself finds", () => {
  test.each([
    ["", ["1:1 empty-file This file is empty."]],
    [" \n\t\n", ["1:1 empty-file This file is empty."]],
    ["# a\n\n# b\n", ["1:1 empty-file This file contains no keys and values, only comments or markers."]],
    ["---\n...\n", ["1:1 empty-file This file contains no keys and values, only comments or markers."]],
    [
      "\n\ntext\n",
      ["3:1 not-a-mapping This file contains a line of text; it must contain a mapping of keys to values."],
    ],
    ["- a\n", ["1:1 not-a-mapping This file contains a list; it must contain a mapping of keys to values."]],
    ["42\n", ["1:1 not-a-mapping This file contains a number; it must contain a mapping of keys to values."]],
    ["null\n", ["1:1 not-a-mapping This file contains null; it must contain a mapping of keys to values."]],
    ["a: 1\n---\nb: 2\n", ["2:1 several-documents A second YAML document begins here; a file may contain only one."]],
    [
      "---\na: |\n  ---\n--- # two\nb: 2\n",
      ["4:1 several-documents A second YAML document begins here; a file may contain only one."],
    ],
    ["a: 1\n---\n", ["2:1 several-documents A second YAML document begins here; a file may contain only one."]],
    ["a: 1\n...\nb: 2\n", ["3:1 several-documents A second YAML document begins here; a file may contain only one."]],
    ["? [a, b]\n: 1\n", ["1:3 complex-key A list or a mapping cannot be a key."]],
    ["host: {{ name }}\n", ["1:8 complex-key A list or a mapping cannot be a key."]],
    ["a: &a [1]\n*a : 1\n", ["2:1 complex-key A list or a mapping cannot be a key."]],
    [": 1\n", ["1:1 empty-key The key before this colon is missing."]],
    ["a: !color red\n", ['1:4 bad-tag The tag "!color" is unknown, or does not match its value.']],
    ["a: !!timestamp 2026-11-22\n", ['1:4 bad-tag The tag "!!timestamp" is unknown, or does not match its value.']],
    ["a: !!int many\n", ['1:4 bad-tag The tag "!!int" is unknown, or does not match its value.']],
    ["a: !!seq {b: 1}\n", ['1:4 bad-tag The tag "!!seq" is unknown, or does not match its value.']],
    ["a: *b\n", ['1:4 bad-alias The alias "*b" has no anchor above it.']],
    ["a: &a\n  b: *a\n", ['2:6 bad-alias The alias "*a" is inside its own anchor.']],
    ["a:\n  <<: 1\n", ["2:3 bad-merge The merge key << requires a mapping or a list of mappings."]],
    ["~: 1\na: 1\n", ["1:1 null-key The key here is null (~); a key must be text."]],
    ["a:\n  null: 1\n", ["2:3 null-key The key here is null (null); a key must be text."]],
    ["a: &a ~\n*a : 1\n", ["2:1 null-key The key here is null (*a); a key must be text."]],
    ["a:\n  <<: [{b: 1}, c]\n", ["2:3 bad-merge The merge key << requires a mapping or a list of mappings."]],
  ])("%j", async (text, errors) => {
    expect(await errorsIn(text)).toEqual(errors);
  });

  test("every empty value is reported, at its key or its dash", async () => {
    const text =
      "a:\nb: # nothing\nc:\n  d: 1\n  e:\nlist:\n  -\n  - 1\n  - # nothing\nnested:\n- -\n  - 1\n-\nflow: {f, g: , h: 1}\n";
    expect(await errorsIn(text)).toEqual([
      "1:1 empty-value a has no value.",
      "2:1 empty-value b has no value.",
      "5:3 empty-value e has no value.",
      "7:3 empty-value An item of this list has no value.",
      "9:3 empty-value An item of this list has no value.",
      "11:3 empty-value An item of this list has no value.",
      "13:1 empty-value An item of this list has no value.",
      "14:8 empty-value f has no value.",
      "14:11 empty-value g has no value.",
    ]);
    const { source, errors } = await parseSource(text, "file");
    expect(errors[0]?.hint).toBe("Give it a value, or delete the key.");
    // The rest stays readable; a key without a value is as if it were not there.
    expect(source?.value).toEqual({ c: { d: 1 }, list: [null, 1, null], nested: [[null, 1], null], flow: { h: 1 } });
  });

  test("null is a value, and the user's own notes need none", async () => {
    expect((await sourceOf("a: null\nb: ~\nc: ''\nd: !!str\nx-note:\n")).value).toEqual({
      a: null,
      b: null,
      c: "",
      d: "",
    });
  });

  test("every duplicate key is reported with the location of the first", async () => {
    const text = 'a: 1\nb:\n  c: 1\n  "c": 2\n  d: 1\na: 2\n? a\n: 3\nflow: {e: 1, e: 2}\n1: x\n"1": y\n';
    const { errors } = await parseSource(text, "file");
    const found = errors.map((error) => [
      error.code,
      place(error.location),
      ...error.related.map((other) => place(other.location)),
    ]);
    expect(found).toEqual([
      ["duplicate-key", "4:3", "3:3"],
      ["duplicate-key", "6:1", "1:1"],
      ["duplicate-key", "7:3", "1:1"],
      ["duplicate-key", "9:14", "9:8"],
      ["duplicate-key", "11:1", "10:1"],
    ]);
    expect(errors[0]?.message).toBe('The key "c" is used more than once in this mapping.');
  });

  test("a second << is a duplicate too", async () => {
    const text = "a: &a {k: 1}\nb: &b {k: 2}\nc:\n  <<: *a\n  l: 1\n  <<: *b\n  <<: [*a]\n";
    const { errors } = await parseSource(text, "file");
    expect(
      errors.map(({ code, message, location, related, hint }) => [
        code,
        message,
        place(location),
        ...related.map((other) => place(other.location)),
        hint,
      ]),
    ).toEqual(
      ["6:3", "7:3"].map((at) => [
        "duplicate-key",
        'The key "<<" is used more than once in this mapping.',
        at,
        "4:3",
        "Merge several mappings in one list: <<: [*a, *b].",
      ]),
    );
    expect(await errorsIn('a:\n  "<<": 1\n  <<: {b: 1}\n')).toEqual([]);
  });

  test("a key may override a merged one and may repeat in another mapping", async () => {
    const text = "a: &a {k: 1}\nb: {<<: *a, k: 2}\nc: {k: 3, <<: *a}\nd: {<<: *a, k: 2, k: 3}\n";
    expect(await errorsIn(text)).toEqual(['4:19 duplicate-key The key "k" is used more than once in this mapping.']);
  });

  test("errors of several kinds are reported together, in the order of lines", async () => {
    expect((await errorsIn("z: !x 1\na:\nb: *c\na: 2\n")).map((error) => error.split(" ", 2).join(" "))).toEqual([
      "1:4 bad-tag",
      "2:1 empty-value",
      "3:4 bad-alias",
      "4:1 duplicate-key",
    ]);
  });

  test("hostile names are escaped and cut", async () => {
    const [error = ""] = await errorsIn(`"\\e[31m${"k".repeat(5000)}": 1\n"\\e[31m${"k".repeat(5000)}": 2\n`);
    expect(error).toContain("\\u{1b}[31mkkk");
    expect(error.length).toBeLessThan(200);
  });
});

describe("bounds", () => {
  test("100 levels are read, 101 are refused", async () => {
    const nested = (levels: number): string => `a: ${"[".repeat(levels - 1)}1${"]".repeat(levels - 1)}\n`;
    expect((await sourceOf(nested(100))).value).toHaveProperty("a");
    expect((await errorsIn(nested(101)))[0]).toMatch(/^1:\d+ too-deep Values are nested more than 100 levels/);
    expect((await errorsIn(`a: ${"[".repeat(100_000)}`))[0]).toMatch(/too-deep/);
    expect((await errorsIn("- ".repeat(5000)))[0]).toMatch(/too-deep/);
  });

  test("aliases that nest deeper than the file looks are refused", async () => {
    const chain = Array.from({ length: 150 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]\n`);
    expect((await errorsIn(`a0: &a0 [x]\n${chain.join("")}`))[0]).toMatch(/^\d+:\d+ too-deep/);
  });

  test("a long chain of merges does not nest", async () => {
    const chain = Array.from(
      { length: 300 },
      (_, index) => `m${index + 1}: &m${index + 1} {<<: *m${index}, k${index}: 1}\n`,
    );
    const { value } = await sourceOf(`m0: &m0 {k: 1}\n${chain.join("")}`);
    expect(Object.keys((value as { m300: object }).m300)).toHaveLength(301);
  });

  test("a few lines cannot expand into billions of values", async () => {
    const lines = Array.from(
      { length: 40 },
      (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]\n`,
    );
    expect(await errorsIn(`a0: &a0 [x, x, x]\n${lines.join("")}`)).toEqual([
      expect.stringMatching(/too-many-aliases The aliases of this file expand to more than 5,000,000 values\.$/),
    ]);
    const merges = Array.from(
      { length: 9000 },
      (_, index) => `m${index + 1}: &m${index + 1} {<<: *m${index}, k${index}: 1}\n`,
    );
    expect((await errorsIn(`m0: &m0 {k: 1}\n${merges.join("")}`))[0]).toMatch(/too-many-aliases/);
  });
});

describe("keys that are names of JavaScript's own", () => {
  test("they become plain data and change no prototype", async () => {
    const text =
      "__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 2}}\na: &a {__proto__: x}\nb: {<<: *a}\nc: {__proto__: 1, __proto__: 2}\n";
    const { source, errors } = await parseSource(text, "file");
    const value = source?.value as Record<string, object>;
    expect(Object.keys(value)).toEqual(["__proto__", "constructor", "a", "b", "c"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(value["b"], "__proto__")?.value).toBe("x");
    expect(Object.getPrototypeOf(value["b"])).toBe(Object.prototype);
    expect({}).not.toHaveProperty("polluted");
    expect(errors.map((error) => error.code)).toEqual(["duplicate-key"]);
  });
});

test("%TAG directives are honoured", async () => {
  expect((await sourceOf("%YAML 1.2\n%TAG !t! tag:yaml.org,2002:\n---\na: !t!str 1\n")).value).toEqual({ a: "1" });
});
