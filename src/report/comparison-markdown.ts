import type { Comparison } from "../schema/report.generated.ts";
import { markdownCode, markdownText } from "./text/markdown-text.ts";
import { counted, listed, thousands } from "./text/wording.ts";
import {
  comparedRuns,
  comparisonHeadline,
  comparisonSections,
  type ComparisonEntry,
  consequencesText,
  entryLocation,
  entryRules,
  entrySeverity,
  entrySubjects,
} from "./model/comparison-sections.ts";

/** Rows of one kind in a table; more would not help the reader of a ticket. */
const MOST_ROWS = 100;
const RULES = 3;

/** The comparison for a ticket: the gate result, then a table for each kind of change. */
export function* comparisonMarkdown(comparison: Comparison): Generator<string> {
  yield `## ${markdownText(comparisonHeadline(comparison))}\n\n`;
  yield* comparisonTables(comparison);
}

/** The same tables for use below a heading of another report. */
export function* comparisonTables(comparison: Comparison): Generator<string> {
  for (const text of [...comparedRuns(comparison), ...comparison.notes]) yield `- ${markdownText(text)}\n`;
  for (const section of comparisonSections(comparison)) {
    const { title, entries } = section;
    const count = entries.reduce((sum, { changes }) => sum + changes.length, 0);
    yield `\n### ${title} (${thousands(count)})\n\n| | What | Rule | Subject | Where |\n| --- | --- | --- | --- | --- |\n`;
    for (const entry of entries.slice(0, MOST_ROWS)) yield row(entry);
    const more = entries.length - MOST_ROWS;
    const tail = [consequencesText(section), more > 0 ? `${counted(more, "more row")} in the JSON` : null];
    for (const text of tail) if (text !== null) yield `\n${text}\n`;
  }
}

function row(entry: ComparisonEntry): string {
  const { first } = entry;
  const cells = [
    entrySeverity(first),
    markdownText(first.message),
    listed(entryRules(entry).map(markdownCode), RULES),
    markdownText(entrySubjects(entry)),
    markdownText(entryLocation(entry) ?? ""),
  ];
  return `| ${cells.join(" | ")} |\n`;
}
