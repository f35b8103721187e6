import type { Comparison } from "../../schema/report.generated.ts";
import { painter } from "../text/paint.ts";
import { flow, words, wrap } from "../text/flow.ts";
import { withoutCommands } from "../text/runner-commands.ts";
import { escapeForTerminal, listed, messageText, sentence, thousands } from "../text/wording.ts";
import {
  comparedRuns,
  comparisonHeadline,
  comparisonSections,
  type ComparisonEntry,
  type ComparisonOptions,
  type ComparisonSection,
  consequencesText,
  entryLocation,
  entryRules,
  entrySeverity,
  entrySubjects,
} from "../model/comparison-sections.ts";

const NARROWEST = 30;
/** Number of entries of a kind that are listed, unless all are requested. */
const MOST_ENTRIES = 20;
const RULES = 3;

/** The comparison for a person at a terminal; the last line is the result. */
export function* comparisonStylish(comparison: Comparison, options: ComparisonOptions): Generator<string> {
  const sections = comparisonSections(comparison).map((section) => [...sectionLines(section, options), ""]);
  for (const block of [...sections, endLines(comparison, options)]) {
    yield `${block.map(withoutCommands).join("\n")}\n`;
  }
}

/**
 * The changes alone, each kind followed by a blank line: for the report of the later run, which has what still fails.
 */
export function changeBlocks(comparison: Comparison, options: ComparisonOptions): string[][] {
  const sections = comparisonSections(comparison).filter(({ change }) => change !== "still-failing");
  return sections.map((section) => sectionLines(section, options));
}

function endLines(comparison: Comparison, { color, width }: ComparisonOptions): string[] {
  const columns = Math.max(NARROWEST, width);
  return [
    ...[...comparedRuns(comparison), ...comparison.notes.map(escapeForTerminal)].flatMap((text) => wrap(text, columns)),
    ...wrap(`${comparisonHeadline(comparison)}.`, columns).map((line) => painter(color)(line, "bold")),
  ];
}

function sectionLines(section: ComparisonSection, { color, width, all }: ComparisonOptions): string[] {
  const { title, entries } = section;
  const columns = Math.max(NARROWEST, width);
  const paint = painter(color);
  const shown = all ? entries : entries.slice(0, MOST_ENTRIES);
  const more = entries.length - shown.length;
  const tail = [consequencesText(section), more === 0 ? null : `… and ${thousands(more)} more; --all lists them`];
  return [
    paint(title, "underline"),
    ...shown.flatMap((entry) => entryLines(entry, columns, paint)),
    ...tail.flatMap((text) => (text === null ? [] : [paint(`  ${text}`, "dim")])),
  ];
}

const STYLES = { error: "red", warn: "yellow", info: "cyan" } as const;

function entryLines(entry: ComparisonEntry, columns: number, paint: ReturnType<typeof painter>): string[] {
  const { first } = entry;
  const room = columns - 4;
  const severity = entrySeverity(first);
  const head = flow(
    [
      ...(severity === "" ? [] : [paint(severity, STYLES[first.severity])]),
      ...words(sentence(messageText(first.message)), room),
    ],
    room,
  );
  const where = entryLocation(entry);
  const about = `${listed(entryRules(entry).map(escapeForTerminal), RULES)}: ${entrySubjects(entry)}${where === null ? "" : `, ${where}`}`;
  return [
    ...head.map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`)),
    ...wrap(about, room).map((line) => `    ${paint(line, "dim")}`),
  ];
}
