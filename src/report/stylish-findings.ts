import { isTextLocation } from "../values/location.ts";
import type { Check } from "../engine/run-report.ts";
import { flow, words, wrap } from "./flow.ts";
import type { OpenFinding } from "./open-findings.ts";
import { aside, SEVERITIES, type Page } from "./stylish-page.ts";
import { textWidth } from "./text-width.ts";
import { phrase, place, shown, subjectName } from "./wording.ts";

/** From this width on a finding is a row of columns; below, its message stands under its place. */
const COLUMNS_FROM = 60;
/** Rule ids get a column of their own when messages keep at least so much. */
const MESSAGE_ROOM = 60;

interface Group {
  readonly title: string;
  readonly findings: OpenFinding[];
}

/** Widths of the widest place, message and rule id of a group. */
interface Layout {
  readonly place: number;
  readonly message: number;
  readonly rule: number;
}

/** One block of lines for every file with findings, in input order, then one for every subject that no file shows. */
export function* findingBlocks(
  findings: readonly OpenFinding[],
  inputs: readonly string[],
  page: Page,
): Generator<string[]> {
  const said = new Cures();
  for (const { title, findings: members } of grouped(findings, inputs)) {
    const places = members.map(({ finding }) => position(finding.location));
    const layout: Layout = {
      place: widest(places),
      message: widest(members.map(({ finding }) => shown(finding.message))),
      rule: widest(members.map(({ check }) => shown(check.rule))),
    };
    const lines = [page.paint(title, "underline")];
    members.forEach((member, index) => {
      lines.push(...row(member, places[index] ?? "", layout, said, page));
    });
    yield lines;
  }
}

/** By file and position; findings without a position by subject. */
function grouped(findings: readonly OpenFinding[], inputs: readonly string[]): Group[] {
  const files = new Map<string, Group>(inputs.map((path) => [path, { title: shown(path), findings: [] }]));
  const subjects = new Map<string, Group>();
  for (const member of findings) {
    const { location } = member.finding;
    const [groups, key, title] = isTextLocation(location)
      ? [files, location.path, shown(location.path)]
      : [subjects, subjectName(member.check.subject), subjectName(member.check.subject)];
    const group = groups.get(key) ?? { title, findings: [] };
    group.findings.push(member);
    groups.set(key, group);
  }
  for (const { findings: members } of files.values()) members.sort(byPosition);
  return [...files.values(), ...subjects.values()].filter(({ findings: members }) => members.length > 0);
}

function byPosition({ finding: { location: a } }: OpenFinding, { finding: { location: b } }: OpenFinding): number {
  return isTextLocation(a) && isTextLocation(b) ? a.line - b.line || a.column - b.column : 0;
}

function position(location: OpenFinding["finding"]["location"]): string {
  return isTextLocation(location) ? `${location.line}:${location.column}` : "";
}

/** The lines of one finding: the row itself, other places, the cure. */
function row(member: OpenFinding, where: string, layout: Layout, said: Cures, page: Page): string[] {
  const { indent, lines } =
    page.width < COLUMNS_FROM ? stacked(member, where, page) : columns(member, where, layout, page);
  return [
    ...lines,
    ...notes(member).flatMap((text) => aside(text, indent, page)),
    ...cureLines(said.unsaid(member.check), indent, page),
  ];
}

interface Row {
  /** Columns to the left of the message, and of everything that belongs to it. */
  readonly indent: number;
  readonly lines: string[];
}

/** Place, severity and rule on one line, the message below. */
function stacked({ check, finding }: OpenFinding, where: string, { paint, width }: Page): Row {
  const indent = 4;
  const { word, style } = SEVERITIES[check.severity];
  const parts = [...(where === "" ? [] : [paint(where, "dim")]), paint(word, style), paint(shown(check.rule), "dim")];
  const head = hang(flow(parts, width - indent), "  ", indent);
  return {
    indent,
    lines: [...head, ...hang(wrap(shown(finding.message), width - indent), " ".repeat(indent), indent)],
  };
}

/** Place, severity, message and rule side by side; where that is too narrow, the rule follows the message. */
function columns({ check, finding }: OpenFinding, where: string, layout: Layout, { paint, width }: Page): Row {
  const { word, style } = SEVERITIES[check.severity];
  const left = layout.place === 0 ? "" : `${" ".repeat(layout.place - where.length)}${paint(where, "dim")}  `;
  const head = `  ${left}${paint(word, style)}${" ".repeat("warning".length - word.length)}  `;
  const indent = textWidth(head);
  const message = shown(finding.message);
  const rule = paint(shown(check.rule), "dim");
  const room = width - indent - layout.rule - 2;
  if (room < MESSAGE_ROOM) {
    return { indent, lines: hang(flow([...words(message, width - indent), ` ${rule}`], width - indent), head, indent) };
  }
  const column = Math.min(room, layout.message);
  const [first = "", ...rest] = wrap(message, column);
  return { indent, lines: hang([`${first}${" ".repeat(column - textWidth(first))}  ${rule}`, ...rest], head, indent) };
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
}

/** Lines behind a head: the head before the first, blanks before the others. */
function hang(lines: readonly string[], head: string, indent: number): string[] {
  return lines.map((line, index) => (index === 0 ? head : " ".repeat(indent)) + line);
}

/** Where else to look: the cell, the place that names the subject, the places that explain the finding. */
function notes({ check, finding }: OpenFinding): string[] {
  const { location } = finding;
  const named = isTextLocation(location) ? null : check.location;
  return [
    ...(location === null || isTextLocation(location) ? [] : [`at ${place(location)}`]),
    ...(named === null ? [] : [`named at ${place(named)}`]),
    ...finding.related.map(({ message, location: other }) =>
      other === null ? shown(message) : `${place(other)}  ${phrase(shown(message))}`,
    ),
  ];
}

/** The first line of a cure is prose; the others are commands, kept whole so that they can be copied. */
function cureLines(lines: readonly CureLine[], indent: number, { paint, width }: Page): string[] {
  const label = "fix: ";
  const inner = indent + label.length;
  return lines.flatMap(({ text, isProse }) =>
    isProse
      ? wrap(text, width - inner).map(
          (line, index) => " ".repeat(indent) + paint((index === 0 ? label : "     ") + line, "dim"),
        )
      : [" ".repeat(inner) + paint(text, "dim")],
  );
}

interface CureLine {
  readonly text: string;
  readonly isProse: boolean;
}

/** Remembers which cures have been printed: what a rule advises is said once, the commands of each subject with it. */
class Cures {
  readonly #said = new Set<string>();

  /** The lines of a check's cure that its rule has not said yet. */
  unsaid({ rule, remediation }: Check): CureLine[] {
    const lines = (remediation ?? "")
      .split("\n")
      .map((line, index) => ({ text: shown(line.trim()), isProse: index === 0 }));
    return lines.filter(({ text }) => {
      const key = `${rule}\n${text}`;
      if (text === "" || this.#said.has(key)) return false;
      this.#said.add(key);
      return true;
    });
  }
}
