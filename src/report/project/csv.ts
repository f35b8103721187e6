import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import { isTextLocation } from "../../values/location.ts";
import { COLUMNS, csvRows } from "../csv.ts";
import { csvRow } from "../text/csv-row.ts";

/** The rows of all sites, with the name of the site in the last column; before them the cross-site findings. */
export function* projectCsv(report: ProjectReport): Generator<string> {
  yield csvRow([...COLUMNS, "site"]);
  for (const { severity, rule, message, nodes, fingerprint } of report.cross_site?.findings ?? []) {
    for (const { site, node, location } of nodes) {
      const row: Readonly<Record<string, string | number>> = {
        ...{ verdict: "fail", severity, rule, subject_kind: "node", subject: node, message, fingerprint },
        ...(location !== null && { path: location.path }),
        ...(isTextLocation(location) && { line: location.line, column: location.column }),
      };
      yield csvRow([...COLUMNS.map((column) => row[column]), site]);
    }
  }
  for (const { name, report: site } of report.sites) yield* csvRows(site, [name]);
}
