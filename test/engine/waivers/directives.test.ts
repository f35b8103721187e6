import { describe, expect, it } from "vitest";
import { readDirectives } from "../../../src/engine/waivers/directives.ts";
import { documentOf } from "../../support/documents.ts";

const RULES = ["vm/thick-disk", "vm/memory-multiple-of-4"];

async function read(text: string) {
  const { entries, errors } = readDirectives([await documentOf("deployment", text)], RULES);
  return {
    entries: entries.map(({ rule, expires, reason, line }) => `${rule} line ${line?.line} until ${expires}: ${reason}`),
    errors: errors.map(({ code, message, hint, location }) => {
      expect(code).toBe(message.startsWith("There is no rule") ? "unknown-rule" : "invalid-directive");
      const at = location !== null && "line" in location ? `${location.line}:${location.column}` : "nowhere";
      return `${at} ${message} ${hint}`;
    }),
  };
}

const D = "# preflight-disable-next-line";
const FORM = "write # preflight-disable-next-line RULE[, RULE] until YYYY-MM-DD -- REASON";

describe("readDirectives", () => {
  it("reads the rules, the last day and the reason, and applies to the line below", async () => {
    const text = `expected_calls: 1\n${D} vm/thick-disk until 2027-01-31 -- the lab has no more space\nplatform:\n  version: "25"\n`;
    expect(await read(text)).toEqual({
      entries: ["vm/thick-disk line 3 until 2027-01-31: the lab has no more space"],
      errors: [],
    });
  });

  it.each([
    ["several rules", `${D} vm/thick-disk, vm/memory-multiple-of-4 until 2027-01-31 -- why`, 2],
    ["rules apart by blanks", `${D} vm/thick-disk vm/memory-multiple-of-4 until 2027-01-31 -- why`, 2],
    ["no blank behind the #", `#preflight-disable-next-line vm/thick-disk until 2027-01-31 -- why`, 1],
    ["a reason with dashes", `${D} vm/thick-disk until 2027-01-31 -- until 2028-01-01 -- perhaps`, 1],
  ])("takes %s", async (_, directive, count) => {
    const { entries, errors } = await read(`${directive}\nexpected_calls: 1\n`);
    expect(errors).toEqual([]);
    expect(entries).toHaveLength(count);
  });

  it("skips blank lines, comments and other directives up to the line that it applies to", async () => {
    const one = `${D} vm/thick-disk until 2027-01-31 -- a`;
    const two = `  ${D} vm/memory-multiple-of-4 until 2027-01-31 -- b`;
    const { entries } = await read(`${one}\r\n\r\n# a note\r\n${two}\r\n\r\nexpected_calls: 1\r\n`);
    expect(entries).toEqual([
      "vm/thick-disk line 6 until 2027-01-31: a",
      "vm/memory-multiple-of-4 line 6 until 2027-01-31: b",
    ]);
  });

  it.each([
    ["in quotes", `platform:\n  version: "${D} nonsense"\n`],
    ["in a block", `x-note: |\n  text\n  ${D} nonsense\nexpected_calls: 1\n`],
    ["in a quoted text of several lines", `x-note: "text\n  ${D} nonsense\n  more"\nexpected_calls: 1\n`],
    ["as a part of a word", `x-note: a${D}\nexpected_calls: 1\n`],
  ])("takes none for a directive that stands %s", async (_, text) => {
    expect(await read(text)).toEqual({ entries: [], errors: [] });
  });

  it("finds those after a text that seems to contain another", async () => {
    const text = `x-note: |\n  ${D} nonsense\n${D} vm/thick-disk until 2027-01-31 -- why\nexpected_calls: 1\n`;
    expect((await read(text)).entries).toEqual(["vm/thick-disk line 4 until 2027-01-31: why"]);
  });

  it.each([
    [`${D} until 2027-01-31 -- why`, "A directive requires rules, a last day and a reason.", FORM],
    [`${D} vm/thick-disk -- why`, "A directive requires rules, a last day and a reason.", FORM],
    [`${D} vm/thick-disk until 2027-01-31`, "A directive requires rules, a last day and a reason.", FORM],
    [`${D} vm/thick-disk until 2027-01-31 --  `, "A directive requires rules, a last day and a reason.", FORM],
    [
      `${D} vm/thick-disk until 2027-02-30 -- why`,
      '"2027-02-30" is not a date.',
      "write its last day, such as 2027-01-31",
    ],
    [`${D} vm/thik-disk until 2027-01-31 -- why`, 'There is no rule "vm/thik-disk".', "did you mean vm/thick-disk?"],
    [`${D} all until 2027-01-31 -- why`, 'There is no rule "all".', "preflight rules list shows every rule"],
    [`# preflight-disable vm/thick-disk`, 'There is no directive "preflight-disable".', FORM],
    [`# preflight-enable`, 'There is no directive "preflight-enable".', FORM],
  ])("refuses %s", async (directive, message, hint) => {
    expect(await read(`${directive}\nexpected_calls: 1\n`)).toEqual({
      entries: [],
      errors: [`1:1 ${message} ${hint}`],
    });
  });

  it("reads them in files of every kind, and refuses more than a person writes, at the first one", async () => {
    const good = `${D} vm/thick-disk until 2027-01-31 -- why`;
    const one = await documentOf("deployment", `${good}\nexpected_calls: 1\n`);
    const many = { ...one, directives: Array.from({ length: 49_999 }, () => one.directives).flat() };
    const none = { ...one, directives: [] };
    expect(readDirectives([none, many, one], RULES).entries).toHaveLength(50_000);
    const { entries, errors } = readDirectives([none, many, one, one], RULES);
    expect(entries).toEqual([]);
    expect(errors.map(({ code, message, location, hint }) => ({ code, message, location, hint }))).toEqual([
      {
        code: "too-many-directives",
        message: "There are 50,001 directives, more than the limit of 50,000.",
        location: one.directives[0]?.location,
        hint: "disable the rule in the config, or waive its checks in a waivers file",
      },
    ]);
  });

  it("takes any blanks between the parts, and trims the reason", async () => {
    const spaced = `${D}   vm/thick-disk ,  vm/memory-multiple-of-4   until   2027-01-31   --    why not  `;
    const { entries, errors } = await read(`${spaced}\nexpected_calls: 1\n`);
    expect(errors).toEqual([]);
    expect(entries).toEqual([
      "vm/thick-disk line 2 until 2027-01-31: why not",
      "vm/memory-multiple-of-4 line 2 until 2027-01-31: why not",
    ]);
  });

  it("rejects one after a value, and one that nothing follows", async () => {
    const behind = `expected_calls: 1 ${D} vm/thick-disk until 2027-01-31 -- why\n`;
    expect((await read(behind)).errors).toEqual([
      "1:19 A directive must be on a separate line. move it above the line that it applies to",
    ]);
    const last = `expected_calls: 1\n${D} vm/thick-disk until 2027-01-31 -- why\n# the end\n`;
    expect((await read(last)).errors).toEqual(["2:1 No line follows this directive. remove it"]);
  });
});
