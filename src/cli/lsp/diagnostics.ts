import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import {
  type Diagnostic,
  DiagnosticSeverity,
  type DiagnosticRelatedInformation,
  type Range,
} from "vscode-languageserver";
import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, Finding, Severity } from "../../schema/report.generated.ts";
import { isTextLocation, type Location, type TextLocation } from "../../values/location.ts";
import type { Analysis, Findings } from "./session.ts";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warn: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

const FIRST_LINE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

/** A failed check with one of its findings, and its range in the editor. */
export interface ShownFinding {
  readonly check: Check;
  readonly finding: Finding;
  readonly range: Range;
}

/** The lines of a protocol range, which count from 0. */
export function rangeOf({ line, column, end_line, end_column }: TextLocation): Range {
  return {
    start: { line: line - 1, character: column - 1 },
    end: { line: end_line - 1, character: end_column - 1 },
  };
}

/** Every finding at its value, else at its subject, else on the first line. */
export function shownFindings({ report }: Analysis, name: string): readonly ShownFinding[] {
  return checksWith(report.checks, "fail").flatMap((check) =>
    check.findings.map((finding) => ({ check, finding, range: ownRange([finding.location, check.location], name) })),
  );
}

/**
 * The diagnostics of a text. If the text cannot be read: its errors, and the findings of the last text that could,
 * moved by the lines added or removed since.
 */
export function diagnosticsOf(findings: Findings, name: string, folder: string): readonly Diagnostic[] {
  const { text, errors, analysis } = findings;
  const faults = errors.map(({ message, hint, code, location }) => {
    const isOwn = isTextLocation(location) && location.path === name;
    const elsewhere = location === null || isOwn ? "" : `${location.path}: `;
    return {
      ...{ source: "preflight", severity: DiagnosticSeverity.Error, code },
      range: isOwn ? rangeOf(location) : FIRST_LINE,
      message: `${elsewhere}${message}${hint === null ? "" : ` ${hint}`}`,
    };
  });
  if (analysis === null) return faults;
  const move = analysis.text === text ? (range: Range) => range : movedBy(analysis.text, text);
  const failed = shownFindings(analysis, name).map(({ check, finding, range }) => ({
    ...{ source: "preflight", code: check.rule, severity: SEVERITIES[check.severity] },
    range: move(range),
    message: finding.message,
    relatedInformation: finding.related.flatMap((related) => relatedInformation(related, folder)),
  }));
  return [...faults, ...failed, ...inconclusive(analysis, name).map((one) => ({ ...one, range: move(one.range) }))];
}

/** Each gap once, as a hint: the editor must not suggest that everything was checked. */
function inconclusive({ report }: Analysis, name: string): readonly Diagnostic[] {
  const found = new Map<string, { readonly range: Range; readonly rules: string[] }>();
  for (const { rule, missing, reason, location } of checksWith(report.checks, "inconclusive")) {
    for (const gap of missing.length > 0 ? missing : [{ what: reason ?? "", location }]) {
      const known = found.get(gap.what);
      if (known === undefined) found.set(gap.what, { range: ownRange([gap.location, location], name), rules: [rule] });
      else if (!known.rules.includes(rule)) known.rules.push(rule);
    }
  }
  return [...found].map(([what, { range, rules }]) => ({
    ...{ source: "preflight", code: rules[0] ?? "", severity: DiagnosticSeverity.Hint, range },
    message: `Inconclusive: ${what} (${rules.slice(0, 3).join(", ")}${rules.length > 3 ? ` and ${rules.length - 3} more` : ""}).`,
  }));
}

function ownRange(locations: readonly (Location | null)[], name: string): Range {
  const own = locations.filter((location) => isTextLocation(location)).find(({ path }) => path === name);
  return own === undefined ? FIRST_LINE : rangeOf(own);
}

function relatedInformation(
  { message, location }: Finding["related"][number],
  folder: string,
): readonly DiagnosticRelatedInformation[] {
  if (!isTextLocation(location)) return [];
  const uri = pathToFileURL(resolve(folder, location.path)).href;
  return [{ message, location: { uri, range: rangeOf(location) } }];
}

/** Moves ranges below a change by the lines that it added or removed. */
function movedBy(before: string, after: string): (range: Range) => Range {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same++;
  const delta = now.length - old.length;
  return ({ start, end }) => {
    if (start.line < same || delta === 0) return { start, end };
    const line = Math.max(same, start.line + delta);
    return { start: { ...start, line }, end: { ...end, line: Math.max(line, end.line + delta) } };
  };
}
