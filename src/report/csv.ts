import type { Check, RunReport } from "../schema/report.generated.ts";
import { isTextLocation, type Location } from "../values/location.ts";
import { cell, csvCell, csvRow } from "./text/csv-row.ts";
import { gapsOfCheck } from "./model/gaps.ts";
import { ByKind, BySubject, isPlain } from "./model/plain-checks.ts";
import { milderReason } from "./model/unplanned.ts";
import { basisNotes, gateReason, runNotes } from "./model/run-notes.ts";
import { counted, phrase } from "./text/wording.ts";

/** The columns, in order. New ones are added at the end, and none is removed. */
export const COLUMNS = [
  ...["verdict", "severity", "rule", "subject_kind", "subject", "message", "path", "line", "column", "sheet", "cell"],
  ...[
    "remediation",
    "waived_until",
    "waiver_owner",
    "waiver_ticket",
    "waiver_reason",
    "fingerprint",
    "title",
    "root_causes",
  ],
] as const;

type Column = (typeof COLUMNS)[number];
type Row = Readonly<Partial<Record<Column, string | number | null>>>;

/**
 * Every check as one row, or one row per finding or gap where it has several. Before them: the gate, the errors of the
 * run, the checks of the approved plan that are missing, and the disabled rules. RFC 4180, for spreadsheets.
 */
export function* csv(report: RunReport): Generator<string> {
  yield csvRow(COLUMNS);
  yield* csvRows(report);
}

/**
 * The columns by source: the parts of a plain check that depend on its subject are cached apart from those that depend
 * on its location.
 */
const PARTS = {
  head: COLUMNS.slice(0, COLUMNS.indexOf("subject_kind")),
  subject: COLUMNS.slice(COLUMNS.indexOf("subject_kind"), COLUMNS.indexOf("message")),
  message: COLUMNS.slice(COLUMNS.indexOf("message"), COLUMNS.indexOf("path")),
  place: COLUMNS.slice(COLUMNS.indexOf("path"), COLUMNS.indexOf("remediation")),
  rest: COLUMNS.slice(COLUMNS.indexOf("remediation")),
} as const;

/**
 * The rows of one report: a cell for each of the columns, then the additional cells.
 *
 * @param further cells appended to every row
 */
export function* csvRows(report: RunReport, further: readonly string[] = []): Generator<string> {
  const titles = new Map(report.rules.map(({ id, title }) => [id, title]));
  const end = `${further.map((text) => `,${csvCell(cell(text))}`).join("")}\r\n`;
  const line = (row: Row) => `${cellsOf(COLUMNS, row)}${end}`;
  for (const row of rows(report, titles)) yield line(row);
  const kinds = new ByKind(({ verdict, severity, rule, reason }) => {
    const row: Row = { verdict, severity, rule, message: reason ?? "", title: titles.get(rule) ?? "" };
    return {
      head: `${cellsOf(PARTS.head, row)},`,
      message: `,${cellsOf(PARTS.message, row)},`,
      rest: `,${cellsOf(PARTS.rest, row)}${end}`,
    };
  });
  const subjects = new BySubject(({ subject, location }) => ({
    name: cellsOf(PARTS.subject, about(subject)),
    place: cellsOf(PARTS.place, at(location)),
  }));
  for (const check of report.checks) {
    if (isPlain(check)) {
      const { head, message, rest } = kinds.of(check);
      const { name, place } = subjects.of(check);
      yield head + name + message + place + rest;
    } else for (const row of checkRows(check, titles.get(check.rule) ?? "")) yield line(row);
  }
}

function cellsOf(columns: readonly Column[], row: Row): string {
  return columns.map((column) => csvCell(cell(row[column]))).join(",");
}

/** Rows for everything that is not a check. */
function* rows(report: RunReport, titles: ReadonlyMap<string, string>): Generator<Row> {
  const { summary, errors, baseline, policy, waivers } = report;
  yield { verdict: "gate", message: `${summary.gate}: ${gateReason(report)}` };
  for (const { kind, text, location } of [...basisNotes(report), ...runNotes(report)])
    yield { verdict: kind, message: text, ...at(location) };
  for (const { code, message, location, hint } of errors) {
    yield { verdict: "mistake", severity: "error", rule: code, message, remediation: hint, ...at(location) };
  }
  for (const { rule, subject, reason } of baseline?.missing ?? []) {
    const message = `not evaluated, although it is in the approved plan: ${reason}`;
    yield {
      verdict: "not-evaluated",
      severity: "error",
      rule,
      ...about(subject),
      message,
      title: titles.get(rule) ?? "",
    };
  }
  for (const change of baseline?.relaxed ?? []) {
    const { rule, subject } = change;
    const whom = subject === null ? {} : about(subject);
    const message = `relaxed since the approved plan: ${milderReason(change)}`;
    yield { verdict: "milder", severity: "error", rule: rule ?? change.setting, ...whom, message };
  }
  for (const { rule, checks: count, by, location } of policy.off) {
    const message = `disabled by ${by}, so ${counted(count, "check")} ${count === 1 ? "is" : "are"} not made`;
    yield { verdict: "off", rule, message, ...at(location) };
  }
  for (const { rule, subject, state, message, location, expires, owner, ticket, reason } of waivers) {
    if (state === "used" || state === "not-evaluated") continue;
    yield {
      ...{ verdict: `${state} waiver`, rule, subject, message, ...at(location) },
      ...{ waived_until: expires, waiver_owner: owner, waiver_ticket: ticket, waiver_reason: reason },
    };
  }
}

function* checkRows(check: Check, title: string): Generator<Row> {
  const { rule, subject, severity, verdict, waiver, remediation, reason, findings, root_causes } = check;
  const base: Row = {
    ...{ verdict, severity, rule, ...about(subject), title },
    root_causes: root_causes.map((root) => `${root.rule} ${root.subject.kind}:${root.subject.name}`).join("\n"),
    ...(waiver !== null && {
      waived_until: waiver.expires,
      waiver_owner: waiver.owner,
      waiver_ticket: waiver.ticket,
      waiver_reason: waiver.reason,
    }),
  };
  const isInconclusive = verdict === "inconclusive" || (verdict === "waived" && findings.length === 0);
  if (findings.length > 0) {
    for (const { message, location, fingerprint } of findings) {
      yield { ...base, message, remediation, fingerprint, ...at(location ?? check.location) };
    }
  } else if (isInconclusive) {
    for (const { what, location } of gapsOfCheck(check)) {
      yield { ...base, message: `inconclusive: ${phrase(what)}`, ...at(location ?? check.location) };
    }
  } else yield { ...base, message: reason ?? "", ...at(check.location) };
}

function about({ kind, name }: Check["subject"]): Row {
  return { subject_kind: kind, subject: name };
}

function at(location: Location | null): Row {
  if (location === null) return {};
  const { path } = location;
  return isTextLocation(location)
    ? { path, line: location.line, column: location.column }
    : { path, sheet: location.sheet, cell: location.cell };
}
