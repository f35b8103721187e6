import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText } from "../../../src/input/source/decode-text.ts";
import { clip, terminal, terminalJson } from "../../../src/report/text/escape.ts";

/** Any characters, with those that do harm far more often than chance would have it. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom(
      "\u001b[31m",
      "\r\n",
      "\u202e",
      "\u2066",
      "\u200b",
      "\u2028",
      "\u2029",
      "\ufeff",
      "\ud800",
      "\udc00",
      "\u{e0041}",
      "\u3164",
      "\ufffe",
      "\uffff",
      "\ufdd0",
      "\u{10ffff}",
    ),
  ),
});

describe("terminal", () => {
  it.each([
    ["\u001b[31mred", "\\x1b[31mred"],
    ["one\r\ntwo", "one\\x0d\\x0atwo"],
    ["a\tb", "a\\x09b"],
    ["\u007f\u009b2J", "\\x7f\\x9b2J"],
    ["exe.\u202egnp.\u202c", "exe.\\u{202e}gnp.\\u{202c}"],
    ["\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["oslo\u200b-conf\u200d01\ufeff", "oslo\\u{200b}-conf\\u{200d}01\\u{feff}"],
    ["a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
    ["\ud800", "\\u{d800}"],
    ["\u{e0041}", "\\u{e0041}"],
    ["\u3164", "\\u{3164}"],
    ["a\ufffeb\uffff", "a\\u{fffe}b\\u{ffff}"],
    ["\u{1fffe}", "\\u{1fffe}"],
  ])("makes %j visible", (text, expected) => {
    expect(terminal(text)).toBe(expected);
  });

  it.each(["oslo-conf01", "Zürich Straße", "会議ノード", "C:\\certs\\conf01.pem", "e\u0301", "🖥", "§ … — “x”", ""])(
    "leaves %j unchanged",
    (text) => {
      expect(terminal(text)).toBe(text);
    },
  );

  it("lets no control, format, separator, surrogate or noncharacter through", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(terminal(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/u);
      }),
    );
  });
});

describe("terminalJson", () => {
  it("parses to the same value, is readable input, and shows none of those characters", () => {
    fc.assert(
      fc.property(nasty, nasty, (key, text) => {
        const value = { [`k${key}`]: [text] };
        const json = terminalJson(JSON.stringify(value, null, 2));
        expect(JSON.parse(json)).toEqual(value);
        expect(decodeText(Buffer.from(json), "report.json")).toBe(json);
        expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/u);
      }),
    );
  });
});

describe("clip", () => {
  it("keeps what is short enough", () => {
    expect(clip("12345", 5)).toBe("12345");
  });
  it("reports how much it omitted", () => {
    expect(clip("123456789", 5)).toBe("12345… (4 more characters)");
  });
  it("splits no surrogate pair", () => {
    expect(clip("1234🖥🖥", 5)).toBe("1234… (4 more characters)");
  });
});
