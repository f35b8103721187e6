import { compareReports, incomparable, isFailing, type ReportFile } from "../../engine/comparison/compare.ts";
import { compareAcross } from "../../engine/comparison/cross-site.ts";
import type { CrossSiteChanges, ProjectReport, SiteReport } from "../../schema/project/project-report.generated.ts";
import type { ProjectComparison } from "../../schema/project/project-comparison.generated.ts";
import { quoted } from "../../values/text/quoted.ts";

/** A saved report to compare the sites of a project with. */
export interface EarlierProject {
  /** The file, as messages name it. */
  readonly path: string;
  /** By the name of the site. */
  readonly reports: ReadonlyMap<string, ReportFile>;
  /** The whole report; null when the file is the report of one run. */
  readonly whole: ProjectReport | null;
}

/** A report over several sites with what is different from an earlier one; and what could not be compared: sentences. */
export interface ComparedProject {
  readonly report: ProjectReport;
  readonly notCompared: readonly string[];
}

/** Compares each site with its earlier report, by name, and the findings across sites. */
export function comparedProject(report: ProjectReport, { path, reports, whole }: EarlierProject): ComparedProject {
  const notCompared: string[] = [];
  const sites = report.sites.map((site): SiteReport => {
    if (site.report.checks.length === 0) return site;
    const before = reports.get(site.name);
    const after = { report: site.report, path: null };
    const reason = before === undefined ? `${path} does not contain this site.` : incomparable(before, after);
    if (before !== undefined && reason === null) {
      return { ...site, report: { ...site.report, comparison: compareReports(before, after) } };
    }
    notCompared.push(`Site ${quoted(site.name)} is not compared: ${reason ?? ""}`);
    return site;
  });
  const known = new Set([...report.sites.map(({ name }) => name), ...report.omitted]);
  const gone = whole?.sites.filter(({ name }) => !known.has(name)) ?? [];
  notCompared.push(...gone.map(({ name }) => `Site ${quoted(name)} of ${path} is no longer in the project.`));
  const changes = whole === null ? null : compareAcross(whole, report);
  const crossSite =
    report.cross_site === null || changes === null ? report.cross_site : { ...report.cross_site, changes };
  return { report: { ...report, sites, cross_site: crossSite }, notCompared };
}

/** Whether `--fail-on` sets the exit code 1. What cannot be compared counts as new. */
export function isProjectFailing({ report, notCompared }: ComparedProject, failOn: "new" | "any" | undefined): boolean {
  if (failOn === undefined) return false;
  const changes = report.cross_site?.changes;
  return (
    notCompared.length > 0 ||
    (changes !== undefined && isFailingAcross(changes, failOn)) ||
    report.sites.some(({ report: { comparison } }) => comparison !== undefined && isFailing(comparison, failOn))
  );
}

/** The same for two saved reports. */
export function areSitesFailing({ sites, cross_site }: ProjectComparison, failOn: "new" | "any" | undefined): boolean {
  if (failOn === undefined) return false;
  return (
    sites.some(({ comparison }) => comparison === null || isFailing(comparison, failOn)) ||
    (cross_site !== null && isFailingAcross(cross_site, failOn))
  );
}

/** Whether findings across sites set the exit code 1. */
function isFailingAcross(
  { new: found, no_longer_compared: unknown, still_failing: left }: CrossSiteChanges,
  failOn: "new" | "any",
): boolean {
  return found.length > 0 || unknown.length > 0 || (failOn === "any" && left.length > 0);
}
