import type { Missing } from "../site/missing.ts";
import type { Roster } from "../site/roster.ts";
import type { SiteObject } from "../site/site-object.ts";
import type { Site } from "../site/site.ts";
import { subjectKinds } from "../site/subjects.ts";
import type { Severity } from "./run-report.ts";
import type { Rule } from "./rule.ts";

/** A rule that takes part in the run. */
export interface EnabledRule {
  readonly rule: Rule;
  /** The severity that the run sets for all its checks, or null: the rule's own, which may depend on the site. */
  readonly severity: Severity | null;
  readonly options: Readonly<Record<string, unknown>>;
  /** Why its checks are not judged (`--no-live`, `--only`), or null. */
  readonly skip: string | null;
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
  readonly standIn:
    | { readonly kind: "none"; readonly reason: string }
    | { readonly kind: "unlisted"; readonly missing: readonly Missing[] }
    | null;
}

/**
 * Every check of the run, in the order of rules and, within a rule, of its subjects. A rule without any subject gets
 * one visible check on the deployment; so does one whose list of subjects may be incomplete, beside the checks on those
 * that are known: nothing that was required may silently not exist.
 */
export function plan(rules: readonly EnabledRule[], site: Site): readonly PlannedCheck[] {
  const rosters = new Map<string, Roster<SiteObject>>();
  return rules.flatMap((enabled) => {
    const kind = subjectKinds[enabled.rule.subject];
    const roster = rosters.get(enabled.rule.subject) ?? kind.find(site);
    rosters.set(enabled.rule.subject, roster);
    const severity = enabled.severity ?? ownSeverity(enabled.rule, site);
    const checks: PlannedCheck[] = roster.items.map((subject) => ({ enabled, severity, subject, standIn: null }));
    if (roster.missing.length > 0) {
      checks.push({
        enabled,
        severity,
        subject: site.deployment,
        standIn: { kind: "unlisted", missing: roster.missing },
      });
    } else if (checks.length === 0) {
      checks.push({ enabled, severity, subject: site.deployment, standIn: { kind: "none", reason: kind.none } });
    }
    return checks;
  });
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
      (when.fromProfile === undefined || site.profile.major >= when.fromProfile) &&
      (when.environment === undefined || when.environment === environment),
  );
  return row?.severity ?? rule.severity;
}
