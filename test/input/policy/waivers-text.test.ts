import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { WaiverEntry } from "../../../src/engine/waivers/waiver-entry.ts";
import { withWaivers } from "../../../src/input/policy/waivers-text.ts";
import { decodeText } from "../../../src/input/source/decode-text.ts";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";

/** What preflight itself reads in the text. */
async function read(text: string): Promise<unknown> {
  const { source, errors } = await parseSource(decodeText(Buffer.from(text), "waivers"), "waivers");
  expect(errors).toEqual([]);
  return source?.value;
}

const ENTRY: WaiverEntry = {
  ...{
    kind: "file",
    rule: "vm/thick-disk",
    subject: "node:a",
    fingerprints: ["12345678"],
    verdict: "fail",
    line: null,
  },
  ...{ reason: "agreed", owner: "ops", ticket: "CHG-1", expires: "2027-01-31", location: null },
};

const FIELDS = {
  ...{ rule: "vm/thick-disk", subject: "node:a", verdict: "fail", fingerprints: ["12345678"] },
  ...{ reason: "agreed", owner: "ops", ticket: "CHG-1", expires: "2027-01-31" },
};

describe("withWaivers", () => {
  it("begins a file", () => {
    const text = withWaivers(null, [ENTRY], "waivers.schema.json");
    expect(text).toMatch(/^# yaml-language-server: \$schema=waivers\.schema\.json\n/);
    expect(parse(text)).toEqual({ waivers: [FIELDS] });
  });

  it("omits what a waiver does not set", () => {
    const bare = { ...ENTRY, verdict: null, fingerprints: null, ticket: null };
    expect(parse(withWaivers(null, [bare]))).toEqual({
      waivers: [{ rule: "vm/thick-disk", subject: "node:a", reason: "agreed", owner: "ops", expires: "2027-01-31" }],
    });
  });

  it("keeps the content of the file, with its comments and quotes", () => {
    const before = `# ours\nwaivers:\n  # the lab\n  - rule: a/b # known\n    subject: 'node:q'\n    reason: r\n    owner: o\n    expires: 2027-01-01\n`;
    expect(withWaivers(before, [ENTRY]).startsWith(before)).toBe(true);
  });

  it("adds to an empty list, in any notation", () => {
    for (const before of ["waivers: []\n", "waivers:\n  []\n"]) {
      expect(parse(withWaivers(before, [ENTRY]))).toEqual({ waivers: [FIELDS] });
      expect(withWaivers(before, [ENTRY])).toContain("\n  - rule: vm/thick-disk\n");
    }
  });

  it("stays JSON if the file is JSON", () => {
    expect(JSON.parse(withWaivers('{ "waivers": [] }', [ENTRY]))).toEqual({ waivers: [FIELDS] });
  });

  it.each([
    ["YAML", null],
    ["JSON", '{ "waivers": [] }'],
  ])("writes any name as %s so that it is read back as it was", async (_format, before) => {
    // Those that a text file must not contain, far more often than chance would draw them.
    const control = fc.constantFrom(
      "\0",
      "\u0007",
      "\u001b",
      "\u007f",
      "\u0080",
      "\u0085",
      "\u009f",
      "\ufffe",
      "\uffff",
    );
    const names = fc.string({ unit: fc.oneof(fc.string({ unit: "binary", minLength: 1, maxLength: 1 }), control) });
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const text = withWaivers(before, [{ ...ENTRY, subject: `node:${name}`, reason: name }]);
        const again = withWaivers(text, [ENTRY]);
        const fields = { ...FIELDS, subject: `node:${name}`, reason: name };
        expect(await read(text)).toEqual({ waivers: [fields] });
        expect(await read(again)).toEqual({ waivers: [fields, FIELDS] });
      }),
    );
  });
});
