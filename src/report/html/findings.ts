import { type Location, isTextLocation } from "../../values/location.ts";
import type { Check, Finding, RuleDescription, RuleSource } from "../../schema/report.generated.ts";
import { markup, code, breakable, type Markup, verbatim, prose } from "./markup.ts";
import { grouped, type Ledger } from "./ledger.ts";
import { icon, markOf, rank, SIGNS } from "./marks.ts";
import { consequencesInWords } from "../model/consequences.ts";
import { foldout, type Section } from "./page.ts";
import { counted, phrase, locationText, sentence, subjectName } from "../text/wording.ts";

/** So many findings of a rule stand there in full, the others in a foldout. */
const IN_FULL = 10;
/** So many findings of a rule are listed at all. */
const LISTED = 500;
/** So many lines of commands a rule gets. */
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

/** What fails, by rule, errors first: what is wrong and where, the requirement, the cure. */
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
      const rules = [...grouped(failed, ({ rule }) => rule).values()];
      for (const checks of rules.sort((a, b) => weight(a) - weight(b)))
        yield* ruleBlock(checks, ledger, waiting, frame);
    },
  };
}

function weight(checks: readonly Check[]): number {
  return checks.reduce((least, check) => Math.min(least, rank(markOf(check))), Infinity);
}

/** How many inconclusive checks wait for a failure, by the rule that failed. */
function waitingFor(inconclusive: readonly Check[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { because } of inconclusive) {
    for (const rule of new Set(because.map((cause) => cause.rule))) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

function* ruleBlock(
  checks: readonly Check[],
  { rules, anchorOf, consequencesOf }: Ledger,
  waiting: ReadonlyMap<string, number>,
  frame: Frames,
): Generator<Markup> {
  const [first] = checks;
  if (first === undefined) return;
  const mark = [...new Set(checks.map(markOf))].sort((a, b) => rank(a) - rank(b))[0] ?? "failed";
  const rule = rules.get(first.rule);
  const findings = checks.flatMap((check) => check.findings.map((finding) => ({ check, finding })));
  const held = waiting.get(first.rule) ?? 0;
  yield markup`<article class="card card-${mark}" id="${anchorOf(first.rule) ?? ""}">
<h3>${icon(mark)} ${rule?.title ?? first.rule}</h3>
<p class="meta">${SIGNS[mark].word} · ${code(first.rule)} · ${counted(findings.length, "finding")}${held === 0 ? null : markup` · <a href="#causes">leaves ${counted(held, "other check")} inconclusive</a>`}</p>
${citation(rule)}<ul class="findings">
`;
  for (const { check, finding } of findings.slice(0, IN_FULL)) yield inFull(check, finding, frame);
  yield markup`</ul>
`;
  const rest = findings.slice(IN_FULL);
  if (rest.length > 0) yield foldout(`${counted(rest.length, "more finding")} of this rule`, briefList(rest));
  const caused = [...new Set(checks.flatMap(consequencesOf))];
  if (caused.length > 0) yield consequences(caused);
  yield fix(checks);
  yield markup`</article>
`;
}

/** What else fails because of these findings. */
function consequences(checks: readonly Check[]): Markup {
  const findings = checks.flatMap((check) => check.findings.map((finding) => ({ check, finding })));
  return foldout(`Also caused by this: ${consequencesInWords(checks)}`, briefList(findings));
}

function citation(rule: RuleDescription | undefined): Markup | null {
  if (rule === undefined) return null;
  const { document, section, wording } = rule.source;
  return markup`<p class="source">${DOCUMENTS.get(document) ?? document}, <cite>${section}</cite>: ${BINDING[wording]}.</p>
${rule.docs === undefined ? null : foldout("The page of this rule", markup`<pre>${verbatim(rule.docs.trim())}</pre>`)}`;
}

function inFull(check: Check, { message, location, related }: Finding, frame: Frames): Markup {
  const others = related.map(
    ({ message: text, location: at }) =>
      markup`<li>${at === null ? null : markup`${where(at)}: `}${prose(phrase(text))}</li>
`,
  );
  return markup`<li>
<p class="message">${prose(sentence(message))}</p>
<p class="meta">${breakable(subjectName(check.subject))}${location === null ? null : markup` · ${where(location)}`}${isTextLocation(location) || check.location === null ? null : markup` · named at ${where(check.location)}`}</p>
${frame(location)}${
    others.length === 0
      ? null
      : markup`<ul class="related">
${others}</ul>
`
  }</li>
`;
}

function briefList(findings: readonly { readonly check: Check; readonly finding: Finding }[]): Markup {
  const items = findings.slice(0, LISTED).map(
    ({ check, finding }) =>
      markup`<li>${prose(sentence(finding.message))} <span class="meta">${finding.location === null ? breakable(subjectName(check.subject)) : where(finding.location)}${sideBySide(check)}</span></li>
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

function where(location: Location): Markup {
  return markup`<code>${breakable(locationText(location))}</code>`;
}

/** The first line of a cure is prose and the rule's; the others are commands for the subject. */
function fix(checks: readonly Check[]): Markup {
  const lines = checks.map(({ remediation }) => (remediation ?? "").split("\n").map((line) => line.trim()));
  const advice = new Set(lines.flatMap(([first = ""]) => (first === "" ? [] : [first])));
  const commands = [...new Set(lines.flatMap(([, ...rest]) => rest.filter((line) => line !== "")))];
  if (advice.size + commands.length === 0) return markup``;
  const left = commands.length - COMMANDS;
  return markup`<div class="cure">
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

/** `; jump-oslo: pass, bergen: fail`, where vantage points differ. */
function sideBySide({ vantage_points = [] }: Check): string {
  return vantage_points.length === 0
    ? ""
    : `; ${vantage_points.map(({ from, verdict }) => `${from}: ${verdict}`).join(", ")}`;
}
