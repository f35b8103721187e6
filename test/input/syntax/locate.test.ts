import { describe, expect, test } from "vitest";
import { sourceOf, textAt } from "./source-text.ts";
import type { Path } from "../../../src/values/location.ts";

/** Documents with equal content, so that both formats have the same results. */
const yaml = `platform:
  version: "25"
nodes:
  - name: one
    vm: {host: a}
  - name: two
empty: {}
list: [1, [2, 3]]
`;
const json =
  '{"platform": {"version": "25"},\n"nodes": [{"name": "one", "vm": {"host": "a"}}, {"name": "two"}], "empty": {}, "list": [1, [2, 3]]}';

describe.each([
  ["YAML", yaml, (key: string) => key],
  ["JSON", json, (key: string) => JSON.stringify(key)],
])("%s: what does not exist stands at its nearest ancestor", (_format, text, written) => {
  test.each<[Path, string]>([
    [["platform", "environment"], "platform"],
    [["platform", "a", "b", 3, "c"], "platform"],
    [["platform", "version", "major"], "version"],
    [["nodes", 0, "vm", "datastore"], "vm"],
    [["nodes", 1, "vm", "datastore"], "name"],
    [["nodes", 1, "vm"], "name"],
    [["nodes", 7, "vm"], "nodes"],
    [["nodes", "name"], "nodes"],
    [["empty", "a"], "empty"],
    [["missing"], "platform"],
  ])("%j at the key %s", async (path, key) => {
    const source = await sourceOf(text);
    expect(textAt(text, source.locate(path))).toBe(written(key));
    expect(source.locateKey(path)).toEqual(source.locate(path));
  });

  test("an item without keys stands for itself", async () => {
    const source = await sourceOf(text);
    expect(textAt(text, source.locate(["list", 1, 9]))).toBe("[2, 3]");
    expect(textAt(text, source.locateKey(["list", 0]))).toBe("1");
    expect(textAt(text, source.locateKey(["list"]))).toBe(written("list"));
  });

  test("a missing key points at the item it belongs to, not at the first one", async () => {
    const source = await sourceOf(text);
    const first = source.locate(["nodes", 0, "hostname"]);
    const second = source.locate(["nodes", 1, "hostname"]);
    expect(second).not.toEqual(first);
    expect(second).toEqual(source.locateKey(["nodes", 1, "name"]));
  });
});

describe("aliases and merge keys", () => {
  const text = `defaults: &defaults
  mtu: 1500
  vm: {network: a, ssd: true}
servers: &servers [x, y]
more: &more {mtu: 9000, disk: thick}
nodes:
  - <<: *defaults
    name: one
  - <<: [*more, *defaults]
    dns: *servers
  - *more
  - vm: &vm
      <<: {network: b}
      host: h
    same: *vm
`;

  test.each<[Path, number, string]>([
    [["nodes", 0, "mtu"], 2, "1500"],
    [["nodes", 0, "vm", "network"], 3, "a"],
    [["nodes", 1, "mtu"], 5, "9000"],
    [["nodes", 1, "disk"], 5, "thick"],
    [["nodes", 1, "vm", "ssd"], 3, "true"],
    [["nodes", 1, "dns"], 4, "[x, y]"],
    [["nodes", 1, "dns", 1], 4, "y"],
    [["nodes", 2], 5, "{mtu: 9000, disk: thick}"],
    [["nodes", 2, "disk"], 5, "thick"],
    [["nodes", 3, "vm", "network"], 13, "b"],
    [["nodes", 3, "same", "host"], 14, "h"],
    [["nodes", 3, "same", "network"], 13, "b"],
  ])("%j stands where it was written: line %i", async (path, line, value) => {
    const location = (await sourceOf(text)).locate(path);
    expect(location.line).toBe(line);
    expect(textAt(text, location)).toBe(value);
  });

  test.each<[Path, number, string]>([
    [["nodes", 0, "mtu"], 2, "mtu"],
    [["nodes", 1, "dns"], 10, "dns"],
    [["nodes", 1, "dns", 0], 4, "x"],
    [["nodes", 3, "same"], 15, "same"],
  ])("the key of %j on line %i", async (path, line, key) => {
    const location = (await sourceOf(text)).locateKey(path);
    expect(location.line).toBe(line);
    expect(textAt(text, location)).toBe(key);
  });

  test.each<[Path, number, string]>([
    [["nodes", 1, "dns", 9], 10, "dns"],
    [["nodes", 0, "vm", "missing"], 3, "vm"],
    [["nodes", 0, "missing"], 7, "<<"],
    [["nodes", 2, "missing"], 5, "mtu"],
  ])("what %j lacks would stand on line %i at %s", async (path, line, key) => {
    const location = (await sourceOf(text)).locate(path);
    expect(location.line).toBe(line);
    expect(textAt(text, location)).toBe(key);
  });
});

describe("ranges", () => {
  test.each<[string, Path, string]>([
    ["a: 'it''s' # c", ["a"], "'it''s'"],
    ['a: "x" ', ["a"], '"x"'],
    ["a: two  words  # c", ["a"], "two  words"],
    ["a: one\n  two\nb: 1", ["a"], "one\n  two"],
    ["a: |\n  x\n\n\nb: 1", ["a"], "|\n  x"],
    ["a: |+\n  x\n\nb: 1", ["a"], "|+\n  x\n\n"],
    ["a: >- # c\n  x\n", ["a"], ">- # c\n  x"],
    ["a: &x !!str 5", ["a"], "!!str 5"],
    ["a: [ 1, # ]\n  2 ] # c", ["a"], "[ 1, # ]\n  2 ]"],
    ["a: {b: 1, }", ["a"], "{b: 1, }"],
    ["a: [b: 1, c]", ["a", 0], "b: 1"],
    ["a:\n  - b\n  - c: 1\n    d: [x]  \n\n# e\nf: 1", ["a"], "- b\n  - c: 1\n    d: [x]"],
    ["a:\n- - x\n  - y\n", ["a", 0], "- x\n  - y"],
    ["? a\n: b\n", ["a"], "b"],
  ])("%j %j", async (text, path, expected) => {
    expect(textAt(text, (await sourceOf(text)).locate(path))).toBe(expected);
  });

  test("LF, CR LF and CR all end a line, and columns count UTF-16 units", async () => {
    const source = await sourceOf("a: 1\nb: 2\r\nc: 3\rd: [😀, x]\n");
    expect(source.locate(["b"])).toMatchObject({ line: 2, column: 4, end_column: 5 });
    expect(source.locate(["c"])).toMatchObject({ line: 3, column: 4 });
    expect(source.locate(["d", 1])).toEqual({ path: "file", line: 4, column: 9, end_line: 4, end_column: 10 });
  });

  test("a byte order mark counts in no column", async () => {
    for (const text of ["\ufeffa: 1", '\ufeff{"a":1}']) {
      const source = await sourceOf(text);
      expect(source.text).toBe(text.slice(1));
      expect(source.locate(["a"])).toEqual((await sourceOf(text.slice(1))).locate(["a"]));
    }
  });
});

test("many locations in wide collections are found", async () => {
  const items = Array.from({ length: 5000 }, (_, index) => `- n${index}: {v: ${index}}\n`);
  const source = await sourceOf(`list:\n${items.join("")}`);
  for (let index = 0; index < 5000; index++) {
    expect(source.locate(["list", index, `n${index}`, "v"])).toMatchObject({ line: index + 2 });
  }
});
