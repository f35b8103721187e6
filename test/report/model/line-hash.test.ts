import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineHashes } from "../../../src/report/model/line-hash.ts";

/** The definition, straight: for each line the polynomial over the 100 characters from its start, modulo 2^64. */
function byDefinition(text: string): string[] {
  const codes = Array.from(text.replace(/\r\n?/g, "\n").replace(/[ \t]/g, "")).flatMap((character) =>
    Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit)),
  );
  codes.push(0xffff);
  const starts = [0, ...codes.flatMap((code, index) => (code === 0x0a ? [index + 1] : []))];
  const seen = new Map<string, number>();
  return starts.map((start) => {
    let hash = 0n;
    for (let index = start; index < start + 100; index++)
      hash = BigInt.asUintN(64, hash * 37n + BigInt(codes[index] ?? 0));
    const hex = hash.toString(16);
    seen.set(hex, (seen.get(hex) ?? 0) + 1);
    return `${hex}:${seen.get(hex)}`;
  });
}

/** The hashes of all lines, in order. */
function allHashes(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).map((_, index) => index + 1);
  const hashes = lineHashes(text, new Set(lines));
  return lines.map((line) => hashes.get(line) ?? "none");
}

describe("lineHashes", () => {
  it.each([
    ["", ["c129715d7a2bc9a3:1"]],
    ["a", ["53b5d4aabe50d64:1"]],
    [
      "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
      [
        "e54938cc54b302f1:1",
        "bb609acbe9138d60:1",
        "1131fd5871777f34:1",
        "5c482a0f8b35ea28:1",
        "54517377da7028d2:1",
        "2c644846cb18d53e:1",
        "f1b89f20de0d133:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
    [
      "conferencing_nodes:\r\n  - name: oslo-conf01\r\n    vm_system_memory: 8190\r\n",
      ["b1b3f26fcb4b9110:1", "a011c452fa7569df:1", "a1989aebb9269680:1", "c129715d7a2bc9a3:1"],
    ],
  ])("gives GitHub's values for %j", (text, expected) => {
    expect(allHashes(text)).toEqual(expected);
  });

  it("counts lines that look the same over the whole window", () => {
    const hashes = allHashes("Lorem ipsum dolor sit amet.\n".repeat(10));
    expect(hashes.slice(0, 7)).toEqual(
      [1, 2, 3, 4, 5, 6].map((count) => `a7f2ff13bc495cf2:${count}`).concat("a7f2ff1481e87703:1"),
    );
  });

  it("passes over blanks and tabs and takes all line ends for one", () => {
    expect(allHashes("\ta : 1\r\nb:2\rc: 3\n")).toEqual(allHashes("a:1\nb:2\nc:3\n"));
  });

  it("follows the definition for any text", () => {
    const unit = fc.oneof(
      fc.constantFrom("a", "b", " ", "\t", "\n", "\r", "\r\n", "漢", "🖥", "\uffff", "\0"),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 400 }), (text) => {
        expect(allHashes(text)).toEqual(byDefinition(text));
      }),
    );
  });
});
