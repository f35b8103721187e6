import type { RunReport } from "../schema/report.generated.ts";
import { checkTexts } from "./model/check-texts.ts";
import { jsonText } from "./text/json-text.ts";

/** The report itself, indented by two, one check per piece. */
export function* json(report: RunReport): Generator<string> {
  yield* jsonText(report, 2, 0, checkTexts);
  yield "\n";
}
