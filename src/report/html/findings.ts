import { type Location, isTextLocation } from "../../values/location.ts";
import type { Check, Finding, RuleDescription, RuleSource } from "../../schema/report.generated.ts";
import { markup, code, breakable, type Markup, verbatim, prose } from "./markup.ts";
import type { Ledger } from "./ledger.ts";
import { readsFold } from "./explanation.ts";
import { icon, markOf, rank, SIGNS } from "./marks.ts";
import { consequencesInWords } from "../model/consequences.ts";
import { messageKind, type OpenFinding } from "../model/open-findings.ts";
import { foldout, type Section, tableStart } from "./page.ts";
import { counted, phrase, locationText, sentence, subjectName } from "../text/wording.ts";

/** Number of findings of a card with a line of their own; the others are in a foldout. */
const IN_FULL = 10;
/** Number of findings of a card that are listed at all. */
const LISTED = 500;
/** Number of command lines of a card. */
const COMMANDS = 200;

const BINDING: Readonly<Record<RuleSource["wording"], string>> = {
  must: "a requirement",
  "strongly-recommended": "a strong recommendation",
  recommended: "a recommendation",
  derived: "follows from the text",
  beyond: "from the vendor’s other documents",
};

const DOCUMENTS: ReadonlyMap<string, string> = new Map([["guide-v25", "Pexip Infinity v25 VMware Installation Guide"]]);

export type Frames = (location: Location | null) => Markup | null;

/** Failures by rule, errors first: what is wrong and where, the requirement, the fix. */
export function findingsSection(ledger: Ledger, frame: Frames): Section {
  const { failed } = ledger;
  return {
    id: "findings",
    title: "Findings",
    count: failed.reduce((sum, { findings }) => sum + findings.length, 0),
    *body() {
      if (failed.length === 0)
        yield markup`<p>No check failed.</p>
`;
      const waiting = waitingFor(ledger.inconclusive);
      const known = new Set<string>();
      for (const members of cardsOf(failed)) {
        const rule = members[0]?.check.rule ?? "";
        // Links to a rule lead to its first card, which has its consequences and dependent checks.
        yield* card(members, ledger, known.has(rule) ? null : waiting, frame);
        known.add(rule);
      }
    },
  };
}

/** Findings that are equal except for names and numbers, errors first. */
function cardsOf(failed: readonly Check[]): readonly (readonly OpenFinding[])[] {
  const cards = new Map<string, OpenFinding[]>();
  for (const check of failed) {
    for (const finding of check.findings) {
      const member = { check, finding, consequences: [] };
      const key = JSON.stringify([check.rule, check.severity, finding.message_id, messageKind(member)]);
      const members = cards.get(key);
      if (members === undefined) cards.set(key, [member]);
      else members.push(member);
    }
  }
  return [...cards.values()].sort((a, b) => weight(a) - weight(b));
}

function weight([first]: readonly OpenFinding[]): number {
  return first === undefined ? Infinity : rank(markOf(first.check));
}

/** Number of inconclusive checks that depend on a failure, by the rule that failed. */
function waitingFor(inconclusive: readonly Check[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { because } of inconclusive) {
    for (const rule of new Set(because.map((cause) => cause.rule))) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

/** @param waiting null if an earlier card of the rule has its anchor */
function* card(
  members: readonly OpenFinding[],
  { rules, anchorOf, consequencesOf }: Ledger,
  waiting: ReadonlyMap<string, number> | null,
  frame: Frames,
): Generator<Markup> {
  const [first, ...others] = members;
  if (first === undefined) return;
  const { check, finding } = first;
  const mark = markOf(check);
  const rule = rules.get(check.rule);
  const held = waiting?.get(check.rule) ?? 0;
  const id = waiting === null ? null : markup` id="${anchorOf(check.rule) ?? ""}"`;
  const count = others.length === 0 ? null : markup` · ${counted(members.length, "finding")}`;
  yield markup`<article class="card card-${mark}"${id}>
<h3>${icon(mark)} ${prose(sentence(finding.message))}</h3>
<p class="meta">${SIGNS[mark].word} · ${rule?.title ?? check.rule} · ${code(check.rule)}${count}${held === 0 ? null : markup` · <a href="#causes">leaves ${counted(held, "other check")} inconclusive</a>`}</p>
`;
  yield where(first, frame);
  if (others.length > 0) {
    yield subjectList(others.slice(0, IN_FULL), finding.message);
    const rest = others.slice(IN_FULL);
    if (rest.length > 0) yield foldout(counted(rest.length, "more subject"), subjectList(rest, finding.message));
  }
  const checks = [...new Set(members.map((member) => member.check))];
  const caused = [...new Set(checks.flatMap(consequencesOf))];
  if (caused.length > 0) yield consequences(caused);
  yield fix(checks);
  yield readsFold(checks, { rule });
  yield citation(rule) ?? markup``;
  yield markup`</article>
`;
}

/** Other failures caused by these findings. */
function consequences(checks: readonly Check[]): Markup {
  const findings = checks.flatMap((check) => check.findings.map((finding) => ({ check, finding })));
  return foldout(`Also caused by this: ${consequencesInWords(checks)}`, briefList(findings));
}

function citation(rule: RuleDescription | undefined): Markup | null {
  if (rule === undefined) return null;
  const { document, section, wording } = rule.source;
  return markup`<p class="source">${DOCUMENTS.get(document) ?? document}, <cite>${section}</cite>: ${BINDING[wording]}.</p>
${rule.docs === undefined ? null : foldout("Rule page", markup`<pre>${verbatim(rule.docs.trim())}</pre>`)}`;
}

/** The subject and location of a finding, its source lines if a value in them is wrong, and related locations. */
function where({ check, finding: { location, related } }: OpenFinding, frame: Frames): Markup {
  const others = related.map(
    ({ message: text, location: at }) =>
      markup`<li>${at === null ? null : markup`${place(at)}: `}${prose(phrase(text))}</li>
`,
  );
  const list =
    others.length === 0
      ? null
      : markup`<ul class="related">
${others}</ul>
`;
  return markup`<p class="subject">${breakable(subjectName(check.subject))}${location === null ? null : markup` · ${place(location)}`}${isTextLocation(location) || check.location === null ? null : markup` · named at ${place(check.location)}`}</p>
${sideBySide(check)}${isValue(location) ? frame(location) : null}${list}`;
}

/**
 * Whether the location is that of a value: a missing value is reported at the start of its object, which has several
 * lines.
 */
function isValue(location: Location | null): boolean {
  return isTextLocation(location) && location.line === location.end_line;
}

/** A line for each subject, with its message if that has other values than the title of the card. */
function subjectList(members: readonly OpenFinding[], title: string): Markup {
  const items = members.slice(0, LISTED).map(
    ({ check, finding }) =>
      markup`<li>${breakable(subjectName(check.subject))}${finding.message === title ? null : markup`: ${prose(sentence(finding.message))}`}${finding.location === null ? null : markup` <span class="meta">${place(finding.location)}</span>`}${sideBySide(check)}</li>
`,
  );
  const left = members.length - items.length;
  return markup`<ul class="subjects">
${items}</ul>
${
  left === 0
    ? null
    : markup`<p>${counted(left, "more subject")}: see the JSON report.</p>
`
}`;
}

function briefList(findings: readonly { readonly check: Check; readonly finding: Finding }[]): Markup {
  const items = findings.slice(0, LISTED).map(
    ({ check, finding }) =>
      markup`<li>${prose(sentence(finding.message))} <span class="meta">${finding.location === null ? breakable(subjectName(check.subject)) : place(finding.location)}</span>${sideBySide(check)}</li>
`,
  );
  const left = findings.length - items.length;
  return markup`<ul>
${items}</ul>
${
  left === 0
    ? null
    : markup`<p>${counted(left, "more finding")} of this rule: see the JSON report.</p>
`
}`;
}

function place(location: Location): Markup {
  return markup`<code>${breakable(locationText(location))}</code>`;
}

/** The first line of a fix is prose and the same for the rule; the others are commands for the subject. */
function fix(checks: readonly Check[]): Markup {
  const lines = checks.map(({ remediation }) => (remediation ?? "").split("\n").map((line) => line.trim()));
  const advice = new Set(lines.flatMap(([first = ""]) => (first === "" ? [] : [first])));
  const commands = [...new Set(lines.flatMap(([, ...rest]) => rest.filter((line) => line !== "")))];
  if (advice.size + commands.length === 0) return markup``;
  const left = commands.length - COMMANDS;
  return markup`<div class="fix">
<h4>How to fix</h4>
${[...advice].map(
  (text) => markup`<p>${prose(sentence(text))}</p>
`,
)}${
    commands.length === 0
      ? null
      : markup`<pre role="group" tabindex="0" aria-label="Commands"><code>${verbatim(commands.slice(0, COMMANDS).join("\n"))}</code></pre>
`
  }${
    left <= 0
      ? null
      : markup`<p>${counted(left, "more command")}: see the JSON report.</p>
`
  }</div>
`;
}

/** The verdict of each vantage point, side by side; null if they agree. */
export function sideBySide({ vantage_points = [] }: Check): Markup | null {
  if (vantage_points.length === 0) return null;
  const heads = vantage_points.map(({ from }) => markup`<th scope="col">${breakable(from)}</th>`);
  const cells = vantage_points.map(({ verdict }) => markup`<td>${verdict.replaceAll("-", " ")}</td>`);
  return markup`${tableStart("vantage")}
<caption>By vantage point</caption>
<thead><tr>${heads}</tr></thead>
<tbody><tr>${cells}</tr></tbody>
</table>
`;
}
