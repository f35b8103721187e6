import type { ComparedSite, ProjectComparison } from "../../schema/project/project-comparison.generated.ts";
import type { CrossSiteChanges, CrossSiteFinding } from "../../schema/project/project-report.generated.ts";
import { comparisonMarkdown } from "../comparison-markdown.ts";
import { comparisonPieces } from "../html/comparison-page.ts";
import { markup, prose } from "../html/markup.ts";
import { pageStart } from "../html/page.ts";
import { comparisonHeadline, type ComparisonOptions } from "../model/comparison-sections.ts";
import { comparisonStylish } from "../stylish/comparison.ts";
import { wrap } from "../text/flow.ts";
import { jsonText } from "../text/json-text.ts";
import { markdownText } from "../text/markdown-text.ts";
import { withoutCommands } from "../text/runner-commands.ts";
import { counted, escapeForTerminal, messageText } from "../text/wording.ts";
import { acrossCounts } from "./summary.ts";

/** Turns a comparison of several sites into text, piece by piece. */
type ProjectComparisonFormat = (comparison: ProjectComparison, options: ComparisonOptions) => Iterable<string>;

/** The formats of `preflight compare` for several sites. */
export const projectComparisonFormats = {
  stylish: projectComparisonStylish,
  json: projectComparisonJson,
  markdown: projectComparisonMarkdown,
  html: projectComparisonHtml,
} as const satisfies Readonly<Record<string, ProjectComparisonFormat>>;

const NARROWEST = 30;

function* projectComparisonStylish({ sites, cross_site }: ProjectComparison, options: ComparisonOptions) {
  const width = Math.max(NARROWEST, options.width);
  const lines = (texts: readonly string[]) =>
    texts
      .flatMap((text) => wrap(text, width))
      .map((line) => `${withoutCommands(line)}\n`)
      .join("");
  for (const { name, comparison, reason } of sites) {
    yield `== ${escapeForTerminal(name)} ==\n`;
    if (comparison === null) yield lines([escapeForTerminal(reason ?? "")]);
    else yield* comparisonStylish(comparison, options);
    yield "\n";
  }
  yield lines([...acrossLines(cross_site), ...sites.map(siteLine)]);
}

function* projectComparisonJson(comparison: ProjectComparison) {
  yield* jsonText(comparison, 3);
  yield "\n";
}

function* projectComparisonMarkdown({ sites, cross_site }: ProjectComparison) {
  yield `# Preflight comparison of ${counted(sites.length, "site")}\n\n`;
  for (const site of sites) yield `- ${markdownText(siteLine(site))}\n`;
  for (const line of acrossLines(cross_site)) yield `- ${markdownText(line)}\n`;
  for (const { name, comparison } of sites) {
    if (comparison === null) continue;
    yield `\n# ${markdownText(escapeForTerminal(name))}\n\n`;
    yield* comparisonMarkdown(comparison);
  }
}

function* projectComparisonHtml({ sites, cross_site }: ProjectComparison) {
  const version = sites.flatMap(({ comparison }) => comparison?.after.version ?? [])[0] ?? "";
  const title = `Preflight comparison of ${counted(sites.length, "site")}`;
  yield pageStart(title, { name: "infinity-preflight", version }, { id: "content", to: "the comparison" });
  yield markup`<header class="top">
<p class="eyebrow">Preflight comparison</p>
<h1>${counted(sites.length, "site")}</h1>
</header>
<main id="content" class="top">
<section class="gate" aria-labelledby="sites-title">
<h2 id="sites-title">Sites</h2>
${[...sites.map(siteLine), ...acrossLines(cross_site)].map(
  (line) => markup`<p class="reason">${prose(line)}</p>
`,
)}</section>
`.text;
  for (const [position, { name, comparison }] of sites.entries()) {
    if (comparison === null) continue;
    yield markup`<section class="gate" aria-labelledby="s${position + 1}-title">
<h2 id="s${position + 1}-title">${escapeForTerminal(name)}: ${comparisonHeadline(comparison)}</h2>
`.text;
    for (const piece of comparisonPieces(comparison)) yield piece.text;
    yield "</section>\n";
  }
  yield "</main>\n</body>\n</html>\n";
}

/** `oslo: 3 fixed, 1 new since 2026-11-29 22:10 UTC.`, escaped. */
function siteLine({ name, comparison, reason }: ComparedSite): string {
  const site = escapeForTerminal(name);
  return comparison === null
    ? `${site}: ${escapeForTerminal(reason ?? "")}`
    : `${site}: ${comparisonHeadline(comparison)}.`;
}

/** What is different across sites: the changes, then their counts; escaped. */
function acrossLines(changes: CrossSiteChanges | null): readonly string[] {
  if (changes === null) return [];
  const list = (findings: readonly CrossSiteFinding[], word: string) =>
    findings.map(({ message }) => `Across sites, ${word}: ${messageText(message)}`);
  const counts = acrossCounts(changes);
  return [
    ...list(changes.new, "new"),
    ...list(changes.no_longer_compared, "no longer compared"),
    ...list(changes.fixed, "fixed"),
    `Across sites: ${counts === "" ? "no findings" : counts}.`,
  ];
}
