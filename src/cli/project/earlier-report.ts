import type { Readable } from "node:stream";
import { readAnyReport } from "../../input/files/read-report.ts";
import { displayPath } from "../../input/source/read-source.ts";
import type { EarlierProject } from "../../run/project/compare-project.ts";
import type { ReportFile } from "../../engine/comparison/compare.ts";
import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import type { RunReport } from "../../schema/report.generated.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import { usageError } from "../arguments/usage-error.ts";
import type { Selection } from "./select-sites.ts";

/**
 * The report of `--compare-to`: for a project the reports of its sites, by name; for a deployment that was named its own.
 * Throws PreflightErrors for a file that has none of them.
 */
export async function readEarlier(
  file: string,
  selection: Pick<Selection, "sites" | "isProject">,
  { cwd, stdin }: { readonly cwd: string; readonly stdin: Readable },
): Promise<ReportFile | EarlierProject> {
  const { value, inputs } = await readAnyReport(file, { cwd, stdin });
  if (value === null) throw new PreflightErrors(inputs.errors);
  const path = displayPath(file, cwd);
  return selection.isProject ? earlierProject(value, path, selection) : earlierRun(value, path, selection, cwd);
}

function earlierProject(
  value: RunReport | ProjectReport,
  path: string,
  { sites }: Pick<Selection, "sites">,
): EarlierProject {
  if (value.schema_version === 2) {
    const reports = new Map(value.sites.map(({ name, report }) => [name, { report, path }]));
    return { path, reports, whole: value };
  }
  const [first, ...others] = sites;
  if (first !== undefined && others.length === 0) {
    return { path, reports: new Map([[first.name, { report: value, path }]]), whole: null };
  }
  const message = `${path} is the report of one run, and ${sites.length} sites are checked.`;
  const hint = `choose its site with --site, such as --site ${first?.name ?? "NAME"}, or compare with a report of all sites`;
  throw new PreflightErrors([usageError(message, hint)]);
}

/** Of a report over sites, the one of the same deployment file. */
function earlierRun(
  value: RunReport | ProjectReport,
  path: string,
  { sites }: Pick<Selection, "sites">,
  cwd: string,
): ReportFile {
  if (value.schema_version === 1) return { report: value, path };
  const deployment = displayPath(sites[0]?.deployment ?? "", cwd);
  const same = value.sites.find(({ report: { inputs } }) =>
    inputs.some((input) => input.kind === "deployment" && input.path === deployment),
  );
  if (same !== undefined) return { report: same.report, path };
  const message = `${path} has the reports of ${value.sites.length} sites, and none is of ${deployment}.`;
  throw new PreflightErrors([usageError(message, "check the folder of the project, and choose the site with --site")]);
}
