import type { Change, Comparison, RunReport } from "../../schema/report.generated.ts";
import {
  comparedRuns,
  comparisonHeadline,
  comparisonSections,
  type ComparisonEntry,
  type ComparisonSection,
  consequencesText,
  entryLocation,
  entryRules,
  entrySeverity,
  entrySubjects,
} from "../model/comparison-sections.ts";
import { counted, sentence, thousands } from "../text/wording.ts";
import { breakable, code, joined, markup, type Markup, prose } from "./markup.ts";
import { icon, type Mark } from "./marks.ts";
import { pageStart, scrolling, type Section, table } from "./page.ts";

/** Number of rows shown per kind. */
const ROWS = 500;
const RULES = 3;

const FAILED = { error: "failed", warn: "warning", info: "info" } as const;
const MARKS: Readonly<Record<Change, Mark | null>> = {
  new: null,
  "severity-changed": null,
  "still-failing": null,
  "newly-inconclusive": "inconclusive",
  "no-longer-checked": "skipped",
  "newly-waived": "waived",
  "no-longer-inconclusive": "passed",
  fixed: "passed",
};

/** The differences from the earlier run; null if the run was not compared. */
export function comparisonSection({ comparison }: RunReport): Section | null {
  if (comparison === undefined) return null;
  return { id: "changes", title: "Changes", count: null, body: () => comparisonPieces(comparison) };
}

/** A comparison as one HTML file for a change ticket. */
export function* comparisonPage(comparison: Comparison): Generator<string> {
  const tool = { name: "infinity-preflight", version: comparison.after.version } as const;
  const deployment = comparison.after.deployment ?? "no deployment";
  yield pageStart(`${comparisonHeadline(comparison)}: ${deployment}`, tool, { id: "content", to: "the comparison" });
  yield markup`<header class="top">
<p class="eyebrow">Preflight comparison</p>
<h1>${breakable(deployment)}</h1>
</header>
<main id="content" class="top">
<section class="gate" aria-labelledby="changes-title">
<h2 id="changes-title">${comparisonHeadline(comparison)}</h2>
`.text;
  for (const piece of comparisonPieces(comparison)) yield piece.text;
  yield markup`</section>
</main>
</body>
</html>
`.text;
}

/** The comparison below a heading. */
export function* comparisonPieces(comparison: Comparison): Generator<Markup> {
  for (const text of [...comparedRuns(comparison), ...comparison.notes]) {
    yield markup`<p class="partial">${prose(text)}</p>
`;
  }
  for (const section of comparisonSections(comparison)) yield* sectionMarkup(section);
}

function* sectionMarkup(section: ComparisonSection): Generator<Markup> {
  const { title, entries } = section;
  const count = entries.reduce((sum, { changes }) => sum + changes.length, 0);
  yield markup`<h3>${title} <span class="count">${thousands(count)}</span></h3>
`;
  const rows = entries.slice(0, ROWS).map((entry) => rowOf(entry, MARKS[section.change]));
  yield scrolling(title, table(`${title}: ${counted(count, "change")}`, ["What", "Rule", "Subject", "Where"], rows));
  const more = entries.length - rows.length;
  const rest = [consequencesText(section), more > 0 ? `${thousands(more)} more: see the JSON.` : null];
  for (const text of rest) {
    if (text !== null)
      yield markup`<p class="meta">${text}</p>
`;
  }
}

function rowOf(entry: ComparisonEntry, mark: Mark | null): Markup {
  const { first } = entry;
  const where = entryLocation(entry);
  const rules = entryRules(entry);
  return markup`<th scope="row">${icon(mark ?? FAILED[first.severity])} ${prose(sentence(first.message))} <span class="meta">${entrySeverity(first)}</span></th>
    <td>${joined(rules.slice(0, RULES).map(code), ", ")}${rules.length > RULES ? ` and ${thousands(rules.length - RULES)} more` : null}</td>
    <td>${breakable(entrySubjects(entry))}</td>
    <td>${where === null ? null : code(where)}</td>`;
}
