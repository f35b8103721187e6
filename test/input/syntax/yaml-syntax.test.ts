import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";
import { yamlTexts } from "./arbitrary-document.ts";
import { errorsIn } from "./source-text.ts";

describe("a syntax error is reported at its location", () => {
  test.each([
    ["a:\n\tb: 1\n", "2:1 yaml-syntax A tab is used for indentation; YAML allows only spaces."],
    ["a:\n  b: 1\n\tc: 2\n", "3:1 yaml-syntax A tab is used for indentation; YAML allows only spaces."],
    ["- \ta: 1\n", "1:3 yaml-syntax A tab is used for indentation; YAML allows only spaces."],
    [
      "a: 1\n b: 2\n",
      "2:3 yaml-syntax By its indentation this line belongs to the value above, which cannot have keys.",
    ],
    [
      "a:\n    b: 1\n  c: 2\n",
      "3:3 yaml-syntax This line does not match the lines above: its indentation or its kind differs.",
    ],
    [
      "a:\n  - x\n  b: 1\n",
      "3:3 yaml-syntax This line does not match the lines above: its indentation or its kind differs.",
    ],
    ["- a\nb: 1\n", "2:1 yaml-syntax This line does not match the lines above: its indentation or its kind differs."],
    ["a: note: this\n", "1:8 yaml-syntax A second colon follows on this line."],
    ['a: "foo\nb: "bar"\nc: 1\n', "1:4 yaml-syntax This quote is not closed."],
    ["a: 'foo\nb: 1\n", "1:4 yaml-syntax This quote is not closed."],
    ["a: x\nb: 'foo", "2:4 yaml-syntax This quote is not closed."],
    ['a: "x\\"y', "1:4 yaml-syntax This quote is not closed."],
    ["a: [1, 2\nb: 3\n", "1:4 yaml-syntax This [ is not closed, or a line in it is not indented."],
    ['a: ["x ", "]", "y "\nb: 3\n', "1:4 yaml-syntax This [ is not closed, or a line in it is not indented."],
    ["a:\n  b: {x: [1]\nc: 3\n", "2:6 yaml-syntax This { is not closed, or a line in it is not indented."],
    ["a: [\n  1,\n]\n", "3:1 yaml-syntax The indentation of this ] ends the value before it is closed."],
    ["a: ['x' 'y']\n", "1:9 yaml-syntax A comma is missing before this entry, or a bracket is not closed."],
    ["a: [1,,2]\n", "1:7 yaml-syntax A value is missing before this comma."],
    ["a: [1]]\n", "1:7 yaml-syntax This ] closes a bracket that was not opened."],
    ["a: 1\nb\nc: 2\n", "2:1 yaml-syntax This line has no colon: it is neither a key nor the end of the value above."],
    ["a: 1\nb\n", "2:1 yaml-syntax This line has no colon: it is neither a key nor the end of the value above."],
    [
      "a:\n  b\n  c: 1\n",
      "2:3 yaml-syntax This line has no colon: it is neither a key nor the end of the value above.",
    ],
    ["a: 1\nb:2\nc: 3\n", "2:1 yaml-syntax A space is missing after the colon of this line."],
    ['"a":1\n', "1:5 yaml-syntax A space is missing after the colon."],
    ["a: 'it's'\n", "1:8 yaml-syntax Text follows a closing quote."],
    ["a: @x\n", "1:4 yaml-syntax A value cannot begin with @."],
    ["a: - b\n", "1:4 yaml-syntax A list cannot begin on the same line as its key."],
    ["a: *\n", "1:4 yaml-syntax A value that begins with * or & must be in quotes."],
    ["a: !x!y z\n", "1:8 yaml-syntax A value that begins with ! is a tag, and this one is malformed."],
    ['a: "C:\\Users"\n', "1:7 yaml-syntax This is not a valid escape sequence in double quotes."],
    ["a: | text\n", "1:6 yaml-syntax Nothing but a comment may follow | or > on its line."],
    ["a: {b: 1}#x\n", "1:10 yaml-syntax A space is missing before the comment."],
    ["%YAML 3.0\n---\na: 1\n", "2:1 yaml-syntax The %YAML directive must specify version 1.2."],
    [
      "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n",
      "2:1 yaml-syntax This is an unresolved merge conflict.",
    ],
    ["a: 1\r\n\tb: 2\r\n", "2:1 yaml-syntax A tab is used for indentation; YAML allows only spaces."],
    ["a: 1\rb: 'x\rc: 2\r", "2:4 yaml-syntax This quote is not closed."],
  ])("%j", async (text, error) => {
    expect(await errorsIn(text)).toEqual([error]);
  });
});

test("no text makes the reader throw, and every error has a location inside the file", async () => {
  const damage = fc.constantFrom(
    "",
    '"',
    "'",
    "[",
    "}",
    ":",
    "\t",
    "\n",
    "- ",
    "&a ",
    "*a ",
    "!x ",
    "|",
    "#",
    "? ",
    "%",
    "---\n",
  );
  await fc.assert(
    fc.asyncProperty(yamlTexts, damage, fc.nat(), fc.nat({ max: 3 }), async ({ text }, insert, at, dropped) => {
      const position = at % (text.length + 1);
      const damaged = text.slice(0, position) + insert + text.slice(position + dropped);
      const result = await parseSource(damaged, "file");
      expect(result.text).toHaveLength(damaged.length);
      if (result.source === null) expect(result.errors).not.toHaveLength(0);
      const lines = damaged.split(/\r\n|\n|\r/);
      for (const { location, message } of result.errors) {
        expect(location).toMatchObject({ path: "file" });
        const { line, column } = location as { line: number; column: number };
        expect(line, message).toBeLessThanOrEqual(lines.length);
        expect(column, message).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
      }
    }),
    { numRuns: 300 },
  );
});
