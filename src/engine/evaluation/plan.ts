import type { Missing } from "../../site/core/missing.ts";
import type { PartialList } from "../../site/core/partial-list.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import { subjectKinds } from "../../site/subjects.ts";
import type { Severity } from "../../schema/report.generated.ts";
import type { Rule } from "../api/rule.ts";

/** A rule that takes part in the run. */
export interface EnabledRule {
  readonly rule: Rule;
  /** The severity that the run sets for all its checks, or null: the rule's own, which may depend on the site. */
  readonly severity: Severity | null;
  /** Warnings of the rule count as errors; otherwise its own severity applies. */
  readonly strict?: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  /** Why its checks are not evaluated (`--no-live`, `--only`), or null. */
  readonly skip: string | null;
  /** The setting for one subject, where the run makes exceptions; null = the rule is off for it. */
  readonly exception?: (subject: SiteObject) => EnabledRule | null;
}

/** Why a check has no subject of its own: its subject is the deployment, and its verdict is known from the start. */
type NoSubject =
  /** The list of subjects is known to be empty. */
  | { readonly kind: "none"; readonly reason: string }
  /** It may contain more than was found. */
  | { readonly kind: "unlisted"; readonly missing: readonly Missing[] };

/** One rule applied to one subject. */
export interface PlannedCheck {
  readonly enabled: EnabledRule;
  /** The most severe that the check may fail with, and so that of the check while it is inconclusive. */
  readonly severity: Severity;
  /** The rule's own on this site: that of messages without one of theirs. */
  readonly usualSeverity: Severity;
  readonly subject: SiteObject;
  readonly noSubject: NoSubject | null;
}

/** Checks that differ only in their subject. */
export interface PlannedGroup extends Omit<PlannedCheck, "subject"> {
  readonly subjects: readonly SiteObject[];
}

/** The checks of a run, in order. There may be hundreds of thousands, so each is created on access. */
export class Plan implements Iterable<PlannedCheck> {
  readonly length: number;

  constructor(readonly groups: readonly PlannedGroup[]) {
    this.length = groups.reduce((sum, { subjects }) => sum + subjects.length, 0);
  }

  /** The number of checks that are evaluated, and of those that the run skips. */
  get counts(): { readonly evaluated: number; readonly skipped: number } {
    const skipped = this.groups.reduce(
      (sum, { enabled, subjects }) => sum + (enabled.skip === null ? 0 : subjects.length),
      0,
    );
    return { evaluated: this.length - skipped, skipped };
  }

  *[Symbol.iterator](): Generator<PlannedCheck> {
    for (const group of this.groups) {
      for (const subject of group.subjects) yield plannedCheck(group, subject);
    }
  }
}

/** The check of a group on one of its subjects. */
export function plannedCheck(group: PlannedGroup, subject: SiteObject): PlannedCheck {
  const { enabled, severity, usualSeverity, noSubject } = group;
  return { enabled, severity, usualSeverity, subject, noSubject };
}

/**
 * Every check of the run, in the order of rules and, within a rule, of its subjects. A rule without any subject gets
 * one visible check on the deployment; so does one whose list of subjects may be incomplete, beside the checks on those
 * that are known: nothing that was required may silently not exist. A rule that is off for a subject has no check on it;
 * see `turnedOff`.
 */
export function plan(rules: readonly EnabledRule[], site: Site): Plan {
  const subjects = subjectsOf(site);
  const groups = rules.flatMap((enabled) => {
    const { items, missing } = subjects(enabled.rule);
    const none: NoSubject = { kind: "none", reason: subjectKinds[enabled.rule.subject].none };
    return [
      ...groupsOf(enabled, items, null, site),
      ...(missing.length > 0 ? groupsOf(enabled, [site.deployment], { kind: "unlisted", missing }, site) : []),
      ...(missing.length === 0 && items.length === 0 ? groupsOf(enabled, [site.deployment], none, site) : []),
    ];
  });
  return new Plan(groups);
}

/** One group, or one for each run of subjects for which the rule is enabled in the same way. */
function groupsOf(
  enabled: EnabledRule,
  subjects: readonly SiteObject[],
  noSubject: NoSubject | null,
  site: Site,
): readonly PlannedGroup[] {
  const group = (own: EnabledRule, of: readonly SiteObject[]): PlannedGroup => {
    const usualSeverity = ownSeverity(own.rule, site);
    return { enabled: own, severity: severityOf(own, usualSeverity), usualSeverity, noSubject, subjects: of };
  };
  if (enabled.exception === undefined) return subjects.length === 0 ? [] : [group(enabled, subjects)];
  const runs: { readonly own: EnabledRule; readonly subjects: SiteObject[] }[] = [];
  for (const subject of subjects) {
    const own = enabled.exception(subject);
    if (own === null) continue;
    const last = runs[runs.length - 1];
    if (last?.own === own) last.subjects.push(subject);
    else runs.push({ own, subjects: [subject] });
  }
  return runs.map((run) => group(run.own, run.subjects));
}

/** The subjects of each rule; rules of one kind share them. */
export function subjectsOf(site: Site): (rule: Rule) => PartialList<SiteObject> {
  const partialLists = new Map<Rule["subject"], PartialList<SiteObject>>();
  return ({ subject }) => {
    const partialList = partialLists.get(subject) ?? subjectKinds[subject].find(site);
    partialLists.set(subject, partialList);
    return partialList;
  };
}

/**
 * The severity of a rule's checks on this site: that of its most severe message, since a value that is missing may hide any
 * of them.
 */
function severityOf(enabled: EnabledRule, usualSeverity: Severity): Severity {
  return failureSeverity({ enabled, usualSeverity }, Object.keys(enabled.rule.messages));
}

/**
 * The severity with which a check fails: the highest of its messages. A run that sets a severity for the rule sets it for all
 * of them.
 */
export function failureSeverity(
  { enabled: { rule, severity, strict = false }, usualSeverity }: Pick<PlannedCheck, "enabled" | "usualSeverity">,
  messageIds: readonly string[],
): Severity {
  if (severity !== null) return severity;
  const own = mostSevere(messageIds.map((id) => rule.messageSeverity?.[id] ?? usualSeverity));
  return strict ? asStrict(own) : own;
}

const MOST_SEVERE_FIRST: readonly Severity[] = ["error", "warn", "info"];

/** The highest of the severities; `info` if there are none. */
export function mostSevere(severities: readonly Severity[]): Severity {
  return MOST_SEVERE_FIRST.find((severity) => severities.includes(severity)) ?? "info";
}

/** The lower of two severities. */
export function milderOf(one: Severity, other: Severity): Severity {
  return mostSevere([one, other]) === one ? other : one;
}

/** Whether one severity is lower than another. */
export function isMilderSeverity(one: Severity, than: Severity): boolean {
  return one !== than && milderOf(one, than) === one;
}

/** A severity with warnings as errors. */
export function asStrict(severity: Severity): Severity {
  return severity === "warn" ? "error" : severity;
}

/** The options of a rule as it declares them. */
export function defaultOptions(rule: Rule): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
}

/** A rule's own severity for this site. */
export function ownSeverity(rule: Rule, site: Pick<Site, "profiles" | "environment">): Severity {
  const environment = site.environment;
  const row = rule.severityWhen?.find(
    (when) =>
      (when.fromProfile === undefined || site.profiles.some(({ major }) => major >= (when.fromProfile ?? 0))) &&
      (when.environment === undefined || when.environment === environment),
  );
  return row?.severity ?? rule.severity;
}
