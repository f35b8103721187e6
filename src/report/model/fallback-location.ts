import type { RunReport } from "../../schema/report.generated.ts";
import { isTextLocation, type Location, type TextLocation } from "../../values/location.ts";

/**
 * The location for a format that requires a line: the first of the wanted locations that is a line of a text, else the
 * deployment's line 1; null if the run read no file.
 */
export function fallbackLocation(
  { inputs }: Pick<RunReport, "inputs">,
  wanted: readonly (Location | null)[],
): TextLocation | null {
  const place = wanted.find((location) => isTextLocation(location));
  if (place !== undefined) return place;
  const path = (inputs.find(({ kind }) => kind === "deployment") ?? inputs[0])?.path;
  return path === undefined ? null : { path, line: 1, column: 1, end_line: 1, end_column: 1 };
}
