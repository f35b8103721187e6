import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import { checkTexts } from "../model/check-texts.ts";
import { jsonText } from "../text/json-text.ts";

/** The report itself: `{ schema_version: 2, …, sites: […] }`. */
export function* projectJson(report: ProjectReport): Generator<string> {
  // project → sites → site → report → checks.
  yield* jsonText(report, 5, 0, checkTexts);
  yield "\n";
}
