import { describe, expect, it } from "vitest";
import { compareReports } from "../../src/engine/comparison/compare.ts";
import { compareAcross } from "../../src/engine/comparison/cross-site.ts";
import { isProjectReport, isReport } from "../../src/input/validation/report-validator.generated.ts";
import { comparisonFormats } from "../../src/report/comparison-format.ts";
import { type FormatName, formats, projectFormats } from "../../src/report/format.ts";
import { projectComparisonFormats } from "../../src/report/project/comparison.ts";
import type { ProjectReport } from "../../src/schema/project/project-report.generated.ts";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { commandsIn, EXPECT_INERT, expectPlain, freePaths, HOSTILE, replaced, SHAPE } from "./inert-outputs.ts";
import {
  crashedReport,
  failingReport,
  inconclusiveReport,
  report,
  reportError,
  waivedReport,
} from "./sample-report.ts";

const mistakes = (): RunReport =>
  report([], { gate: "no-verdict", gate_reason: "x" }, { errors: [reportError("x", { hint: "y" })] });

const projectReport = (): ProjectReport => ({
  ...{ schema_version: 2, tool: failingReport().tool, exit_code: 1 },
  ...{ started_at: "2026-11-22T12:00:00Z", ended_at: "2026-11-22T12:00:01Z" },
  project: { path: "preflight.project.yaml", sha256: "0".repeat(64) },
  omitted: ["Bergen"],
  cross_site: {
    compared: [{ kind: "hostname", values: 3 }],
    left_out: ["Tromsø"],
    findings: [
      {
        ...{
          kind: "hostname",
          rule: "node/unique-hostname",
          severity: "error",
          value: "conf01",
          message: "x",
          fingerprint: "0".repeat(32),
        },
        nodes: ["Oslo", "Paris"].map((site) => ({ site, node: "conf01", location: null })),
      },
    ],
  },
  sites: [
    { name: "Oslo", category: "preflight/Oslo", report: failingReport() },
    { name: "Paris", category: "preflight/Paris", report: mistakes() },
  ],
});

const SAMPLES: Readonly<Record<string, () => RunReport>> = {
  failingReport,
  inconclusiveReport,
  crashedReport,
  waivedReport,
  mistakes,
};

/** As long as the hostile texts: excerpts show only lines that have their columns. */
const HARMLESS = "any text ".repeat(20).trim();

const NAMES = Object.keys(formats) as FormatName[];
const include = new Set(["pass", "not-applicable", "skipped", "waived", "consequences"] as const);
const options = { color: false, width: 80, quiet: false, all: true, sarif: { include, category: null, docsUrl: null } };
const textOf = async (name: FormatName, sample: RunReport, color = false): Promise<string> =>
  [...(await formats[name]())(sample, { ...options, color })].join("");

/** GitHub's own format consists of commands: one begins each line, and there is none inside. */
const withoutOwnCommands = (name: FormatName, text: string) => (name === "github" ? text.replace(/^::/gm, "") : text);

describe.each(NAMES)("%s", (name) => {
  /** One text at every position for texts: for each of the hostile texts. */
  async function expectInert(write: (words: string) => Promise<string>): Promise<void> {
    const harmless = SHAPE[name]?.(await write(HARMLESS));
    for (const [what, words] of HOSTILE) {
      const text = await write(words);
      try {
        EXPECT_INERT[name](text);
        expect(commandsIn(withoutOwnCommands(name, text))).toEqual([]);
        // Where there is no text at all, its element may be absent.
        if (words !== "") expect(SHAPE[name]?.(text)).toEqual(harmless);
      } catch (error) {
        throw new Error(`with ${what}`, { cause: error });
      }
    }
  }

  it.each(Object.keys(SAMPLES))("is inert and of the same structure for any text in a report: %s", async (key) => {
    const sample = SAMPLES[key]?.() ?? mistakes();
    const paths = freePaths(sample, isReport);
    expect(paths.length).toBeGreaterThan(10);
    await expectInert(async (words) => {
      const hostile = replaced(sample, paths, words);
      const text = await textOf(name, hostile);
      if (name === "json") expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(hostile)));
      return text;
    });
  });

  it("is inert and of the same structure for any text in the report of several sites", async () => {
    const sample = projectReport();
    const isValid = (value: unknown): boolean =>
      isProjectReport(value) && (value as ProjectReport).sites.every((site) => isReport(site.report));
    expect(isValid(sample)).toBe(true);
    const paths = freePaths(sample, isValid);
    expect(paths.length).toBeGreaterThan(30);
    await expectInert(async (words) =>
      [...(await projectFormats[name]())(replaced(sample, paths, words), options)].join(""),
    );
  });
});

describe("stylish in color", () => {
  it.each(Object.keys(SAMPLES))("has no codes but the painter's: %s", async (key) => {
    const sample = SAMPLES[key]?.() ?? mistakes();
    for (const text of HOSTILE.values()) {
      const written = await textOf("stylish", replaced(sample, freePaths(sample, isReport), text), true);
      expectPlain(written.replace(/\u001b\[\d+m/g, ""));
    }
  });
});

describe("a comparison", () => {
  const names = Object.keys(comparisonFormats) as (keyof typeof comparisonFormats)[];
  it.each(names)("is inert as %s", async (name) => {
    const [before, after] = [waivedReport(), failingReport()].map((sample) => ({
      sample,
      paths: freePaths(sample, isReport),
    }));
    if (before === undefined || after === undefined) throw new Error("two reports are compared");
    const format = await comparisonFormats[name]();
    for (const words of HOSTILE.values()) {
      const [old, current] = [before, after].map(({ sample, paths }) => replaced(sample, paths, words));
      if (old === undefined || current === undefined) throw new Error("two reports are compared");
      const comparison = compareReports({ report: old, path: words }, { report: current, path: null });
      const text = [...format(comparison, options)].join("");
      EXPECT_INERT[name](text);
      expect(commandsIn(text)).toEqual([]);
    }
  });

  it.each(names)("of several sites is inert as %s", (name) => {
    const sample = projectReport();
    const paths = freePaths(sample, isProjectReport);
    for (const words of HOSTILE.values()) {
      const { cross_site } = replaced(sample, paths, words);
      const comparison = {
        ...{ before: words, after: words },
        cross_site: compareAcross({ ...sample, cross_site }, sample),
      };
      const sites = [
        { name: words, comparison: null, reason: words },
        {
          name: `${words} `,
          comparison: compareReports({ report: waivedReport(), path: words }, { report: failingReport(), path: null }),
          reason: null,
        },
      ];
      const text = [...projectComparisonFormats[name]({ schema_version: 2, sites, ...comparison }, options)].join("");
      EXPECT_INERT[name](text);
      expect(commandsIn(text)).toEqual([]);
    }
  });
});
