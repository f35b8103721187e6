import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import { matchesPattern } from "../../values/text/name-pattern.ts";
import { suggest } from "../../values/text/suggest.ts";
import type { Origin, Sourced } from "../api/config-layer.ts";
import { subjectsOf } from "../evaluation/plan.ts";
import type { Policy } from "./policy.ts";
import type { DisabledRule, PolicyRecord, UnmatchedPattern } from "../../schema/report.generated.ts";

/** The checks that a policy removes from the plan of a site, and its patterns without a match. */
export function policyRecord(policy: Policy, site: Site): Pick<PolicyRecord, "off" | "unmatched"> {
  return { off: turnedOff(policy, site), unmatched: unmatchedPatterns(policy, site) };
}

/** Checks that are not planned because their rule is off: this must be visible. */
function turnedOff(policy: Policy, site: Site): readonly DisabledRule[] {
  const subjects = subjectsOf(site);
  return policy.catalogue.rules.flatMap((rule) => {
    const offBy = policy.offBy(rule);
    if (offBy === null) return [];
    const { items, missing } = subjects(rule);
    // A rule without any subject, or with more than are known, has a check on the deployment.
    const all: readonly SiteObject[] = items.length === 0 || missing.length > 0 ? [...items, site.deployment] : items;
    const counts = new Map<Origin, number>();
    for (const subject of all) {
      const origin = offBy(subject);
      if (origin !== null) counts.set(origin, (counts.get(origin) ?? 0) + 1);
    }
    return [...counts].map(([{ by, location }, checks]) => ({ rule: rule.id, checks, by, location }));
  });
}

function unmatchedPatterns(policy: Policy, site: Site): readonly UnmatchedPattern[] {
  const patterns = policy.overrides.flatMap((override) => override.patterns);
  if (patterns.length === 0) return [];
  const subjects = subjectsOf(site);
  const partialLists = new Set(policy.catalogue.rules.map((rule) => subjects(rule).items));
  const all = new Set<SiteObject>([site.deployment, ...[...partialLists].flat()]);
  const ids = [...new Set([...all].map(({ kind, name }) => `${kind}:${name}`))];
  return patterns.filter(({ value }) => !ids.some((id) => matchesPattern(id, value))).map((one) => unmatched(one, ids));
}

function unmatched({ value: pattern, origin }: Sourced<string>, ids: readonly string[]): UnmatchedPattern {
  const kind = `${pattern.split(":")[0] ?? ""}:`;
  const near = suggest(
    pattern.slice(kind.length).replaceAll("*", ""),
    ids.filter((id) => id.startsWith(kind)).map((id) => id.slice(kind.length)),
  );
  return { pattern, near: near === null ? null : `${kind}${near}`, location: origin.location };
}
