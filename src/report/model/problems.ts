import { checksWith } from "../../engine/evaluation/check-table.ts";
import { createHash } from "node:crypto";
import type { Check, RunReport, Severity, SubjectId } from "../../schema/report.generated.ts";
import { isTextLocation, type Location, type TextLocation } from "../../values/location.ts";
import { gapsOf } from "./gaps.ts";
import { fallbackLocation } from "./fallback-location.ts";
import { consequencesInWords } from "./consequences.ts";
import { openFindings, type OpenFinding } from "./open-findings.ts";
import { inconclusiveGroups, shownSeverity, unexplained, unexplainedAndRequired } from "./inconclusive-groups.ts";
import { unplannedChecks, unplannedSentence } from "./unplanned.ts";
import {
  advice,
  counted,
  listed,
  phrase,
  locationText,
  sentence,
  escapeForTerminal,
  subjectName,
} from "../text/wording.ts";

/** Something that prevents a pass or needs attention, on one line. */
export interface Problem {
  readonly kind: "mistake" | "crash" | "unplanned" | "failure" | "inconclusive" | "waiver";
  readonly severity: Severity;
  /** A rule's id, or the name of the kind of problem. */
  readonly name: string;
  /** Complete sentences, escaped for output. */
  readonly message: string;
  /** The fix, the first line prose, the others commands; null if the message contains it. */
  readonly fix: string | null;
  /** Null if the run read no file. */
  readonly where: TextLocation | null;
  /** 32 hexadecimal digits; different for each problem of a report. */
  readonly fingerprint: string;
}

const NAMED = 3;
const SEVERITIES = ["error", "warn", "info"] as const satisfies readonly Severity[];

/**
 * Everything in a report that is not a pass, the worst first: errors, crashes, checks of the approved plan that are
 * missing, failures and inconclusive checks by severity, waivers that need attention.
 *
 * @param inconclusive the inconclusive checks that are required or fail the gate, by rule or by missing value; or all
 * inconclusive checks by missing value
 */
export function problems(report: RunReport, inconclusive: "by-rule" | "by-gap" | "every-gap"): Problem[] {
  const failures = openFindings(report).map((open) => failure(open, report));
  const open = inconclusive === "by-rule" ? byRule(report) : byGap(report, inconclusive === "every-gap");
  const ofSeverity = (severity: Severity) => [...failures, ...open].filter((problem) => problem.severity === severity);
  const all = [
    ...mistakes(report),
    ...crashes(report),
    ...unplanned(report),
    ...SEVERITIES.flatMap(ofSeverity),
    ...waivers(report),
  ];
  return withOwnFingerprints(all);
}

function mistakes(report: RunReport): Problem[] {
  return report.errors.map(({ code, message, location, hint }) => ({
    ...{ kind: "mistake", severity: "error", name: escapeForTerminal(code) },
    message: `${elsewhere(location)}${sentence(escapeForTerminal(message))}`,
    fix: hint === null ? null : advice(hint),
    where: fallbackLocation(report, [location]),
    fingerprint: digest(["mistake", code, message, location?.path ?? ""]),
  }));
}

/** A bug rarely affects only one subject. */
function crashes(report: RunReport): Problem[] {
  const groups = new Map<string, Check[]>();
  for (const check of checksWith(report.checks, "crashed")) {
    push(groups, JSON.stringify([check.rule, check.reason]), check);
  }
  return [...groups.values()].flatMap((checks) => {
    const [first] = checks;
    if (first === undefined) return [];
    const cause = phrase(escapeForTerminal(first.reason ?? "it gave no reason"));
    return {
      ...{ kind: "crash", severity: "error", name: escapeForTerminal(first.rule) },
      message: `The rule crashed on ${names(checks.map(({ subject }) => subject))}: ${cause}.`,
      fix: "This is a bug in the rule, not in your files; please report it to the author of the rule.",
      where: fallbackLocation(report, [first.location]),
      fingerprint: digest(["crash", first.rule, first.reason ?? ""]),
    };
  });
}

function unplanned(report: RunReport): Problem[] {
  return unplannedChecks(report).map((group) => ({
    ...{ kind: "unplanned", severity: "error", name: escapeForTerminal(group.rule) },
    message: escapeForTerminal(unplannedSentence(group, names(group.subjects))),
    fix: null,
    where: fallbackLocation(report, []),
    fingerprint: digest(["unplanned", group.rule, group.reason]),
  }));
}

function failure({ check, finding, consequences }: OpenFinding, report: RunReport): Problem {
  const { location } = finding;
  const about = isTextLocation(location) ? "" : ` This is about ${subjectName(check.subject)}${at(location)}.`;
  const causes = consequences.length === 0 ? "" : ` Also caused by this: ${consequencesInWords(consequences)}.`;
  return {
    ...{ kind: "failure", severity: check.severity, name: escapeForTerminal(check.rule) },
    message: `${sentence(escapeForTerminal(finding.message))}${about}${causes}`,
    fix: check.remediation,
    where: fallbackLocation(report, [location, check.location]),
    fingerprint: finding.fingerprint,
  };
}

function byRule(report: RunReport): Problem[] {
  const severityOf = shownSeverity(report);
  return inconclusiveGroups(unexplainedAndRequired(report)).map(({ what, location, checks, ordinal }) => {
    const [first] = checks;
    const subjects = checks.map(({ subject }) => subject);
    const note = isTextLocation(location) ? "" : at(location).replace(/^, (.*)$/, " ($1)");
    return {
      ...{ kind: "inconclusive", severity: severityOf(first), name: escapeForTerminal(first.rule) },
      message: `Inconclusive: ${phrase(escapeForTerminal(what))}${note}. This concerns ${names(subjects)}.`,
      fix: null,
      where: fallbackLocation(report, [location, first.location]),
      fingerprint: gapFingerprint(first, what, location, ordinal),
    };
  });
}

function byGap(report: RunReport, isEvery: boolean): Problem[] {
  const severityOf = shownSeverity(report);
  const gaps = gapsOf(isEvery ? unexplained(report) : unexplainedAndRequired(report));
  return gaps.map(({ what, checks, location }) => {
    const rules = [...new Set(checks.map(({ rule }) => escapeForTerminal(rule)))];
    const severities = checks.map(severityOf);
    return {
      ...{
        kind: "inconclusive",
        severity: SEVERITIES.find((severity) => severities.includes(severity)) ?? "info",
        name: "inconclusive",
      },
      message: `Inconclusive: ${phrase(escapeForTerminal(what))}. This concerns ${counted(checks.length, "check")} (${listed(rules, NAMED)}).`,
      fix: null,
      where: fallbackLocation(report, [location]),
      fingerprint: digest(["inconclusive", what]),
    };
  });
}

/** Waivers that do not have the effect that their author may expect. */
function waivers(report: RunReport): Problem[] {
  return report.waivers
    .filter(({ state }) => state !== "used" && state !== "not-evaluated")
    .map(({ rule, subject, state, message, location }) => ({
      ...{ kind: "waiver", severity: "warn", name: `${state} waiver` },
      message: `${elsewhere(location)}${sentence(escapeForTerminal(message ?? `The waiver of ${rule} is ${state}`))}`,
      fix: null,
      where: fallbackLocation(report, [location]),
      fingerprint: digest(["waiver", rule, subject ?? "", state, location?.path ?? ""]),
    }));
}

/** The identity of an inconclusive check across runs: it contains no line number, so edits above do not change it. */
export function gapFingerprint(
  { rule, subject }: Check,
  what: string,
  location: Location | null,
  ordinal: number,
): string {
  return digest([rule, what, location?.path ?? "", subject.kind, subject.name, ordinal]);
}

/** 32 hexadecimal digits that identify a list of values. */
export function digest(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** GitLab shows one of several problems with one fingerprint. */
function withOwnFingerprints(all: readonly Problem[]): Problem[] {
  const seen = new Map<string, number>();
  return all.map((problem) => {
    const count = (seen.get(problem.fingerprint) ?? 0) + 1;
    seen.set(problem.fingerprint, count);
    return count === 1 ? problem : { ...problem, fingerprint: digest([problem.fingerprint, count]) };
  });
}

/** `node a, node b, node c and 4 more`. */
export function names(subjects: readonly SubjectId[]): string {
  return listed([...new Set(subjects.map(subjectName))], NAMED);
}

function at(location: Location | null): string {
  return location === null ? "" : `, at ${locationText(location)}`;
}

/** A location that is not a line of a text, as a prefix of the message. */
function elsewhere(location: Location | null): string {
  return location === null || isTextLocation(location) ? "" : `${locationText(location)}: `;
}

function push<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
