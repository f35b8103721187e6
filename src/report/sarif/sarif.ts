import type { Invocation, Log, Notification, ReportingDescriptor, Result, Run, ToolComponent } from "sarif";
import type { RunReport } from "../../schema/report.generated.ts";
import { isTextLocation, type Location } from "../../values/location.ts";
import type { FormatOptions, SarifOptions } from "../format-options.ts";
import { jsonText } from "../text/json-text.ts";
import { sarifLocations, type SarifLocations } from "./locations.ts";
import { noLinks } from "./no-links.ts";
import { sarifResults } from "./results.ts";
import { approvedPlanRule, sarifRule } from "./rules.ts";
import { notesWithPolicy } from "../model/run-notes.ts";
import { turnedOff } from "../model/turned-off.ts";
import {
  advice,
  counted,
  listed,
  phrase,
  locationText,
  sentence,
  escapeForTerminal,
  subjectName,
  thousands,
} from "../text/wording.ts";

/** GitHub keeps at most this many results per run. */
const MOST_RESULTS = 5000;

/** SARIF readers require a URI of the tool; a package URL identifies the package without referring to a web page. */
const PACKAGE_URL = "pkg:npm/";

/** The options of a SARIF file if none are given. */
export const PLAIN: SarifOptions = { include: new Set(), category: null, docsUrl: null };

/** SARIF 2.1.0 as GitHub code scanning reads it: what fails the gate, every result at a line of a file. */
export function* sarif(report: RunReport, options: Pick<FormatOptions, "sarif"> = {}): Generator<string> {
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [sarifRun(report, options.sarif ?? PLAIN)],
  };
  // log → runs → run → results → result: the results are written in batches.
  yield* jsonText(log, 4);
  yield "\n";
}

/** The run of one report. */
export function sarifRun(report: RunReport, { include, category, docsUrl }: SarifOptions): Run {
  const places = sarifLocations(report);
  const rules = [
    ...report.rules.map((rule) => sarifRule(rule, docsUrl)),
    ...(report.baseline === null ? [] : [approvedPlanRule()]),
  ];
  const all = sarifResults(report, new Map(rules.map(({ id }, index) => [id, index])), include, places);
  return {
    tool: { driver: driver(report.tool, rules, docsUrl) },
    ...(category === null ? {} : automation(category)),
    invocations: [invocation(report, places, all.length, include)],
    columnKind: "utf16CodeUnits",
    results: worst(all),
  };
}

/** The text after the last slash distinguishes runs of one category; GitHub requires the slash. */
export function automation(category: string): Pick<Run, "automationDetails"> {
  return { automationDetails: { id: `${category.replace(/\/+$/, "")}/` } };
}

/** The program, with the rules that results refer to. */
export function driver(
  { name, version }: RunReport["tool"],
  rules: ReportingDescriptor[],
  docsUrl: string | null,
): ToolComponent {
  const informationUri = docsUrl === null || docsUrl.includes("{") ? `${PACKAGE_URL}${name}` : docsUrl;
  return { name, semanticVersion: version, version, informationUri, rules };
}

/** The results up to the limit, in report order; if there are more, the most severe ones. */
function worst(results: readonly Result[]): Result[] {
  if (results.length <= MOST_RESULTS) return [...results];
  const ofLevel = (level: Result.level) => results.filter((result) => result.level === level);
  return [...ofLevel("error"), ...ofLevel("warning"), ...ofLevel("note"), ...ofLevel("none")].slice(0, MOST_RESULTS);
}

function invocation(
  report: RunReport,
  places: SarifLocations,
  found: number,
  include: SarifOptions["include"],
): Invocation {
  const notifications = [
    ...crashes(report, places),
    ...mistakes(report, places),
    ...silence(report),
    ...waivers(report, places),
    ...(include.has("waived") ? [] : waivedChecks(report)),
    ...omission(found),
  ];
  const configuration = [...rulesOff(report, places), ...notes(report, places)];
  // A run with findings is a successful execution; one without a verdict is not, and GitHub then shows an error.
  const isBroken = report.summary.gate === "no-verdict";
  return {
    executionSuccessful: !isBroken,
    exitCode: report.exit_code,
    startTimeUtc: report.started_at,
    endTimeUtc: report.ended_at,
    ...(notifications.length === 0 ? {} : { toolExecutionNotifications: notifications }),
    ...(configuration.length === 0 ? {} : { toolConfigurationNotifications: configuration }),
  };
}

function crashes({ checks, rules }: RunReport, places: SarifLocations): Notification[] {
  return checks
    .filter(({ verdict }) => verdict === "crashed")
    .map(({ rule, subject, reason, location }) => {
      const index = rules.findIndex(({ id }) => id === rule);
      const cause = phrase(escapeForTerminal(reason ?? "it gave no reason"));
      return {
        level: "error",
        message: { text: noLinks(`Rule '${escapeForTerminal(rule)}' crashed on ${subjectName(subject)}: ${cause}.`) },
        associatedRule: { id: rule, ...(index < 0 ? {} : { index }) },
        ...at(location, places),
      };
    });
}

function mistakes({ errors }: RunReport, places: SarifLocations): Notification[] {
  return errors.map(({ code, message, location, hint }) => {
    const where = location === null || isTextLocation(location) ? "" : `${locationText(location)}: `;
    const fix = hint === null ? "" : ` ${advice(hint)}`;
    return {
      level: "error",
      message: { text: noLinks(`${where}${sentence(escapeForTerminal(message))}${fix}`) },
      descriptor: { id: code },
      ...at(location, places),
    };
  });
}

/** A run that had no failure itself and still evaluated nothing. */
function silence({ blockers }: RunReport): Notification[] {
  const nothing = blockers.find(({ kind }) => kind === "nothing-evaluated");
  if (nothing === undefined) return [];
  const text = noLinks(`No verdict: ${sentence(phrase(escapeForTerminal(nothing.reason)))}`);
  return [{ level: "error", message: { text }, descriptor: { id: "no-verdict" } }];
}

/** Waivers that may not have the effect that their author expects. */
function waivers(report: RunReport, places: SarifLocations): Notification[] {
  return report.waivers
    .filter(({ state }) => state !== "used" && state !== "not-evaluated")
    .map(({ rule, state, message, location }) => ({
      level: "warning",
      message: { text: noLinks(sentence(escapeForTerminal(message ?? `The waiver of ${rule} is ${state}`))) },
      descriptor: { id: `${state}-waiver` },
      ...at(location, places),
    }));
}

function waivedChecks({ summary: { waived } }: RunReport): Notification[] {
  if (waived === 0) return [];
  const text = `${counted(waived, "waived check")} not listed; --sarif-include waived lists them.`;
  return [{ level: "note", message: { text }, descriptor: { id: "waived-left-out" } }];
}

/** The catalog has the rules that took part; these did not. */
function rulesOff({ policy }: RunReport, places: SarifLocations): Notification[] {
  return turnedOff(policy).map(({ by, rules, checks, records }) => {
    const where = records.map(({ location }) => location).find(isTextLocation) ?? null;
    return {
      level: "note",
      message: {
        text: noLinks(
          `Disabled by ${escapeForTerminal(by)}: ${listed(rules.map(escapeForTerminal))} (${counted(checks, "check")}).`,
        ),
      },
      descriptor: { id: "rules-off" },
      properties: { rules: records.map(({ rule, checks: count }) => ({ id: rule, enabled: false, checks: count })) },
      ...at(where, places),
    };
  });
}

function notes(report: RunReport, places: SarifLocations): Notification[] {
  return notesWithPolicy(report).map(({ kind, text, location }) => ({
    level: "note",
    message: { text: noLinks(escapeForTerminal(text)) },
    descriptor: { id: kind },
    ...at(location, places),
  }));
}

function omission(found: number): Notification[] {
  if (found <= MOST_RESULTS) return [];
  const text = `Only ${thousands(MOST_RESULTS)} of ${thousands(found)} results are listed, the most severe first.`;
  return [{ level: "warning", message: { text }, descriptor: { id: "results-left-out" } }];
}

function at(location: Location | null, places: SarifLocations): Pick<Notification, "locations"> {
  return isTextLocation(location) ? { locations: [{ physicalLocation: places.physical(location) }] } : {};
}
