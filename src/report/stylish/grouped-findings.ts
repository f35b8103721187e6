import { isTextLocation } from "../../values/location.ts";
import type { SubjectId } from "../../schema/report.generated.ts";
import { flow, words } from "../text/flow.ts";
import { messageKind, type OpenFinding } from "../model/open-findings.ts";
import type { Page } from "./page.ts";
import { counted, kindNoun, subjectTitle, thousands } from "../text/wording.ts";

/** Number of similar findings from which they become one row; fewer are as quick to read one by one. */
const FOLD_FROM = 5;
const NAMED = 3;

/** A finding that is shown, with those that it represents. */
export interface GroupedFinding extends OpenFinding {
  readonly alike: readonly OpenFinding[];
}

/**
 * Findings of one rule with one message in one file, except for names and numbers, grouped under the first of them;
 * without a file, regardless of location. Order is kept.
 */
export function groupFindings(findings: readonly OpenFinding[], page: Page): GroupedFinding[] {
  if (page.all) return findings.map((finding) => ({ ...finding, alike: [] }));
  const classes = new Map<string, OpenFinding[]>();
  for (const member of findings) {
    const { check, finding } = member;
    const path = isTextLocation(finding.location) ? finding.location.path : null;
    const key = JSON.stringify([path, check.rule, check.severity, finding.message_id, messageKind(member)]);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, [member]);
    else known.push(member);
  }
  return [...classes.values()].flatMap((members): GroupedFinding[] => {
    if (members.length < FOLD_FROM) return members.map((member) => ({ ...member, alike: [] }));
    const [first, ...alike] = members.sort(byPosition);
    return first === undefined ? [] : [{ ...first, alike }];
  });
}

export function byPosition({ finding: { location: a } }: OpenFinding, { finding: { location: b } }: OpenFinding) {
  return isTextLocation(a) && isTextLocation(b) ? a.line - b.line || a.column - b.column : 0;
}

/** `… and the same on 37 more hosts: esxi02 (91:7), esxi03 (120:7), esxi04 (149:7) and 34 more.` */
export function alikeLines({ check, alike }: GroupedFinding, indent: number, page: Page): string[] {
  if (alike.length === 0) return [];
  const room = page.width - indent;
  const examples = distinctSubjects(alike);
  const named = examples.slice(0, NAMED);
  const rest = examples.length - named.length;
  const parts = named.flatMap(({ check: { subject }, finding: { location } }, index) => {
    const isLast = index === named.length - 1;
    const end = isLast ? (rest === 0 ? "." : "") : rest === 0 && index === named.length - 2 ? " and" : ",";
    const name = words(subjectTitle(subject), room - 1);
    if (!isTextLocation(location)) return [...name.slice(0, -1), `${name.at(-1) ?? ""}${end}`];
    return [...name, `(${page.link(`${location.line}:${location.column}`, location)})${end}`];
  });
  const tail = rest === 0 ? [] : [`and ${thousands(rest)} more.`];
  const head = words(`… and ${sameOn(check.subject, alike, examples)}:`, room);
  return flow([...head, ...parts, ...tail], room).map((line) => " ".repeat(indent) + page.paint(line, "dim"));
}

function sameOn(first: SubjectId, alike: readonly OpenFinding[], examples: readonly OpenFinding[]): string {
  const kinds = new Set(examples.map(({ check }) => check.subject.kind));
  const noun = kinds.size === 1 ? kindNoun(first.kind) : "subject";
  const isFirstAgain = examples.some(({ check: { subject } }) => subject.name === first.name);
  return examples.length === alike.length && !isFirstAgain
    ? `the same on ${thousands(examples.length)} more ${noun}${examples.length === 1 ? "" : "s"}`
    : `${thousands(alike.length)} more like it on ${counted(examples.length, noun)}`;
}

function distinctSubjects(findings: readonly OpenFinding[]): OpenFinding[] {
  const bySubject = new Map<string, OpenFinding>();
  for (const member of findings) {
    const { kind, name } = member.check.subject;
    const key = `${kind}\n${name}`;
    if (!bySubject.has(key)) bySubject.set(key, member);
  }
  return [...bySubject.values()];
}
