import type { RunReport } from "../schema/report.generated.ts";
import { jsonText } from "./text/json-text.ts";

/** The report itself, indented by two, in pieces of some checks. */
export function* json(report: RunReport): Generator<string> {
  yield* jsonText(report, 2);
  yield "\n";
}
