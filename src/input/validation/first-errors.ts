import { isTextLocation } from "../../values/location.ts";
import { maskNumbers } from "../../values/text/mask-numbers.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { MAX_ERRORS } from "../source/limits.ts";

/**
 * The first hundred errors of a file, in the order of its lines; the others are counted, so that the reports that carry
 * them stay small. Errors that differ only in numbers give way to others, so that every kind is reported.
 *
 * @param omitted errors that were counted but are not in `errors`
 */
export function firstErrors(path: string, errors: readonly PreflightError[], omitted = 0): readonly PreflightError[] {
  const inOrder = [...errors].sort(byLocation);
  const reported = firstOfEachKind(inOrder, ({ code, message }) => `${code} ${maskNumbers(message)}`, MAX_ERRORS);
  const rest = Math.max(0, errors.length - MAX_ERRORS) + omitted;
  if (rest === 0) return inOrder;
  const isReported = new Set(reported);
  const next = inOrder.find((error) => !isReported.has(error));
  const file = path === "-" ? "standard input" : path;
  const message = `… and ${rest.toLocaleString("en")} more ${rest === 1 ? "error" : "errors"} in ${file}.`;
  const location = (next ?? inOrder.at(-1))?.location ?? null;
  return [...reported, new PreflightError("more-errors", message, location)];
}

function byLocation({ location: a }: PreflightError, { location: b }: PreflightError): number {
  return isTextLocation(a) && isTextLocation(b) ? a.line - b.line || a.column - b.column : 0;
}

/**
 * So many of the items, in their order: of every kind the first before any second, and so on, so that repetitions of
 * one kind do not hide another.
 */
export function firstOfEachKind<T>(items: readonly T[], kindOf: (item: T) => string, most: number): readonly T[] {
  if (items.length <= most) return items;
  const rounds: T[][] = [];
  const seen = new Map<string, number>();
  for (const item of items) {
    const kind = kindOf(item);
    const round = seen.get(kind) ?? 0;
    seen.set(kind, round + 1);
    if (round < most) (rounds[round] ??= []).push(item);
  }
  const chosen = new Set(rounds.flat().slice(0, most));
  return items.filter((item) => chosen.has(item));
}
