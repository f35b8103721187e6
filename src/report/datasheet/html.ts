import { breakable, markup, type Markup, prose } from "../html/markup.ts";
import { locationText } from "../text/wording.ts";
import {
  type Datasheet,
  DATASHEET_NOTES,
  DATASHEET_TITLE,
  rulesToName,
  type SheetLine,
  type SheetSection,
  verdictText,
} from "./datasheet.ts";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; --page: #f6f7f9; --ink: #1b1f24; --line: #c4ccd4; --head: #e8ecf0; --soft: #57606a; --failed: #b3261e; --inconclusive: #5b3fb0; --passed: #1a7338; }
@media (prefers-color-scheme: dark) { :root { --page: #121519; --ink: #e6e9ed; --line: #444d56; --head: #22272e; --soft: #a4aeb9; --failed: #ff8a80; --inconclusive: #b9a8ff; --passed: #63c985; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; overflow-wrap: anywhere; background: var(--page); color: var(--ink); }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { border: 1px solid var(--line); padding: .45rem .6rem; text-align: left; vertical-align: top; }
thead th { background: var(--head); }
th:first-child { width: 22%; }
thead th:last-child { width: 18%; }
th[scope="row"] { font-weight: normal; }
.entry { display: grid; grid-template-columns: 1fr 11rem; gap: 0 1rem; }
.at { color: var(--soft); font-size: .875rem; }
.fail, .crashed { color: var(--failed); font-weight: bold; }
.inconclusive { color: var(--inconclusive); font-weight: bold; }
.pass { color: var(--passed); }
td code { font-size: .875rem; font-weight: normal; }
@media (max-width: 46rem) {
  table, tbody, tr, th, td { display: block; width: auto !important; }
  thead { display: none; }
  tr { border: 1px solid var(--line); margin-bottom: .6rem; }
  th, td { border: 0; padding: .3rem .6rem; }
  th[scope="row"] { background: var(--head); }
  td:empty { padding: 0; }
  .entry { display: block; margin-bottom: .3rem; }
  .at { display: block; }
}
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
`;

/** The completed forms as one page that loads no resources and runs no scripts. */
export function* datasheetHtml({ checklist, datasheet, report }: Datasheet): Generator<string> {
  yield markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${DATASHEET_TITLE}</title>
<style>`.text;
  yield STYLE;
  yield markup`</style>
</head>
<body>
<main>
<h1>${DATASHEET_TITLE}</h1>
<p>Made by ${report.tool.name} ${report.tool.version} at ${report.started_at}, profile ${report.profile}.</p>
${DATASHEET_NOTES.map((note) => markup`<p>${note}</p>\n`)}<ul>
${report.inputs.map(({ path, sha256 }) => markup`<li>${breakable(path)}, SHA-256 <code>${breakable(sha256)}</code></li>\n`)}</ul>
<p>Gate ${report.summary.gate.replaceAll("-", " ")}: ${prose(report.summary.gate_reason)}.</p>
<h2>Installation checklist</h2>
`.text;
  for (const section of checklist) yield sectionMarkup(section, true).text;
  yield "<h2>Configuration datasheet</h2>\n";
  for (const section of datasheet) yield sectionMarkup(section, false).text;
  yield "</main>\n</body>\n</html>\n";
}

function sectionMarkup({ title, lines }: SheetSection, isChecklist: boolean): Markup {
  return markup`<h3>${title}</h3>
<table>
<thead><tr><th scope="col">Line</th><th scope="col">Values and source locations</th><th scope="col">Verdict</th></tr></thead>
<tbody>
${lines.map((line, index) => row(line, isChecklist ? `${index + 1}. ` : ""))}</tbody>
</table>
`;
}

function row({ label, values, verdict }: SheetLine, number: string): Markup {
  const entries = values.map(
    ({ text, location }) =>
      markup`<div class="entry"><span>${prose(text)}</span><span class="at">${location === null ? null : breakable(locationText(location))}</span></div>`,
  );
  return markup`<tr><th scope="row">${number}${prose(label)}</th><td>${entries}</td><td${verdict === null ? null : markup` class="${verdict.verdict}"`}>${verdict === null ? null : lines([markup`${verdictText(verdict)}`, ...rulesToName(verdict).map((rule) => markup`<code>${breakable(rule)}</code>`)])}</td></tr>
`;
}

function lines(parts: readonly Markup[]): readonly Markup[] {
  return parts.map((part, index) => (index === 0 ? part : markup`<br/>${part}`));
}
