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
  /** Warnings of the rule count as errors; its own severity stands otherwise. */
  readonly strict?: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  /** Why its checks are not evaluated (`--no-live`, `--only`), or null. */
  readonly skip: string | null;
  /** What holds for one subject instead, where the run makes exceptions; null = the rule is off for it. */
  readonly exception?: (subject: SiteObject) => EnabledRule | null;
}

/**
 * One rule applied to one subject. A check that stands for subjects which cannot be listed is on the deployment: it is
 * decided from the start.
 */
export interface PlannedCheck {
  readonly enabled: EnabledRule;
  readonly severity: Severity;
  readonly subject: SiteObject;
  /** `none`: the list of subjects is known to be empty. `unlisted`: it may hold more than was found. */
  readonly noSubject:
    | { readonly kind: "none"; readonly reason: string }
    | { readonly kind: "unlisted"; readonly missing: readonly Missing[] }
    | null;
}

/**
 * Every check of the run, in the order of rules and, within a rule, of its subjects. A rule without any subject gets
 * one visible check on the deployment; so does one whose list of subjects may be incomplete, beside the checks on those
 * that are known: nothing that was required may silently not exist. A rule that is off for a subject has no check on it;
 * see `turnedOff`.
 */
export function plan(rules: readonly EnabledRule[], site: Site): readonly PlannedCheck[] {
  const subjects = subjectsOf(site);
  return rules.flatMap((enabled) => {
    const partialList = subjects(enabled.rule);
    const check = (subject: SiteObject, noSubject: PlannedCheck["noSubject"]): readonly PlannedCheck[] => {
      const own = enabled.exception === undefined ? enabled : enabled.exception(subject);
      return own === null ? [] : [{ enabled: own, severity: severityOf(own, site), subject, noSubject }];
    };
    const checks = partialList.items.flatMap((subject) => check(subject, null));
    if (partialList.missing.length > 0) {
      return [...checks, ...check(site.deployment, { kind: "unlisted", missing: partialList.missing })];
    }
    return partialList.items.length > 0
      ? checks
      : check(site.deployment, { kind: "none", reason: subjectKinds[enabled.rule.subject].none });
  });
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

/** The severity of a rule's checks on this site; that of single messages may differ. */
function severityOf({ rule, severity, strict = false }: EnabledRule, site: Site): Severity {
  const own = severity ?? ownSeverity(rule, site);
  return strict ? asStrict(own) : own;
}

const MOST_SEVERE_FIRST: readonly Severity[] = ["error", "warn", "info"];

/** The most severe of some severities; `info` of none. */
export function mostSevere(severities: readonly Severity[]): Severity {
  return MOST_SEVERE_FIRST.find((severity) => severities.includes(severity)) ?? "info";
}

/** The milder of two severities. */
export function milderOf(one: Severity, other: Severity): Severity {
  return mostSevere([one, other]) === one ? other : one;
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
function ownSeverity(rule: Rule, site: Site): Severity {
  const environment = site.environment;
  const row = rule.severityWhen?.find(
    (when) =>
      (when.fromProfile === undefined || site.profiles.some(({ major }) => major >= (when.fromProfile ?? 0))) &&
      (when.environment === undefined || when.environment === environment),
  );
  return row?.severity ?? rule.severity;
}
