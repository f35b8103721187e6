import { projectExitCode } from "../../engine/gate/project-gate.ts";
import { merge, NO_INPUTS, type RunInputs } from "../../input/source/run-inputs.ts";
import type { ProjectReport, SiteReport } from "../../schema/project/project-report.generated.ts";
import { type ResultWithBasis, checkWithSite } from "../check.ts";
import type { CheckOptions } from "../options.ts";
import { version } from "../version.ts";
import { type CheckedSite, crossSite } from "./cross-site.ts";
import { identitiesOf } from "./identities.ts";

/** A site to check. */
export interface SiteRun {
  readonly name: string;
  readonly category: string;
  readonly options: CheckOptions;
}

/** The fields of a project report besides its sites. */
export type ProjectFacts = Pick<ProjectReport, "project" | "omitted">;

/** A report over several sites, and what was read for it. */
export interface ProjectResult {
  readonly report: ProjectReport;
  readonly inputs: RunInputs;
  /** One per site. */
  readonly results: readonly ResultWithBasis[];
}

/** Checks sites one after the other, then compares them with each other. At least one site is required. */
export async function checkProject(sites: readonly SiteRun[], facts: ProjectFacts): Promise<ProjectResult> {
  const results: ResultWithBasis[] = [];
  const reports: SiteReport[] = [];
  const checked: CheckedSite[] = [];
  for (const { name, category, options } of sites) {
    const { site, ...result } = await checkWithSite(options);
    const { report } = result;
    results.push(result);
    reports.push({ name, category, report });
    // Only these values are kept of a site, so that it can be garbage-collected.
    checked.push({ name, report, identities: site === null ? null : identitiesOf(site) });
  }
  const compared = checked.length > 1 ? crossSite(checked) : null;
  return {
    report: {
      schema_version: 2,
      tool: { name: "infinity-preflight", version },
      exit_code: projectExitCode(reports, compared),
      started_at: reports[0]?.report.started_at ?? "",
      ended_at: reports.at(-1)?.report.ended_at ?? "",
      ...facts,
      cross_site: compared,
      sites: reports,
    },
    inputs: merge(NO_INPUTS, ...results.map(({ inputs }) => inputs)),
    results,
  };
}
