import { isTextLocation } from "../../values/location.ts";
import { maskNumbers } from "../../values/text/mask-numbers.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { firstOfEachKind } from "./first-of-each-kind.ts";
import { MAX_ERRORS } from "../source/limits.ts";

/**
 * The first hundred mistakes of a file, in the order of its lines; the others are counted, so that the reports that carry
 * them stay small. Mistakes that say the same but for numbers give way to others: each kind is told.
 *
 * @param untold mistakes that were counted but are not among `errors`
 */
export function firstErrors(path: string, errors: readonly PreflightError[], untold = 0): readonly PreflightError[] {
  const inOrder = [...errors].sort(byPlace);
  const told = firstOfEachKind(inOrder, ({ code, message }) => `${code} ${maskNumbers(message)}`, MAX_ERRORS);
  const rest = Math.max(0, errors.length - MAX_ERRORS) + untold;
  if (rest === 0) return inOrder;
  const isTold = new Set(told);
  const next = inOrder.find((error) => !isTold.has(error));
  const file = path === "-" ? "standard input" : path;
  const message = `… and ${rest.toLocaleString("en")} more ${rest === 1 ? "mistake" : "mistakes"} in ${file}.`;
  const location = (next ?? inOrder.at(-1))?.location ?? null;
  return [...told, new PreflightError("more-errors", message, location)];
}

function byPlace({ location: a }: PreflightError, { location: b }: PreflightError): number {
  return isTextLocation(a) && isTextLocation(b) ? a.line - b.line || a.column - b.column : 0;
}
