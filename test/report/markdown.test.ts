import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { markdown } from "../../src/report/markdown.ts";
import { markdownCode, markdownText } from "../../src/report/text/markdown-text.ts";
import { expectGolden } from "./golden.ts";
import {
  at,
  cleanReport,
  crashedReport,
  failed,
  failingReport,
  finding,
  HOSTILE_NAME,
  hostileReport,
  report,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

const SAMPLES = { cleanReport, failingReport, inconclusiveReport, crashedReport, hostileReport, waivedReport };
const textOf = (sample: RunReport, quiet = false) => [...markdown(sample, { quiet })].join("");

describe("markdown", () => {
  it.each(Object.entries(SAMPLES))("reads well: %s", (name, sample) => {
    expectGolden(`markdown-${name}`, textOf(sample()));
  });

  it.each(Object.entries(SAMPLES))("has tables whose rows fit their heads: %s", (_, sample) => {
    let columns: number | null = null;
    for (const line of textOf(sample()).split("\n")) {
      const cells = line.startsWith("|") ? line.replace(/\\./g, "").split("|").length : null;
      if (cells !== null && columns !== null) expect(cells, line).toBe(columns);
      columns = cells;
    }
  });

  it("stays below GitHub's limit, reports how much is omitted, and still ends with what was evaluated", () => {
    const checks = Array.from({ length: 10_000 }, (_, index) =>
      failed(
        "vm/memory-multiple-of-4",
        `node ${index}`,
        finding("@#<".repeat(200), { location: at("deployment.yaml", "8190") }),
      ),
    );
    const text = textOf(report(checks, { gate: "failed", gate_reason: "10,000 errors" }));
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(500_000);
    expect(text).toMatch(/\*\*9,\d{3} rows more did not fit;\*\*/);
    expect(text.trimEnd().split("\n").at(-1)).toMatch(/^Checked deployment\.yaml/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it("shows only errors on request, and counts the rest", () => {
    const text = textOf(failingReport(), true);
    expect(text).not.toContain("| warning |");
    expect(text).toContain("| error |");
    expect(text).toContain("| checks |");
  });
});

describe("markdownText", () => {
  it.each([
    ["a|b", "a\\|b"],
    ["`rm`", "\\`rm\\`"],
    ["<script>&amp;", "&lt;script&gt;&amp;amp;"],
    ["[x](https://evil.example)", "\\[x\\](https\\://evil.example)"],
    ["![x](y)", "!\\[x\\](y)"],
    ["see www.evil.example", "see www\\.evil.example"],
    ["@octocat and #1", "@<!-- -->octocat and #<!-- -->1"],
    ["$x$", "&#36;x&#36;"],
    ["**b** _i_ ~~s~~", "\\*\\*b\\*\\* \\_i\\_ \\~\\~s\\~\\~"],
    ["a\nb", "a\\\\x0ab"],
    ["back\\slash", "back\\\\slash"],
  ])("escapes %j", (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  it("leaves nothing active, for any text", () => {
    const unit = fc.oneof(
      fc.constantFrom(..."\\`*_{}[]()|~<>&$@#:/!\n".split("")),
      fc.constant(HOSTILE_NAME),
      fc.constant("a"),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const rest = markdownText(text).replace(/\\(?:[^\w\s]|_)|&(?:amp|lt|gt|#36);|[@#]<!-- -->/g, "");
        expect(rest).not.toMatch(/[\\`*_{}[\]|~<>&$@#\n]|:\/\//);
      }),
    );
  });
});

describe("markdownCode", () => {
  it("formats only ids as code", () => {
    expect(markdownCode("vm/thick-disk")).toBe("`vm/thick-disk`");
    expect(markdownCode("a`b")).toBe("a\\`b");
  });
});
