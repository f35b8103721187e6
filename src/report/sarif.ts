import type { Invocation, Log, Notification, Result } from "sarif";
import type { RunReport } from "../engine/run-report.ts";
import { isTextLocation, type Location } from "../values/location.ts";
import { jsonText } from "./json-text.ts";
import { sarifPlaces, type SarifPlaces } from "./sarif-places.ts";
import { sarifResults } from "./sarif-results.ts";
import { sarifRule } from "./sarif-rules.ts";
import { phrase, place, sentence, shown, subjectName, thousands } from "./wording.ts";

/** GitHub keeps no more results of a run than these. */
const MOST_RESULTS = 5000;

/** The registry page of the package; every reader of SARIF wants some page about the tool. */
const PACKAGE_PAGE = "https://www.npmjs.com/package/";

/** SARIF 2.1.0 as GitHub code scanning reads it: what closes the gate, every result at a line of a file. */
export function* sarif(report: RunReport): Generator<string> {
  const places = sarifPlaces(report);
  const all = sarifResults(report, places);
  const results = worst(all);
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            version: report.tool.version,
            informationUri: `${PACKAGE_PAGE}${report.tool.name}`,
            rules: report.rules.map(sarifRule),
          },
        },
        invocations: [invocation(report, places, all.length)],
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  // log → runs → run → results → result: the results are written some at a time.
  yield* jsonText(log, 4);
  yield "\n";
}

/** As many results as are kept, in report order; when there are more, the most severe ones. */
function worst(results: readonly Result[]): Result[] {
  if (results.length <= MOST_RESULTS) return [...results];
  const ofLevel = (level: Result.level) => results.filter((result) => result.level === level);
  return [...ofLevel("error"), ...ofLevel("warning"), ...ofLevel("note")].slice(0, MOST_RESULTS);
}

function invocation(report: RunReport, places: SarifPlaces, found: number): Invocation {
  const notifications = [...crashes(report, places), ...mistakes(report, places), ...omission(found)];
  // Findings are a successful execution; a run that broke is not, and GitHub then shows an error.
  const isBroken = report.exit_code === 2 && (report.summary.crashed > 0 || report.errors.length > 0);
  return {
    executionSuccessful: !isBroken,
    exitCode: report.exit_code,
    startTimeUtc: report.started_at,
    endTimeUtc: report.ended_at,
    ...(notifications.length === 0 ? {} : { toolExecutionNotifications: notifications }),
  };
}

function crashes({ checks, rules }: RunReport, places: SarifPlaces): Notification[] {
  return checks
    .filter(({ verdict }) => verdict === "crashed")
    .map(({ rule, subject, reason, location }) => {
      const index = rules.findIndex(({ id }) => id === rule);
      const cause = phrase(shown(reason ?? "it gave no reason"));
      return {
        level: "error",
        message: { text: `Rule '${shown(rule)}' crashed on ${subjectName(subject)}: ${cause}.` },
        associatedRule: { id: rule, ...(index < 0 ? {} : { index }) },
        ...at(location, places),
      };
    });
}

function mistakes({ errors }: RunReport, places: SarifPlaces): Notification[] {
  return errors.map(({ code, message, location, hint }) => {
    const where = location === null || isTextLocation(location) ? "" : `${place(location)}: `;
    const cure = hint === null ? "" : ` ${sentence(shown(hint))}`;
    return {
      level: "error",
      message: { text: `${where}${sentence(shown(message))}${cure}` },
      descriptor: { id: code },
      ...at(location, places),
    };
  });
}

function omission(found: number): Notification[] {
  if (found <= MOST_RESULTS) return [];
  const text = `Only ${thousands(MOST_RESULTS)} of ${thousands(found)} results are listed, the most severe first.`;
  return [{ level: "warning", message: { text }, descriptor: { id: "results-left-out" } }];
}

function at(location: Location | null, places: SarifPlaces): Pick<Notification, "locations"> {
  return isTextLocation(location) ? { locations: [{ physicalLocation: places.physical(location) }] } : {};
}
