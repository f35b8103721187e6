import type { Check, RunReport, Severity } from "../schema/report.generated.ts";
import type { Location } from "../values/location.ts";
import { gapsOfCheck } from "./model/gaps.ts";
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

/** How a test case ended, with a line for lists and a detailed text; null = it passed. */
interface Outcome {
  readonly element: "failure" | "error" | "skipped";
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

/** A test case: a check, or what is no check. */
export interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly outcome: Outcome | null;
}

/** A test suite. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/**
 * JUnit XML as Jenkins (with its strict xUnit plugin), GitLab and Azure Pipelines read it: a test suite for each group of
 * rules, a test case for each check. Before them stands the suite `preflight` with what is no check: the gate, mistakes of
 * the run, checks of the approved plan that are missing.
 */
export function* junit(report: RunReport): Generator<string> {
  yield* junitDocument(report, [{ report, suites: suitesOf(report) }]);
}

/** The suites of a report: what is no check, then a suite for each group of rules. */
export function suitesOf(report: RunReport): readonly Suite[] {
  return [runSuite(report), ...checkSuites(report)];
}

/** One document of the suites of one or several reports. */
export function* junitDocument(
  run: Pick<RunReport, "tool" | "started_at" | "ended_at">,
  parts: readonly { readonly report: RunReport | null; readonly suites: readonly Suite[] }[],
): Generator<string> {
  const total = tally(parts.flatMap(({ suites }) => suites.flatMap(({ cases }) => cases)));
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  // The plugin refuses `skipped` here.
  yield `<testsuites${xmlAttribute("name", run.tool.name)}${counts(total)}${xmlAttribute("time", duration(run))}>\n`;
  for (const { report, suites } of parts) yield* suiteTexts(report, suites, run);
  yield "</testsuites>\n";
}

type Times = Pick<RunReport, "started_at" | "ended_at">;

/** The time and the properties of a report belong to its first suite. */
function* suiteTexts(report: RunReport | null, suites: readonly Suite[], run: Times): Generator<string> {
  const times = report ?? run;
  const timestamp = times.started_at.slice(0, "2026-11-22T12:00:00".length);
  for (const [index, { name, cases }] of suites.entries()) {
    const found = tally(cases);
    const time = index === 0 && report !== null ? duration(report) : "0";
    yield (
      `  <testsuite${xmlAttribute("name", name)}${counts(found)}${xmlAttribute("skipped", found.skipped)}` +
      `${xmlAttribute("time", time)}${xmlAttribute("timestamp", timestamp)}>\n`
    );
    if (index === 0 && report !== null) yield* properties(report);
    for (const testCase of cases) yield caseText(testCase);
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

/** What is true of the run as a whole, so that no list of green cases stands beside a gate that did not pass. */
function runSuite(report: RunReport): Suite {
  const { gate } = report.summary;
  const kinds: readonly Problem["kind"][] = ["mistake", "unplanned", "waiver"];
  const message = sentence(escapeForTerminal(`Gate ${gate}: ${gateReason(report)}`));
  const verdict: Outcome = { element: gate === "failed" ? "failure" : "error", type: gate, message, text: message };
  const others = problems(report, "by-rule").filter(({ kind }) => kinds.includes(kind));
  return {
    name: "preflight",
    cases: unique([
      { className: "preflight/gate", name: "gate", outcome: gate === "passed" ? null : verdict },
      ...others.map(({ kind, name, message: text, fix, where }) => ({
        className: `preflight/${kind}`,
        name: where === null ? name : `${name} at ${locationText(where)}`,
        outcome: {
          element:
            kind === "waiver" ? ("skipped" as const) : kind === "unplanned" ? ("failure" as const) : ("error" as const),
          ...{ type: kind, message: text, text: lines([text, fix]) },
        },
      })),
    ]),
  };
}

function checkSuites(report: RunReport): Suite[] {
  const severityOf = shownSeverity(report);
  const titles = new Map(report.rules.map(({ id, title }) => [id, title]));
  const groups = new Map<string, TestCase[]>();
  for (const check of report.checks) {
    const group = escapeForTerminal(check.rule.split("/").slice(0, -1).join("/") || check.rule);
    const cases = groups.get(group) ?? [];
    cases.push({
      className: escapeForTerminal(check.rule),
      name: `${subjectName(check.subject)}: ${escapeForTerminal(titles.get(check.rule) ?? "")}`,
      outcome: outcomeOf(check, severityOf),
    });
    groups.set(group, cases);
  }
  return [...groups].map(([name, cases]) => ({ name, cases: unique(cases) }));
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

/** JUnit has one kind of failure: a milder one than an error must neither break the build nor look green. */
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
  const head = `    <testcase${xmlAttribute("classname", className)}${xmlAttribute("name", name)} time="0"`;
  if (outcome === null) return `${head}/>\n`;
  const { element, type, message, text } = outcome;
  // `skipped` has no type; GitLab shows its text, Jenkins its message.
  const attributes = xmlAttribute("message", message) + (element === "skipped" ? "" : xmlAttribute("type", type));
  return `${head}>\n      <${element}${attributes}>${xmlText(text)}</${element}>\n    </testcase>\n`;
}

interface Tally {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function tally(cases: readonly TestCase[]): Tally {
  const count = (element: Outcome["element"]) => cases.filter(({ outcome }) => outcome?.element === element).length;
  return { tests: cases.length, failures: count("failure"), errors: count("error"), skipped: count("skipped") };
}

function counts({ tests, failures, errors }: Tally): string {
  return xmlAttribute("tests", tests) + xmlAttribute("failures", failures) + xmlAttribute("errors", errors);
}

/** GitLab counts only the first of several cases with one name. */
function unique(cases: readonly TestCase[]): TestCase[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return cases.map((testCase) => {
    const { className, name } = testCase;
    const key = `${className}\n${name}`;
    let count = counts.get(key) ?? 1;
    let own = name;
    while (taken.has(`${className}\n${own}`)) own = `${name} #${++count}`;
    counts.set(key, count);
    taken.add(`${className}\n${own}`);
    return own === name ? testCase : { ...testCase, name: own };
  });
}

function at(location: Location | null): string {
  return location === null ? "" : `${locationText(location)}: `;
}

/** Each on a line of its own; null and empty ones are left out. Commands of a cure keep their lines. */
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

/** Text between tags: what XML does not allow is left out, and no line is a command to a runner of GitHub Actions. */
function xmlText(text: string): string {
  const legal = text.replace(ILLEGAL, "");
  return legal.replace(/[&<>\r]/g, (character) => ENTITIES[character] ?? "").replace(/^(\s*):(?=:)/gm, "$1&#58;");
}

/** An attribute with a blank before it; none when the value is null. */
function xmlAttribute(name: string, value: string | number | null): string {
  if (value === null) return "";
  const text = String(value).replace(ILLEGAL, "");
  return ` ${name}="${text.replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? "")}"`;
}
