import type { RunReport, Severity } from "../schema/report.generated.ts";
import { terminal } from "./text/escape.ts";
import type { FormatOptions } from "./format-options.ts";
import { problems, type Problem } from "./model/problems.ts";
import { reportPaths } from "./model/report-uris.ts";
import { basisNotes, gateReason, runNotes } from "./model/run-notes.ts";
import { counted, listed, sentence, escapeForTerminal, thousands } from "./text/wording.ts";

/** GitHub shows this many annotations of one level per step, and silently drops the others. */
export const MOST = 10;

/** The workflow command of each severity. */
export const COMMANDS = { error: "error", warn: "warning", info: "notice" } as const satisfies Record<Severity, string>;

/**
 * Workflow commands of GitHub Actions: annotations of the files in a pull request, the worst of each level, then one
 * with the gate and the number of omitted annotations.
 */
export function* github(report: RunReport, { quiet }: Pick<FormatOptions, "quiet">): Generator<string> {
  const pathOf = reportPaths(report);
  const level = report.summary.gate === "passed" ? "info" : "error";
  const left: string[] = [];
  const wanted = problems(report, "by-gap").filter(({ severity }) => !quiet || severity === "error");
  const basis = basisNotes(report);
  for (const { text } of basis) yield command("notice", { title: "Preflight: based on" }, [escapeForTerminal(text)]);
  for (const severity of ["error", "warn", "info"] as const) {
    const all = wanted.filter((problem) => problem.severity === severity);
    const room = MOST - (severity === level ? 1 : 0) - (severity === "info" ? basis.length : 0);
    for (const problem of all.slice(0, room)) yield annotation(problem, pathOf);
    if (all.length > room) left.push(counted(all.length - room, COMMANDS[severity]));
  }
  yield command(COMMANDS[level], { title: `Preflight: gate ${report.summary.gate}` }, [summary(report, left)]);
}

function annotation({ kind, severity, name, message, fix, where }: Problem, pathOf: (path: string) => string): string {
  const lines = [
    message,
    ...(fix ?? "").split("\n").flatMap((line) => (line.trim() === "" ? [] : [escapeForTerminal(line)])),
  ];
  const title = kind === "crash" ? `${name} crashed` : name;
  if (where === null) return command(COMMANDS[severity], { title }, lines);
  const { path, line, column, end_line, end_column } = where;
  // Columns are valid only within one line, and the end column is inclusive.
  const columns = end_line === line ? { col: column, endColumn: Math.max(column, end_column - 1) } : {};
  return command(
    COMMANDS[severity],
    { file: terminal(pathOf(path)), line, endLine: end_line, ...columns, title },
    lines,
  );
}

function summary(report: RunReport, left: readonly string[]): string {
  const { summary: counts } = report;
  const parts = [
    `${counted(counts.planned, "check")}: ${thousands(counts.pass)} passed, ${thousands(counts.fail)} failed, ${thousands(counts.inconclusive)} inconclusive, ` +
      `${thousands(counts["not-applicable"])} not applicable, ${thousands(counts.skipped)} skipped, ${thousands(counts.waived)} waived, ${thousands(counts.crashed)} crashed.`,
    ...runNotes(report).map(({ text }) => escapeForTerminal(text)),
    ...(left.length === 0 ? [] : [`GitHub shows ${MOST} annotations of a kind; ${listed(left)} more in the report.`]),
  ];
  return `${sentence(escapeForTerminal(gateReason(report)))} ${parts.join(" ")}`;
}

/** A workflow command on one line; its values can end neither the line nor the properties. */
export function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  lines: readonly string[],
): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${name} ${given.join(",")}::${lines.map(data).join("%0A")}\n`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
