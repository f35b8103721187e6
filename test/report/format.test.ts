import { describe, expect, it } from "vitest";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { type Format, formats, needsExcerpts } from "../../src/report/format.ts";
import { cleanReport, crashedReport, failingReport, inconclusiveReport, waivedReport } from "./sample-report.ts";

it.each(Object.entries(formats))("loads the format %s by its name", async (name, load) => {
  expect((await load()).name).toBe(name);
});

it("has all documented formats", () => {
  expect(Object.keys(formats)).toEqual(
    expect.arrayContaining(["stylish", "json", "sarif", "html", "junit", "github", "markdown", "gitlab", "csv"]),
  );
});

describe("needsExcerpts", () => {
  // Errors are shown with their lines in any case, and a run keeps those.
  const samples = [failingReport(), inconclusiveReport(), waivedReport(), crashedReport(), cleanReport()].map(
    (sample) => ({
      ...sample,
      errors: [],
    }),
  );
  const options = { color: false, width: 80, quiet: false };

  it.each(Object.keys(formats) as (keyof typeof formats)[])("reports whether %s shows lines of files", async (name) => {
    const render: Format = await formats[name]();
    for (const frames of [false, true]) {
      const text = (sample: RunReport) => [...render(sample, { ...options, frames })].join("");
      const changed = samples.filter((sample) => text({ ...sample, excerpts: [] }) !== text(sample));
      expect(changed.length > 0).toBe(needsExcerpts(name, { frames }));
    }
  });
});
