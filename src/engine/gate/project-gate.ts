import type { CrossSite, ProjectReport, SiteReport } from "../../schema/project/project-report.generated.ts";

/** The exit code of several sites: 2 if one has no verdict, otherwise 1 if one failed or a finding across sites is an error. */
export function projectExitCode(
  sites: readonly Pick<SiteReport, "report">[],
  crossSite: CrossSite | null,
): ProjectReport["exit_code"] {
  const codes = sites.map(({ report }) => report.exit_code);
  if (codes.includes(2)) return 2;
  const isCrossSiteError = crossSite?.findings.some(({ severity }) => severity === "error") === true;
  return codes.includes(1) || isCrossSiteError ? 1 : 0;
}

/** A contradiction of a report over several sites, outside the reports of its sites, as a phrase; or null. */
export function projectContradiction({ exit_code, sites, cross_site }: ProjectReport): string | null {
  const names = new Set(sites.map(({ name }) => name));
  if (names.size !== sites.length) return "two of its sites have the same name";
  const expected = projectExitCode(sites, cross_site);
  return exit_code === expected ? null : `its exit code is ${exit_code}, but by its sites it is ${expected}`;
}
