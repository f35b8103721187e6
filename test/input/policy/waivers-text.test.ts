import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { WaiverEntry } from "../../../src/engine/waivers/waiver-entry.ts";
import { withWaivers } from "../../../src/input/policy/waivers-text.ts";

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
    const text = withWaivers(null, [ENTRY]);
    expect(text).toMatch(/^# yaml-language-server: \$schema=/);
    expect(parse(text)).toEqual({ waivers: [FIELDS] });
  });

  it("leaves out what a waiver does not say", () => {
    const bare = { ...ENTRY, verdict: null, fingerprints: null, ticket: null };
    expect(parse(withWaivers(null, [bare]))).toEqual({
      waivers: [{ rule: "vm/thick-disk", subject: "node:a", reason: "agreed", owner: "ops", expires: "2027-01-31" }],
    });
  });

  it("keeps what stood in the file, with its comments and quotes", () => {
    const before = `# ours\nwaivers:\n  # the lab\n  - rule: a/b # known\n    subject: 'node:q'\n    reason: r\n    owner: o\n    expires: 2027-01-01\n`;
    expect(withWaivers(before, [ENTRY]).startsWith(before)).toBe(true);
  });

  it("adds to an empty list, whatever way it is written", () => {
    for (const before of ["waivers: []\n", "waivers:\n  []\n"]) {
      expect(parse(withWaivers(before, [ENTRY]))).toEqual({ waivers: [FIELDS] });
      expect(withWaivers(before, [ENTRY])).toContain("\n  - rule: vm/thick-disk\n");
    }
  });

  it("stays JSON where the file is JSON", () => {
    expect(JSON.parse(withWaivers('{ "waivers": [] }', [ENTRY]))).toEqual({ waivers: [FIELDS] });
  });

  it("says any name so that it is read back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
        const read = parse(withWaivers(null, [{ ...ENTRY, subject: `node:${name}`, reason: name }])) as unknown;
        expect(read).toEqual({ waivers: [{ ...FIELDS, subject: `node:${name}`, reason: name }] });
      }),
    );
  });
});
