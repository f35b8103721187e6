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
:root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid; padding: .4rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th[scope="row"] { font-weight: normal; width: 32%; }
.fail, .crashed, .inconclusive { font-weight: bold; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
`;

/** The filled-in forms as one page that loads nothing and runs nothing. */
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
<p>Gate: ${prose(report.summary.gate_reason)}.</p>
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
<thead><tr><th scope="col">Line</th><th scope="col">Value</th><th scope="col">Source location</th><th scope="col">Verdict</th></tr></thead>
<tbody>
${lines.map((line, index) => row(line, isChecklist ? `${index + 1}. ` : ""))}</tbody>
</table>
`;
}

function row({ label, values, verdict }: SheetLine, number: string): Markup {
  const places = [...new Set(values.flatMap(({ location }) => (location === null ? [] : [locationText(location)])))];
  return markup`<tr><th scope="row">${number}${prose(label)}</th><td>${lines(values.map(({ text }) => prose(text)))}</td><td>${lines(places.map(breakable))}</td><td${verdict === null ? null : markup` class="${verdict.verdict}"`}>${verdict === null ? null : lines([markup`${verdictText(verdict)}`, ...rulesToName(verdict).map((rule) => markup`<code>${breakable(rule)}</code>`)])}</td></tr>
`;
}

function lines(parts: readonly Markup[]): readonly Markup[] {
  return parts.map((part, index) => (index === 0 ? part : markup`<br/>${part}`));
}
