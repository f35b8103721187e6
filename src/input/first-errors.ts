import { isTextLocation } from "../values/location.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { MAX_ERRORS } from "./limits.ts";

/**
 * The first mistakes of a file, in the order of its lines. Those beyond the hundredth are counted, not told: they are of
 * the same few kinds, and the reports that carry them stay small.
 *
 * @param untold mistakes that were counted but are not among `errors`
 */
export function firstErrors(path: string, errors: readonly PreflightError[], untold = 0): readonly PreflightError[] {
  const inOrder = [...errors].sort(byPlace);
  const next = inOrder[MAX_ERRORS];
  const rest = Math.max(0, errors.length - MAX_ERRORS) + untold;
  if (rest === 0) return inOrder;
  const file = path === "-" ? "standard input" : path;
  const message = `… and ${rest.toLocaleString("en")} more ${rest === 1 ? "mistake" : "mistakes"} in ${file}.`;
  const location = (next ?? inOrder.at(-1))?.location ?? null;
  return [...inOrder.slice(0, MAX_ERRORS), new PreflightError("more-errors", message, location)];
}

function byPlace({ location: a }: PreflightError, { location: b }: PreflightError): number {
  return isTextLocation(a) && isTextLocation(b) ? a.line - b.line || a.column - b.column : 0;
}
