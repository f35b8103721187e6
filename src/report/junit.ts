import type { Check, RunReport, Severity } from "../schema/report.generated.ts";
import type { Location } from "../values/location.ts";
import { itemsBetween } from "../values/sequence.ts";
import { gapsOfCheck } from "./model/gaps.ts";
import { ByKind, BySubject, isPlain } from "./model/plain-checks.ts";
import { problems, type Problem } from "./model/problems.ts";
import { shownSeverity } from "./model/inconclusive-groups.ts";
import { gateReason, notesWithPolicy } from "./model/run-notes.ts";
import { turnedOff } from "./model/turned-off.ts";
import {
  counted,
  listed,
  phrase,
  locationText,
  sentence,
  escapeForTerminal,
  subjectName,
  waivedText,
} from "./text/wording.ts";

/** The result of a test case, with a line for lists and a detailed text; null = it passed. */
interface Outcome {
  readonly element: "failure" | "error" | "skipped";
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

/** A test case: a check, or an entry for the run. */
export interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly outcome: Outcome | null;
}

/** A test suite. Its cases are generated while they are written: there may be hundreds of thousands. */
export interface Suite {
  readonly name: string;
  readonly counts: Tally;
  /** The cases as text. */
  readonly cases: () => Iterable<string>;
}

/** Number of test cases by result. */
interface Tally {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

/**
 * JUnit XML as Jenkins (with its strict xUnit plugin), GitLab and Azure Pipelines read it: a test suite for each group
 * of rules, a test case for each check. Before them comes the suite `preflight` for everything that is not a check: the
 * gate, errors of the run, checks of the approved plan that are missing.
 */
export function* junit(report: RunReport): Generator<string> {
  yield* junitDocument(report, [{ report, suites: suitesOf(report) }]);
}

/**
 * The suites of a report: one for everything that is not a check, then one for each group of rules.
 *
 * @param site prefix of each suite and class name, as readers show one or the other
 */
export function suitesOf(report: RunReport, site: string | null = null): readonly Suite[] {
  const prefix = site === null ? "" : `${site}/`;
  return [runSuite(report, prefix), ...checkSuites(report, prefix)];
}

/** A suite with these cases. */
export function suiteOf(name: string, cases: readonly TestCase[]): Suite {
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const { outcome } of cases) count(counts, outcome?.element ?? null);
  return { name, counts, cases: () => unique(cases).map(caseText) };
}

/** One document with the suites of one or several reports. */
export function* junitDocument(
  run: Pick<RunReport, "tool" | "started_at" | "ended_at">,
  parts: readonly { readonly report: RunReport | null; readonly suites: readonly Suite[] }[],
): Generator<string> {
  const all = parts.flatMap(({ suites }) => suites.map(({ counts }) => counts));
  const sum = (key: keyof Tally) => all.reduce((total, counts) => total + counts[key], 0);
  const total = { tests: sum("tests"), failures: sum("failures"), errors: sum("errors"), skipped: sum("skipped") };
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  // The plugin rejects `skipped` here.
  yield `<testsuites${xmlAttribute("name", run.tool.name)}${countAttributes(total)}${xmlAttribute("time", duration(run))}>\n`;
  for (const { report, suites } of parts) yield* suiteTexts(report, suites, run);
  yield "</testsuites>\n";
}

type Times = Pick<RunReport, "started_at" | "ended_at">;

/** The time and the properties of a report belong to its first suite. */
function* suiteTexts(report: RunReport | null, suites: readonly Suite[], run: Times): Generator<string> {
  const times = report ?? run;
  const timestamp = times.started_at.slice(0, "2026-11-22T12:00:00".length);
  for (const [index, { name, counts, cases }] of suites.entries()) {
    const time = index === 0 && report !== null ? duration(report) : "0";
    yield (
      `  <testsuite${xmlAttribute("name", name)}${countAttributes(counts)}${xmlAttribute("skipped", counts.skipped)}` +
      `${xmlAttribute("time", time)}${xmlAttribute("timestamp", timestamp)}>\n`
    );
    if (index === 0 && report !== null) yield* properties(report);
    yield* cases();
    yield "  </testsuite>\n";
  }
}

/** In seconds. */
function duration({ started_at, ended_at }: Times): string {
  const seconds = (Date.parse(ended_at) - Date.parse(started_at)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds).toFixed(3) : "0.000";
}

function* properties(report: RunReport): Generator<string> {
  const { tool, profile, mode, summary, inputs, policy } = report;
  const all: readonly (readonly [string, string])[] = [
    ["version", tool.version],
    ...notesWithPolicy(report).map(({ kind, text }) => [kind, text] as const),
    ["profile", profile],
    ["mode", mode],
    ["gate", summary.gate],
    ...inputs.map(({ kind, path, sha256 }) => [kind, `${path} sha256:${sha256}`] as const),
    ...turnedOff(policy).map(
      ({ by, rules, checks }) => ["off", `${listed(rules)} (${counted(checks, "check")}) by ${by}`] as const,
    ),
  ];
  yield "    <properties>\n";
  for (const [name, value] of all) {
    yield `      <property${xmlAttribute("name", name)}${xmlAttribute("value", escapeForTerminal(value))}/>\n`;
  }
  yield "    </properties>\n";
}

/** The result of the run as a whole, so that a list of green cases never hides a gate that did not pass. */
function runSuite(report: RunReport, prefix: string): Suite {
  const { gate } = report.summary;
  const kinds: readonly Problem["kind"][] = ["mistake", "unplanned", "waiver"];
  const message = sentence(escapeForTerminal(`Gate ${gate}: ${gateReason(report)}`));
  const verdict: Outcome = { element: gate === "failed" ? "failure" : "error", type: gate, message, text: message };
  const others = problems(report, "by-rule").filter(({ kind }) => kinds.includes(kind));
  return suiteOf(`${prefix}preflight`, [
    { className: `${prefix}preflight/gate`, name: "gate", outcome: gate === "passed" ? null : verdict },
    ...others.map(({ kind, name, message: text, fix, where }) => ({
      className: `${prefix}preflight/${kind}`,
      name: where === null ? name : `${name} at ${locationText(where)}`,
      outcome: {
        element:
          kind === "waiver" ? ("skipped" as const) : kind === "unplanned" ? ("failure" as const) : ("error" as const),
        ...{ type: kind, message: text, text: lines([text, fix]) },
      },
    })),
  ]);
}

/** The checks from one position up to another. */
type Range = { readonly start: number; end: number };

/** Counts the checks of each suite and records their positions; their texts are generated while they are written. */
function checkSuites(report: RunReport, prefix: string): Suite[] {
  const severityOf = shownSeverity(report);
  const groups = new Map<string, { readonly counts: Mutable<Tally>; readonly rules: Map<string, Range[]> }>();
  const partOf = (rule: string, start: number) => {
    const name = escapeForTerminal(rule.split("/").slice(0, -1).join("/") || rule);
    const group = groups.get(name) ?? {
      counts: { tests: 0, failures: 0, errors: 0, skipped: 0 },
      rules: new Map<string, Range[]>(),
    };
    groups.set(name, group);
    const range: Range = { start, end: start };
    const ranges = group.rules.get(rule);
    if (ranges === undefined) group.rules.set(rule, [range]);
    else ranges.push(range);
    return { rule, counts: group.counts, range };
  };
  let position = 0;
  let part: ReturnType<typeof partOf> | null = null;
  for (const check of report.checks) {
    if (part?.rule !== check.rule) part = partOf(check.rule, position);
    count(part.counts, elementOf(check, severityOf));
    part.range.end = ++position;
  }
  const titles = new Map(report.rules.map(({ id, title }) => [id, title]));
  return [...groups].map(([name, { counts, rules }]) => ({
    name: prefix + name,
    counts,
    *cases() {
      const texts = new CaseTexts(prefix, titles, severityOf);
      for (const ranges of rules.values()) {
        texts.startRule();
        for (const { start, end } of ranges) {
          for (const check of itemsBetween(report.checks, start, end)) yield texts.of(check);
        }
      }
    },
  }));
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The texts of checks, rule by rule. */
class CaseTexts {
  readonly #severityOf: (check: Check) => Severity;
  readonly #ofRule: (rule: string) => { readonly className: string; readonly title: string };
  /** Number of uses of each name: GitLab counts only the first of several cases with one name. */
  readonly #given = new Map<string, number>();
  readonly #subjects = new BySubject(({ subject }) => {
    const name = subjectName(subject);
    return { name, text: attributeText(name) };
  });
  readonly #kinds = new ByKind((check) => {
    const { className, title } = this.#ofRule(check.rule);
    return {
      start: caseStart(className),
      end: attributeText(`: ${title}`) + caseEnd(outcomeOf(check, this.#severityOf)),
    };
  });

  constructor(prefix: string, titles: ReadonlyMap<string, string>, severityOf: (check: Check) => Severity) {
    this.#severityOf = severityOf;
    this.#ofRule = (rule) => ({
      className: prefix + escapeForTerminal(rule),
      title: escapeForTerminal(titles.get(rule) ?? ""),
    });
  }

  startRule(): void {
    this.#given.clear();
  }

  of(check: Check): string {
    const subject = this.#subjects.of(check);
    // All names of a rule end with its title.
    const number = (this.#given.get(subject.name) ?? 0) + 1;
    this.#given.set(subject.name, number);
    if (number === 1 && isPlain(check)) {
      const { start, end } = this.#kinds.of(check);
      return start + subject.text + end;
    }
    const { className, title } = this.#ofRule(check.rule);
    const name = `${subject.name}: ${title}${number === 1 ? "" : ` #${number}`}`;
    return caseText({ className, name, outcome: outcomeOf(check, this.#severityOf) });
  }
}

/**
 * How a check counts; null = it passed. JUnit has one kind of failure: one below error severity must not break the
 * build.
 */
function elementOf(check: Check, severityOf: (check: Check) => Severity): Outcome["element"] | null {
  switch (check.verdict) {
    case "pass":
      return null;
    case "fail":
      return check.severity === "error" ? "failure" : "skipped";
    case "inconclusive":
      return severityOf(check) === "error" ? "error" : "skipped";
    case "crashed":
      return "error";
    case "not-applicable":
    case "skipped":
    case "waived":
      return "skipped";
  }
}

function outcomeOf(check: Check, severityOf: (check: Check) => Severity): Outcome | null {
  switch (check.verdict) {
    case "pass":
      return null;
    case "fail":
      return failed(check);
    case "inconclusive":
      return inconclusive(check, severityOf(check));
    case "crashed": {
      const message = sentence(escapeForTerminal(`The rule crashed: ${phrase(check.reason ?? "it gave no reason")}`));
      return { element: "error", type: "crashed", message, text: message };
    }
    case "not-applicable":
    case "skipped": {
      const word = check.verdict === "skipped" ? "Skipped" : "Not applicable";
      return skipped(
        check.verdict,
        sentence(escapeForTerminal(`${word}: ${phrase(check.reason ?? "no reason given")}`)),
      );
    }
    case "waived":
      return waived(check);
  }
}

/** JUnit has one kind of failure: one below error severity must neither break the build nor look green. */
function failed({ severity, findings, remediation, location, root_causes }: Check): Outcome {
  const messages = findings.map(({ message }) => sentence(escapeForTerminal(message)));
  const text = lines([
    ...findings.flatMap((finding, index) => [
      `${at(finding.location ?? location)}${messages[index] ?? ""}`,
      ...finding.related.map((related) => `  ${at(related.location)}${escapeForTerminal(related.message)}`),
    ]),
    ...root_causes.map((root) => escapeForTerminal(`Caused by ${root.rule} on ${subjectName(root.subject)}.`)),
    remediation,
  ]);
  const message = messages.join(" ");
  if (severity === "error") return { element: "failure", type: "error", message, text };
  return skipped(severity, `${severity === "warn" ? "Warning" : "Info"}: ${message}`);
}

function inconclusive(check: Check, severity: Severity): Outcome {
  const lacks = gapsOfCheck(check);
  const message = `Inconclusive: ${listed(lacks.map(({ what }) => phrase(escapeForTerminal(what))))}.`;
  const text = lines(
    lacks.map(({ what, location }) => `${at(location ?? check.location)}inconclusive: ${escapeForTerminal(what)}`),
  );
  if (severity !== "error") return skipped("inconclusive", message);
  return { element: "error", type: "inconclusive", message, text };
}

function waived({ findings, waiver }: Check): Outcome {
  const messages = findings.map(({ message }) => sentence(escapeForTerminal(message)));
  return skipped("waived", [waivedText(waiver), ...messages].join(" "));
}

function skipped(type: string, message: string): Outcome {
  return { element: "skipped", type, message, text: message };
}

function caseText({ className, name, outcome }: TestCase): string {
  return caseStart(className) + attributeText(name) + caseEnd(outcome);
}

/** The text of a case up to its name. */
function caseStart(className: string): string {
  return `    <testcase${xmlAttribute("classname", className)} name="`;
}

/** The text of a case from its name on. */
function caseEnd(outcome: Outcome | null): string {
  if (outcome === null) return '" time="0"/>\n';
  const { element, type, message, text } = outcome;
  // `skipped` has no type; GitLab shows its text, Jenkins its message.
  const attributes = xmlAttribute("message", message) + (element === "skipped" ? "" : xmlAttribute("type", type));
  return `" time="0">\n      <${element}${attributes}>${xmlText(text)}</${element}>\n    </testcase>\n`;
}

function count(counts: Mutable<Tally>, element: Outcome["element"] | null): void {
  counts.tests++;
  if (element === "failure") counts.failures++;
  else if (element === "error") counts.errors++;
  else if (element === "skipped") counts.skipped++;
}

function countAttributes({ tests, failures, errors }: Tally): string {
  return xmlAttribute("tests", tests) + xmlAttribute("failures", failures) + xmlAttribute("errors", errors);
}

/** GitLab counts only the first of several cases with one name. */
function unique(cases: readonly TestCase[]): TestCase[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return cases.map((testCase) => {
    const { className, name } = testCase;
    const key = `${className}\n${name}`;
    let number = counts.get(key) ?? 1;
    let own = name;
    while (taken.has(`${className}\n${own}`)) own = `${name} #${++number}`;
    counts.set(key, number);
    taken.add(`${className}\n${own}`);
    return own === name ? testCase : { ...testCase, name: own };
  });
}

function at(location: Location | null): string {
  return location === null ? "" : `${locationText(location)}: `;
}

/** Each on its own line; null and empty parts are omitted. Commands of a fix keep their lines. */
function lines(parts: readonly (string | null)[]): string {
  return parts
    .flatMap((part) => (part ?? "").split("\n"))
    .filter((line) => line.trim() !== "")
    .map(escapeForTerminal)
    .join("\n");
}

/** Characters that XML 1.0 section 2.2 does not allow in any form. */
const ILLEGAL = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/**
 * Text between tags: characters that XML does not allow are removed, and no line is a command to a GitHub Actions
 * runner.
 */
function xmlText(text: string): string {
  const legal = text.replace(ILLEGAL, "");
  return legal.replace(/[&<>\r]/g, (character) => ENTITIES[character] ?? "").replace(/^(\s*):(?=:)/gm, "$1&#58;");
}

/** An attribute with a leading blank; empty if the value is null. */
function xmlAttribute(name: string, value: string | number | null): string {
  return value === null ? "" : ` ${name}="${attributeText(String(value))}"`;
}

/** Text between the quotes of an attribute. */
function attributeText(text: string): string {
  return text.replace(ILLEGAL, "").replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? "");
}
