import type {
  CrossSiteChanges,
  CrossSiteFinding,
  ProjectReport,
  SiteReport,
} from "../../schema/project/project-report.generated.ts";
import type { RunReport } from "../../schema/report.generated.ts";

type Sites = Pick<ProjectReport, "cross_site" | "sites">;

/** Whether the values of a rule take part in the comparison across sites: it is on, and evaluated for the whole site. */
export function takesPart({ rules, checks }: RunReport, rule: string): boolean {
  if (!rules.some(({ id }) => id === rule)) return false;
  for (const check of checks) if (check.rule === rule && check.verdict === "skipped") return false;
  return true;
}

/**
 * What is different between the findings across sites of two runs, by fingerprint. A finding is fixed only if the values of
 * all its sites were compared again; otherwise it is no longer compared. Null when neither run compared its sites.
 */
export function compareAcross(before: Sites, after: Sites): CrossSiteChanges | null {
  if (before.cross_site === null && after.cross_site === null) return null;
  const [had, has] = [findingsOf(before), findingsOf(after)];
  const known = new Set(had.map(({ fingerprint }) => fingerprint));
  const found = new Set(has.map(({ fingerprint }) => fingerprint));
  const gone = had.filter(({ fingerprint }) => !found.has(fingerprint));
  const isFixed = (finding: CrossSiteFinding) => areCompared(finding, after);
  return {
    new: has.filter(({ fingerprint }) => !known.has(fingerprint)),
    no_longer_compared: gone.filter((finding) => !isFixed(finding)),
    fixed: gone.filter(isFixed),
    still_failing: has.filter(({ fingerprint }) => known.has(fingerprint)),
  };
}

function findingsOf({ cross_site }: Sites): readonly CrossSiteFinding[] {
  return cross_site?.findings ?? [];
}

function areCompared({ rule, nodes }: CrossSiteFinding, { cross_site, sites }: Sites): boolean {
  if (cross_site === null) return false;
  const isCompared = ({ report, name }: SiteReport) => !cross_site.left_out.includes(name) && takesPart(report, rule);
  return nodes.every(({ site }) => sites.some((one) => one.name === site && isCompared(one)));
}
