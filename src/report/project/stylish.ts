import type { CrossSiteFinding, ProjectReport } from "../../schema/project/project-report.generated.ts";
import type { Severity } from "../../schema/report.generated.ts";
import type { FormatOptions } from "../format-options.ts";
import { SEVERITIES } from "../stylish/page.ts";
import { stylish } from "../stylish/stylish.ts";
import { flow, words, wrap } from "../text/flow.ts";
import { type Paint, painter, type Style } from "../text/paint.ts";
import { withoutCommands } from "../text/runner-commands.ts";
import { textWidth } from "../text/text-width.ts";
import { escapeForTerminal, locationText, messageText, thousands } from "../text/wording.ts";
import { comparisonNotes, GATE_WORDS, projectGate, projectReason, type SummaryRow, summaryRows } from "./summary.ts";

/** Below this width, the rows of the summary are lines of text. */
const NARROW = 60;
const NARROWEST = 30;

/** The report of each site under its name, the cross-site findings, then one table and one gate. */
export function* projectStylish(report: ProjectReport, options: FormatOptions): Generator<string> {
  const width = Math.max(NARROWEST, options.width);
  const paint = painter(options.color);
  for (const { name, report: site } of report.sites) {
    yield lines([...heading(`Site ${escapeForTerminal(name)}`, width, paint), ""]);
    yield* stylish(site, options);
    yield "\n";
  }
  const findings = (report.cross_site?.findings ?? []).filter(({ severity }) => !options.quiet || severity === "error");
  if (findings.length > 0) {
    yield lines([...heading("Across sites", width, paint), ""]);
    for (const finding of findings) yield lines([...findingLines(finding, width, paint), ""]);
  }
  yield lines([...heading("Summary", width, paint), ""]);
  yield lines([...table(summaryRows(report), width, paint), ""]);
  yield lines(comparisonNotes(report).flatMap((note) => wrap(note, width)));
  yield lines(gateLines(report, width, paint));
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${withoutCommands(line)}\n`).join("");
}

function heading(text: string, width: number, paint: Paint): readonly string[] {
  return wrap(text, width).map((line) => paint(line, "bold", "underline"));
}

function findingLines(
  { severity, message, rule, nodes }: CrossSiteFinding,
  width: number,
  paint: Paint,
): readonly string[] {
  const { word, style } = SEVERITIES[severity satisfies Severity];
  const head = flow([paint(word, style, "bold"), ...words(messageText(message), width - 4)], width - 2);
  const where = nodes.flatMap(({ location }) => (location === null ? [] : [locationText(location)]));
  return [
    ...head.map((line, index) => `${index === 0 ? "  " : "    "}${line}`),
    ...where.flatMap((text) => wrap(text, width - 4).map((line) => paint(`    ${line}`, "dim"))),
    paint(`    ${escapeForTerminal(rule)}`, "dim"),
  ];
}

const STYLES = { passed: "green", failed: "red", "no-verdict": "red" } as const satisfies Readonly<
  Record<SummaryRow["gate"], Style>
>;

function table(rows: readonly SummaryRow[], width: number, paint: Paint): readonly string[] {
  const cells = rows.map(({ name, gate, errors, warnings, inconclusive, path }) => [
    escapeForTerminal(name),
    GATE_WORDS[gate],
    thousands(errors),
    thousands(warnings),
    thousands(inconclusive),
    escapeForTerminal(path),
  ]);
  const header = ["Site", "Gate", "Errors", "Warnings", "Inconclusive", "Deployment"];
  const all = [header, ...cells];
  const widths = header.map((_, column) => Math.max(...all.map((row) => textWidth(row[column] ?? ""))));
  const total = widths.reduce((sum, one) => sum + one + 2, 0);
  // A table that wraps is unreadable; the deployment is the column that matters least.
  const columns = total <= width ? header.length : header.length - 1;
  const isNarrow = width < NARROW || widths.slice(0, columns).reduce((sum, one) => sum + one + 2, 0) > width;
  if (isNarrow) return rows.flatMap((row) => narrowRow(row, width, paint));
  return all.map((row, index) => {
    const shown = row.slice(0, columns).map((cell, column) => {
      const room = (widths[column] ?? 0) - textWidth(cell);
      const isNumber = column >= 2 && column <= 4;
      const padded = isNumber ? " ".repeat(room) + cell : cell + " ".repeat(room);
      const gate = rows[index - 1]?.gate;
      return column === 1 && gate !== undefined ? paint(padded, STYLES[gate]) : padded;
    });
    const line = shown.join("  ").trimEnd();
    return index === 0 ? paint(line, "dim") : line;
  });
}

function narrowRow(
  { name, gate, errors, warnings, inconclusive }: SummaryRow,
  width: number,
  paint: Paint,
): readonly string[] {
  const counts = `${thousands(errors)} errors, ${thousands(warnings)} warnings, ${thousands(inconclusive)} inconclusive`;
  return [
    ...flow([`${escapeForTerminal(name)}:`, paint(GATE_WORDS[gate], STYLES[gate])], width),
    ...wrap(counts, width - 2).map((line) => `  ${line}`),
  ];
}

function gateLines(report: ProjectReport, width: number, paint: Paint): readonly string[] {
  const gate = projectGate(report);
  const word = paint(GATE_WORDS[gate].toUpperCase(), STYLES[gate], "bold");
  const all = flow(["Gate:", word, "—", ...words(projectReason(report), width - 2)], width - 2);
  return all.map((line, index) => (index === 0 ? line : `  ${line}`));
}
