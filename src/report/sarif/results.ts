import { checksWith, notableChecks } from "../../engine/evaluation/check-table.ts";
import type { Fix, Location as SarifLocation, Result, Suppression } from "sarif";
import type { Check, CheckWaiver, Finding, RunReport, Severity, SubjectId } from "../../schema/report.generated.ts";
import { isTextLocation, type Location, type TextLocation } from "../../values/location.ts";
import { consequencesInWords } from "../model/consequences.ts";
import { openFindings, type OpenFinding } from "../model/open-findings.ts";
import { digest, gapFingerprint, names } from "../model/problems.ts";
import type { SarifInclusion } from "../format-options.ts";
import type { SarifLocations } from "./locations.ts";
import { noLinks } from "./no-links.ts";
import { APPROVED_PLAN, LEVELS } from "./rules.ts";
import {
  inconclusiveGroups,
  type InconclusiveGroup,
  shownSeverity,
  unexplainedAndRequired,
} from "../model/inconclusive-groups.ts";
import { unplannedChecks, unplannedSentence } from "../model/unplanned.ts";
import { counted, listed, phrase, locationText, sentence, escapeForTerminal, subjectName } from "../text/wording.ts";

/** Number of related locations that GitHub keeps per result. */
const MOST_RELATED = 100;

/**
 * The failures that are not waived, the inconclusive checks that fail the gate or would under a stricter policy, and
 * checks of the approved plan that are missing. Other checks only on request: GitHub shows every result as an alert.
 */
export function sarifResults(
  report: RunReport,
  ruleIndex: ReadonlyMap<string, number>,
  include: ReadonlySet<SarifInclusion>,
  places: SarifLocations,
): Result[] {
  const severityOf = shownSeverity(report);
  const required = inconclusiveGroups(unexplainedAndRequired(report));
  const entries = [
    ...openFindings(report).map((open) => failure(open, places)),
    ...(include.has("consequences") ? consequences(report, places) : []),
    ...required.map((group) => inconclusiveEntry(group, severityOf(group.checks[0]), places)),
    ...unplanned(report, places),
    ...(include.has("waived") ? checksWith(report.checks, "waived").flatMap((check) => waived(check, places)) : []),
    ...others(report, new Set(required.flatMap(({ checks }) => checks)), include, places),
  ];
  return entries.map((entry) => resultOf(entry, ruleIndex, places));
}

interface Entry {
  readonly rule: string;
  /** Null for a result that is not a failure; `kind` then describes it. */
  readonly severity: Severity | null;
  readonly kind?: Result.kind;
  readonly message: string;
  readonly where: TextLocation | null;
  readonly subjects: readonly SubjectId[];
  readonly related?: SarifLocation[];
  readonly fingerprint: string;
  readonly suppressions?: Suppression[];
  readonly fix?: Fix;
}

function resultOf(entry: Entry, ruleIndex: ReadonlyMap<string, number>, places: SarifLocations): Result {
  const { rule, severity, kind, message, where, subjects, related = [], fingerprint, suppressions, fix } = entry;
  const index = ruleIndex.get(rule);
  const lineHash = where === null ? null : places.lineHash(where);
  return {
    ruleId: rule,
    ...(index === undefined ? {} : { ruleIndex: index }),
    ...(kind === undefined ? {} : { kind }),
    level: severity === null ? "none" : LEVELS[severity],
    message: { text: message },
    ...(where === null ? {} : { locations: [places.location(where, subjects)] }),
    partialFingerprints: {
      ...(lineHash === null ? {} : { primaryLocationLineHash: lineHash }),
      "preflight/v1": fingerprint,
    },
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(suppressions === undefined ? {} : { suppressions }),
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

/** The edit that `--fix` makes (SARIF 2.1.0 section 3.55); undefined if there is none. */
function fixOf({ fix }: Finding, places: SarifLocations): Fix | undefined {
  if (fix?.edit == null) return undefined;
  const { location, text } = fix.edit;
  const { artifactLocation } = places.physical(location);
  if (artifactLocation === undefined) return undefined;
  const deletedRegion = {
    startLine: location.line,
    startColumn: location.column,
    endLine: location.end_line,
    endColumn: location.end_column,
  };
  return {
    description: { text: noLinks(sentence(escapeForTerminal(fix.description))) },
    artifactChanges: [{ artifactLocation, replacements: [{ deletedRegion, insertedContent: { text } }] }],
  };
}

/** The findings of failed checks that another failed check caused. */
function consequences({ checks }: RunReport, places: SarifLocations): Entry[] {
  return checksWith(checks, "fail")
    .filter(({ root_causes }) => root_causes.length > 0)
    .flatMap((check) => check.findings.map((finding) => failure({ check, finding, consequences: [] }, places)));
}

function failure({ check, finding, consequences: caused }: OpenFinding, places: SarifLocations): Entry {
  const related: SarifLocation[] = [];
  const seeAlso = finding.related.slice(0, MOST_RELATED).map(({ message, location }) => {
    const text = noLinks(phrase(escapeForTerminal(message)));
    if (!isTextLocation(location)) return location === null ? text : `${text} (${locationText(location)})`;
    related.push({
      id: related.length + 1,
      message: { text: sentence(text) },
      physicalLocation: places.physical(location),
    });
    return `[${text.replace(/[\\[\]]/g, "\\$&")}](${related.length})`;
  });
  const left = finding.related.length - seeAlso.length;
  const message = [
    noLinks(sentence(escapeForTerminal(finding.message))),
    ...(isTextLocation(finding.location) ? [] : [noLinks(elsewhere(check.subject, finding.location))]),
    ...(seeAlso.length === 0
      ? []
      : [`See also: ${seeAlso.join(", ")}${left > 0 ? ` and ${counted(left, "other place")}` : ""}.`]),
    ...(caused.length === 0 ? [] : [noLinks(`Also caused by this: ${consequencesInWords(caused)}.`)]),
  ].join(" ");
  const where = places.home([finding.location, check.location]);
  const { rule, severity, subject } = check;
  const fix = fixOf(finding, places);
  return {
    ...{ rule, severity, message, where, subjects: [subject], related, fingerprint: finding.fingerprint },
    ...(fix === undefined ? {} : { fix }),
  };
}

/** The subject of a finding without a line, as the line at which it is shown may be unrelated to it. */
function elsewhere(subject: SubjectId, location: Location | null): string {
  const at = location === null ? "" : `, at ${locationText(location)}`;
  return `This is about ${subjectName(subject)}${at}.`;
}

const SUBJECTS_NAMED = 3;

function inconclusiveEntry(
  { what, location, checks, ordinal }: InconclusiveGroup,
  severity: Severity | null,
  places: SarifLocations,
): Entry {
  const [check] = checks;
  const subjects = checks.map(({ subject }) => subject);
  const at = location === null || isTextLocation(location) ? "" : ` (at ${locationText(location)})`;
  return {
    rule: check.rule,
    severity,
    message: noLinks(`Inconclusive: ${phrase(escapeForTerminal(what))}${at}. This concerns ${names(subjects)}.`),
    where: places.home([location, check.location]),
    subjects: subjects.slice(0, SUBJECTS_NAMED),
    fingerprint: gapFingerprint(check, what, location, ordinal),
  };
}

function unplanned(report: RunReport, places: SarifLocations): Entry[] {
  return unplannedChecks(report).map((group) => {
    const { rule, reason, subjects } = group;
    return {
      ...{
        rule: APPROVED_PLAN,
        severity: "error",
        where: places.home([]),
        subjects: subjects.slice(0, SUBJECTS_NAMED),
      },
      message: noLinks(escapeForTerminal(`'${rule}': ${unplannedSentence(group, names(subjects))}`)),
      fingerprint: digest(["unplanned", rule, reason]),
    };
  });
}

function waived(check: Check, places: SarifLocations): Entry[] {
  const { verdict, waiver, findings, severity } = check;
  if (verdict !== "waived") return [];
  const entries =
    findings.length > 0
      ? findings.map((finding) => failure({ check, finding, consequences: [] }, places))
      : inconclusiveGroups([check]).map((group) => inconclusiveEntry(group, severity, places));
  return entries.map((entry) => ({ ...entry, suppressions: [suppression(waiver, places)] }));
}

function suppression(waiver: CheckWaiver | null, places: SarifLocations): Suppression {
  if (waiver === null) return { kind: "external", status: "accepted" };
  const { kind, reason, owner, ticket, expires, location } = waiver;
  const by = listed([owner, ticket].filter((text) => text !== null).map(escapeForTerminal));
  return {
    kind: kind === "inline" ? "inSource" : "external",
    status: "accepted",
    justification: `${sentence(escapeForTerminal(reason))} Until ${escapeForTerminal(expires)}${by === "" ? "" : ` (${by})`}.`,
    ...(isTextLocation(location) ? { location: { physicalLocation: places.physical(location) } } : {}),
  };
}

const KINDS = {
  pass: "pass",
  "not-applicable": "notApplicable",
  skipped: "informational",
  inconclusive: "open",
} as const;
const WORDS = { pass: "Passed", "not-applicable": "Not applicable", skipped: "Skipped" } as const;

/** Checks that do not fail the gate, as results that are not failures (SARIF 2.1.0 section 3.27.9). */
function others(
  { checks, rules }: RunReport,
  told: ReadonlySet<Check>,
  include: ReadonlySet<SarifInclusion>,
  places: SarifLocations,
): Entry[] {
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const isEveryWanted = (["pass", "not-applicable", "skipped"] as const).some((verdict) => include.has(verdict));
  return [...(isEveryWanted ? checks : notableChecks(checks))].flatMap((check) => {
    const { verdict, rule, subject, reason, location } = check;
    if (verdict === "fail" || verdict === "crashed" || verdict === "waived") return [];
    if (!include.has(verdict) || told.has(check)) return [];
    const kind = KINDS[verdict];
    if (verdict === "inconclusive") {
      return inconclusiveGroups([check]).map((group) => ({ ...inconclusiveEntry(group, null, places), kind }));
    }
    const why = reason ?? titles.get(rule) ?? "";
    return {
      ...{ rule, severity: null, kind, where: places.home([location]), subjects: [subject] },
      message: noLinks(sentence(`${WORDS[verdict]} for ${subjectName(subject)}: ${phrase(escapeForTerminal(why))}`)),
      fingerprint: digest(["check", rule, subject.kind, subject.name]),
    };
  });
}
