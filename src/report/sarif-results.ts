import { createHash } from "node:crypto";
import type { Location as SarifLocation, Result } from "sarif";
import type { Check, RunReport, SubjectId } from "../engine/run-report.ts";
import { isTextLocation, type Location, type TextLocation } from "../values/location.ts";
import { lacksOf } from "./gaps.ts";
import { openFindings, type OpenFinding } from "./open-findings.ts";
import type { SarifPlaces } from "./sarif-places.ts";
import { LEVELS } from "./sarif-rules.ts";
import { listed, phrase, place, sentence, shown, subjectName } from "./wording.ts";

/** What closes the gate: the open failures, and what kept error-level checks from being decided. */
export function sarifResults(report: RunReport, places: SarifPlaces): Result[] {
  const ruleIndex = new Map(report.rules.map(({ id }, index) => [id, index]));
  const entries = [
    ...openFindings(report).map((open) => failure(open, places)),
    ...undecided(report).map((gap) => notDecided(gap, places)),
  ];
  return entries.map(({ check, message, where, subjects, related, fingerprint }) => {
    const index = ruleIndex.get(check.rule);
    const lineHash = where === null ? null : places.lineHash(where);
    return {
      ruleId: check.rule,
      ...(index === undefined ? {} : { ruleIndex: index }),
      level: LEVELS[check.severity],
      message: { text: message },
      ...(where === null ? {} : { locations: [places.location(where, subjects)] }),
      partialFingerprints: {
        ...(lineHash === null ? {} : { primaryLocationLineHash: lineHash }),
        "preflight/v1": fingerprint,
      },
      ...(related.length === 0 ? {} : { relatedLocations: related }),
    };
  });
}

interface Entry {
  readonly check: Check;
  readonly message: string;
  readonly where: TextLocation | null;
  readonly subjects: readonly SubjectId[];
  readonly related: SarifLocation[];
  readonly fingerprint: string;
}

function failure({ check, finding }: OpenFinding, places: SarifPlaces): Entry {
  const related: SarifLocation[] = [];
  const seeAlso = finding.related.map(({ message, location }) => {
    const text = noLinks(phrase(shown(message)));
    if (!isTextLocation(location)) return location === null ? text : `${text} (${place(location)})`;
    related.push({
      id: related.length + 1,
      message: { text: sentence(text) },
      physicalLocation: places.physical(location),
    });
    return `[${text.replace(/[\\[\]]/g, "\\$&")}](${related.length})`;
  });
  const message = [
    noLinks(sentence(shown(finding.message))),
    ...(isTextLocation(finding.location) ? [] : [noLinks(elsewhere(check.subject, finding.location))]),
    ...(seeAlso.length === 0 ? [] : [`See also: ${seeAlso.join(", ")}.`]),
  ].join(" ");
  const where = places.home([finding.location, check.location]);
  return { check, message, where, subjects: [check.subject], related, fingerprint: finding.fingerprint };
}

/** What a finding without a line is about, as the line that it is shown at may say nothing of it. */
function elsewhere(subject: SubjectId, location: Location | null): string {
  const at = location === null ? "" : `, at ${place(location)}`;
  return `This is about ${subjectName(subject)}${at}.`;
}

interface UndecidedGroup {
  readonly what: string;
  readonly location: Location | null;
  readonly checks: [Check, ...Check[]];
  /** Counts the groups of one rule, gap, file and subject: the same value may be missing at several places. */
  readonly ordinal: number;
}

/**
 * Error-level checks that could not be decided, as one group for every rule, missing thing and place of it. A check that
 * only waits for another one is left out while that one's failure is a result of its own.
 */
function undecided({ checks }: RunReport): UndecidedGroup[] {
  const key = (...parts: readonly unknown[]) => JSON.stringify(parts);
  const failed = new Set(
    checks
      .filter(({ verdict }) => verdict === "fail")
      .map(({ rule, subject }) => key(rule, subject.kind, subject.name)),
  );
  const isShown = ({ because }: Check) =>
    because.length > 0 && because.every(({ rule, subject }) => failed.has(key(rule, subject.kind, subject.name)));
  const groups = new Map<string, UndecidedGroup>();
  const ordinals = new Map<string, number>();
  for (const check of checks) {
    if (check.verdict !== "inconclusive" || check.severity !== "error" || isShown(check)) continue;
    for (const { what, location } of lacksOf(check)) {
      const group = groups.get(key(check.rule, what, location));
      if (group !== undefined) {
        group.checks.push(check);
        continue;
      }
      const alike = key(check.rule, what, location?.path, check.subject);
      const ordinal = (ordinals.get(alike) ?? 0) + 1;
      ordinals.set(alike, ordinal);
      groups.set(key(check.rule, what, location), { what, location, checks: [check], ordinal });
    }
  }
  return [...groups.values()];
}

const SUBJECTS_NAMED = 3;

function notDecided({ what, location, checks, ordinal }: UndecidedGroup, places: SarifPlaces): Entry {
  const [check] = checks;
  const subjects = checks.map(({ subject }) => subject);
  const at = location === null || isTextLocation(location) ? "" : ` (at ${place(location)})`;
  const names = listed([...new Set(subjects.map(subjectName))], SUBJECTS_NAMED);
  return {
    check,
    message: noLinks(`Not decided: ${phrase(shown(what))}${at}. This concerns ${names}.`),
    where: places.home([location, check.location]),
    subjects: subjects.slice(0, SUBJECTS_NAMED),
    related: [],
    // No line in it, so that it outlives edits above.
    fingerprint: digest([check.rule, what, location?.path ?? "", check.subject.kind, check.subject.name, ordinal]),
  };
}

function digest(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** Keeps text of files and servers from becoming a link in a viewer (SARIF 2.1.0 section 3.11.6). */
function noLinks(text: string): string {
  return text.replaceAll("](", "] (");
}
