import { markdownCode, markdownText } from "../text/markdown-text.ts";
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

/** The completed forms as GitHub Flavored Markdown. */
export function* datasheetMarkdown({ checklist, datasheet, report }: Datasheet): Generator<string> {
  yield `# ${DATASHEET_TITLE}\n\n`;
  yield `Made by ${report.tool.name} ${markdownText(report.tool.version)} at ${report.started_at}, profile ${markdownText(report.profile)}.\n`;
  for (const note of DATASHEET_NOTES) yield `${note}\n`;
  yield "\n";
  for (const { path, sha256 } of report.inputs) yield `- ${markdownText(path)}, SHA-256 \`${sha256}\`\n`;
  yield `\nGate ${report.summary.gate.replaceAll("-", " ")}: ${markdownText(report.summary.gate_reason)}.\n\n## Installation checklist\n`;
  for (const section of checklist) yield* sectionText(section, true);
  yield "\n## Configuration datasheet\n";
  for (const section of datasheet) yield* sectionText(section, false);
}

function* sectionText({ title, lines }: SheetSection, isChecklist: boolean): Generator<string> {
  yield `\n### ${markdownText(title)}\n\n`;
  yield "| | value | source location | verdict |\n| --- | --- | --- | --- |\n";
  for (const [index, line] of lines.entries()) {
    const number = isChecklist ? `${index + 1}. ` : "";
    yield `| ${number}${markdownText(line.label)} | ${valueCells(line)} | ${verdictCell(line)} |\n`;
  }
}

function valueCells({ values }: SheetLine): string {
  const texts = values.map(({ text }) => markdownText(text)).join("<br>");
  const places = values.map(({ location }) => (location === null ? "" : markdownText(locationText(location))));
  return `${texts} | ${places.join("<br>")}`;
}

function verdictCell({ verdict }: SheetLine): string {
  if (verdict === null) return "";
  return [verdictText(verdict), ...rulesToName(verdict).map(markdownCode)].join("<br>");
}
