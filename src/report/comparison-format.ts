import type { Comparison } from "../schema/report.generated.ts";
import type { ComparisonOptions } from "./model/comparison-sections.ts";
import { jsonText } from "./text/json-text.ts";

/** Turns a comparison into text, piece by piece. */
export type ComparisonFormat = (comparison: Comparison, options: ComparisonOptions) => Iterable<string>;

/** The formats of `preflight compare` by name, each loaded on demand. */
export const comparisonFormats = {
  stylish: async () => (await import("./stylish/comparison.ts")).comparisonStylish,
  json: () => Promise.resolve(comparisonJson),
  markdown: async () => (await import("./comparison-markdown.ts")).comparisonMarkdown,
  html: async () => (await import("./html/comparison-page.ts")).comparisonPage,
} as const satisfies Readonly<Record<string, () => Promise<ComparisonFormat>>>;

function* comparisonJson(comparison: Comparison): Generator<string> {
  yield* jsonText(comparison, 2);
  yield "\n";
}
