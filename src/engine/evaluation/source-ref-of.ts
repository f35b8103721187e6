import type { Place } from "../../site/core/missing.ts";
import type { At } from "../api/rule.ts";

/** The place in a document that a finding points at. */
export function placeOf([object, field, ...rest]: At): Place {
  return field === undefined ? object.place : object.placeOf(field, ...rest);
}
