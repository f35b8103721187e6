import { isTextLocation, type Location } from "../../values/location.ts";
import type { Check } from "../../schema/report.generated.ts";
import { flow, words, wrap } from "../text/flow.ts";
import { consequencesInWords } from "../model/consequences.ts";
import type { OpenFinding } from "../model/open-findings.ts";
import { alikeLines, byPosition, type GroupedFinding } from "./grouped-findings.ts";
import { aside, SEVERITIES, type Page } from "./page.ts";
import { textWidth } from "../text/text-width.ts";
import { phrase, escapeForTerminal, messageText, subjectName } from "../text/wording.ts";

/** From this width on a finding is a row of columns; below, its message is on the line after its location. */
const COLUMNS_FROM = 60;
/** Rule ids have their own column if messages keep at least this width. */
const MESSAGE_ROOM = 60;

interface Group {
  readonly title: string;
  /** The file of the findings; null if they have none. */
  readonly path: string | null;
  readonly findings: GroupedFinding[];
}

/** Widths of the widest location, message and rule id of a group. */
interface Layout {
  readonly place: number;
  readonly message: number;
  readonly rule: number;
}

/** One block of lines for every file with findings, in input order, then one for every subject without a file. */
export function* findingBlocks(
  findings: readonly GroupedFinding[],
  inputs: readonly string[],
  page: Page,
): Generator<string[]> {
  const said = new Cures();
  for (const { title, path, findings: members } of grouped(findings, inputs)) {
    const places = members.map(({ finding }) => position(finding.location));
    const layout: Layout = {
      place: widest(places),
      message: widest(members.map(({ finding }) => messageText(finding.message))),
      rule: widest(members.map(({ check }) => escapeForTerminal(check.rule))),
    };
    const heading = page.paint(title, "underline");
    const lines = [path === null ? heading : page.link(heading, path)];
    members.forEach((member, index) => {
      lines.push(...row(member, places[index] ?? "", layout, said, page));
    });
    yield lines;
  }
}

/** By file and position; findings without a position by subject. */
function grouped(findings: readonly GroupedFinding[], inputs: readonly string[]): Group[] {
  const files = new Map<string, Group>(
    inputs.map((path) => [path, { title: escapeForTerminal(path), path, findings: [] }]),
  );
  const subjects = new Map<string, Group>();
  for (const member of findings) {
    const { location } = member.finding;
    const [groups, key, title, path] = isTextLocation(location)
      ? [files, location.path, escapeForTerminal(location.path), location.path]
      : [subjects, subjectName(member.check.subject), subjectName(member.check.subject), null];
    const group = groups.get(key) ?? { title, path, findings: [] };
    group.findings.push(member);
    groups.set(key, group);
  }
  for (const { findings: members } of files.values()) members.sort(bySeverity);
  return [...files.values(), ...subjects.values()].filter(({ findings: members }) => members.length > 0);
}

/** Errors before warnings before infos; within each, by position. */
function bySeverity(a: GroupedFinding, b: GroupedFinding): number {
  return SEVERITY_ORDER.indexOf(a.check.severity) - SEVERITY_ORDER.indexOf(b.check.severity) || byPosition(a, b);
}

const SEVERITY_ORDER = ["error", "warn", "info"] as const;

function position(location: OpenFinding["finding"]["location"]): string {
  return isTextLocation(location) ? `${location.line}:${location.column}` : "";
}

/** The lines of one finding: the row itself, its code, related locations, where else it was found, the fix. */
function row(member: GroupedFinding, where: string, layout: Layout, said: Cures, page: Page): string[] {
  const { indent, lines } =
    page.width < COLUMNS_FROM ? stacked(member, where, page) : columns(member, where, layout, page);
  return [
    ...lines,
    ...frame(member, indent, page),
    ...notes(member).flatMap((parts) => aside(parts, indent, page)),
    ...alikeLines(member, indent, page),
    ...consequenceLines(member, indent, page),
    ...automaticFix(member, indent, page),
    ...fixLines(said.unmentioned(member.check), indent, page),
  ];
}

interface Row {
  /** Columns to the left of the message, and of everything below it. */
  readonly indent: number;
  readonly lines: string[];
}

/** Location, severity and rule on one line, the message below. */
function stacked({ check, finding }: OpenFinding, where: string, { paint, width, link }: Page): Row {
  const indent = 4;
  const { word, style } = SEVERITIES[check.severity];
  const place = where === "" ? [] : [paint(linked(where, finding.location, link), "dim")];
  const parts = [...place, paint(word, style), paint(escapeForTerminal(check.rule), "dim")];
  const head = hang(flow(parts, width - indent), "  ", indent);
  return {
    indent,
    lines: [...head, ...hang(wrap(messageText(finding.message), width - indent), " ".repeat(indent), indent)],
  };
}

/** Location, severity, message and rule side by side; if that is too narrow, the rule follows the message. */
function columns({ check, finding }: OpenFinding, where: string, layout: Layout, { paint, width, link }: Page): Row {
  const { word, style } = SEVERITIES[check.severity];
  const place = paint(linked(where, finding.location, link), "dim");
  const left = layout.place === 0 ? "" : `${" ".repeat(layout.place - where.length)}${place}  `;
  const head = `  ${left}${paint(word, style)}${" ".repeat("warning".length - word.length)}  `;
  const indent = textWidth(head);
  const message = messageText(finding.message);
  const rule = paint(escapeForTerminal(check.rule), "dim");
  const room = width - indent - layout.rule - 2;
  if (room < MESSAGE_ROOM) {
    return { indent, lines: hang(flow([...words(message, width - indent), ` ${rule}`], width - indent), head, indent) };
  }
  const column = Math.min(room, layout.message);
  const [first = "", ...rest] = wrap(message, column);
  return { indent, lines: hang([`${first}${" ".repeat(column - textWidth(first))}  ${rule}`, ...rest], head, indent) };
}

function linked(where: string, location: Location | null, link: Page["link"]): string {
  return location === null ? where : link(where, location);
}

/** The lines of a finding, if the report has them. */
function frame({ check, finding }: OpenFinding, indent: number, page: Page): string[] {
  const location = [finding.location, check.location].find(isTextLocation);
  if (location === undefined) return [];
  return page.frame(location, page.width - indent).map((line) => " ".repeat(indent) + line);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
}

/** Lines with a hanging indent: the head before the first, blanks before the others. */
function hang(lines: readonly string[], head: string, indent: number): string[] {
  return lines.map((line, index) => (index === 0 ? head : " ".repeat(indent)) + line);
}

/** Related locations: the cell, the location that names the subject, the locations that explain the finding. */
function notes({ check, finding }: OpenFinding): (string | Location)[][] {
  const { location } = finding;
  const named = isTextLocation(location) ? null : check.location;
  return [
    ...(location === null || isTextLocation(location) ? [] : [["at", location]]),
    ...(named === null ? [] : [["named at", named]]),
    ...finding.related.map(({ message, location: other }) =>
      other === null ? [messageText(message)] : [other, ` ${phrase(messageText(message))}`],
    ),
  ];
}

/** `also caused by this: host/cpu-avx on 4 hosts` */
function consequenceLines({ consequences, alike }: GroupedFinding, indent: number, { paint, width }: Page): string[] {
  const all = [...consequences, ...alike.flatMap((other) => other.consequences)];
  if (all.length === 0) return [];
  const text = `also caused by this: ${consequencesInWords(all)}`;
  return wrap(text, width - indent).map((line) => " ".repeat(indent) + paint(line, "dim"));
}

/** What `--fix` writes for the finding; nothing if there is no certain fix. */
function automaticFix({ finding: { fix } }: OpenFinding, indent: number, { paint, width }: Page): string[] {
  if (fix === undefined) return [];
  const text =
    fix.refusal === null
      ? `--fix: ${escapeForTerminal(fix.description)}`
      : `not fixed by --fix: ${escapeForTerminal(fix.refusal)}`;
  return wrap(text, width - indent).map((line) => " ".repeat(indent) + paint(line, "dim"));
}

/**
 * The first line of a fix is prose; the others are commands, kept whole. One that is longer than its line starts at column 0,
 * so that it can be copied without the blanks of an indent in the middle.
 */
function fixLines(lines: readonly FixLine[], indent: number, { paint, width }: Page): string[] {
  const label = "fix: ";
  const inner = indent + label.length;
  return lines.flatMap(({ text, isProse }) =>
    isProse
      ? wrap(text, width - inner).map(
          (line, index) => " ".repeat(indent) + paint((index === 0 ? label : "     ") + line, "dim"),
        )
      : [" ".repeat(textWidth(text) > width - inner && COMMAND.test(text) ? 0 : inner) + paint(text, "dim")],
  );
}

/** A command of a shell. Other text of a rule keeps its indent, as it could look like the line of the gate. */
const COMMAND = /^[a-z][\w./-]* /i;

interface FixLine {
  readonly text: string;
  readonly isProse: boolean;
}

/** Records which fixes have been printed: a rule's advice is printed once, the commands of each subject with it. */
class Cures {
  readonly #said = new Set<string>();

  /** The lines of a check's fix that have not been printed for its rule. */
  unmentioned({ rule, remediation }: Check): FixLine[] {
    const lines = (remediation ?? "")
      .split("\n")
      .map((line, index) => ({ text: escapeForTerminal(line.trim()), isProse: index === 0 }));
    return lines.filter(({ text }) => {
      const key = `${rule}\n${text}`;
      if (text === "" || this.#said.has(key)) return false;
      this.#said.add(key);
      return true;
    });
  }
}
