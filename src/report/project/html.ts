import type { ProjectReport, SiteReport } from "../../schema/project/project-report.generated.ts";
import type { Severity } from "../../schema/report.generated.ts";
import { documentEnd, reportBody } from "../html/html.ts";
import { icon, type Mark } from "../html/marks.ts";
import { code, joined, markup, type Markup, prose } from "../html/markup.ts";
import { pageStart, scrolling, table } from "../html/page.ts";
import { counted, escapeForTerminal, locationText, thousands } from "../text/wording.ts";
import { comparisonNotes, GATE_WORDS, projectGate, projectReason, summaryRows } from "./summary.ts";

const MARKS = { passed: "passed", failed: "failed", "no-verdict": "crashed" } as const satisfies Readonly<
  Record<ReturnType<typeof projectGate>, Mark>
>;

const SEVERITY_MARKS = { error: "failed", warn: "warning", info: "info" } as const satisfies Readonly<
  Record<Severity, Mark>
>;

/** One HTML file: an index of the sites with the gate of the project, the cross-site findings, then every report. */
export function* projectHtml(report: ProjectReport): Generator<string> {
  const gate = projectGate(report);
  const title = `Gate ${GATE_WORDS[gate]}: ${counted(report.sites.length, "site")}`;
  yield pageStart(title, report.tool, { id: "sites", to: "the sites" });
  yield markup`<header class="top">
<p class="eyebrow">Preflight report</p>
<h1>${report.project === null ? counted(report.sites.length, "site") : report.project.path}</h1>
</header>
<main id="content">
<div class="top">
<section class="gate gate-${gate}" id="gate" aria-labelledby="gate-word">
<h2 id="gate-word">${icon(MARKS[gate])} Gate ${GATE_WORDS[gate]}</h2>
<p class="reason">${prose(projectReason(report))}</p>
${comparisonNotes(report).map(
  (note) => markup`<p class="partial">${prose(note)}</p>
`,
)}</section>
<div class="sections">
${index(report)}${across(report)}</div>
</div>
`.text;
  for (const [position, site] of report.sites.entries()) yield* sitePart(site, `s${position + 1}-`);
  yield "</main>\n";
  yield documentEnd(report.tool).text;
}

function index(report: ProjectReport): Markup {
  const rows = summaryRows(report).map(
    ({ name, gate, errors, warnings, inconclusive, path }, position) =>
      markup`<th scope="row"><a href="#s${position + 1}-site">${escapeForTerminal(name)}</a></th><td>${icon(MARKS[gate])} ${GATE_WORDS[gate]}</td><td class="number">${thousands(errors)}</td><td class="number">${thousands(warnings)}</td><td class="number">${thousands(inconclusive)}</td><td>${code(path)}</td>`,
  );
  const columns = ["Site", "Gate", "Errors", "Warnings", "Inconclusive", "Deployment"];
  return markup`<section id="sites" aria-labelledby="sites-title">
<h2 id="sites-title">Sites <span class="count">${thousands(rows.length)}</span></h2>
${scrolling("Sites", table("Every site with its gate", columns, rows))}</section>
`;
}

function across({ cross_site }: ProjectReport): Markup | null {
  const findings = cross_site?.findings ?? [];
  if (findings.length === 0) return null;
  return markup`<section id="across-sites" aria-labelledby="across-sites-title">
<h2 id="across-sites-title">Across sites <span class="count">${thousands(findings.length)}</span></h2>
${findings.map(
  ({ severity, rule, message, nodes }) => markup`<article class="card card-${SEVERITY_MARKS[severity]}">
<h3>${prose(escapeForTerminal(message))}</h3>
<p class="meta">${severity === "warn" ? "warning" : severity} · ${code(rule)} · ${joined(
    nodes.flatMap(({ location }) => (location === null ? [] : [code(locationText(location))])),
    ", ",
  )}</p>
</article>
`,
)}</section>
`;
}

/** The report of a site; its anchors get a prefix, as all reports have the same ones. */
function* sitePart({ name, report }: SiteReport, prefix: string): Generator<string> {
  yield markup`<article class="site" id="${prefix}site" aria-labelledby="${prefix}site-title">
<div class="top"><h2 id="${prefix}site-title">${escapeForTerminal(name)}</h2>
<p><a href="#sites">Back to the sites</a></p></div>
`.text;
  for (const piece of reportBody(report, 'class="report"', "div")) yield withPrefix(piece, prefix);
  yield "</article>\n";
}

/**
 * Adds a prefix to the anchors of markup. Quotes in text and attribute values are escaped, so an unescaped one belongs
 * to an attribute; references to symbols (`#m-…`) stay, as all reports share them. Landmarks are named after their site
 * too.
 */
function withPrefix(text: string, prefix: string): string {
  return text
    .replaceAll(/ id="([^"]+)"/g, ` id="${prefix}$1"`)
    .replaceAll(/ href="#(?!m-)([^"]+)"/g, ` href="#${prefix}$1"`)
    .replaceAll(/ aria-labelledby="([^"]+)"/g, ` aria-labelledby="${prefix}site-title ${prefix}$1"`)
    .replaceAll(/<nav aria-label="[^"]+"/g, `<nav aria-labelledby="${prefix}site-title"`);
}
