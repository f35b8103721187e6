import type { SourceRef } from "../../site/core/missing.ts";
import type { At } from "../api/rule.ts";

/** The place in a document that a finding points at. */
export function sourceRefOf([object, field, ...rest]: At): SourceRef {
  return field === undefined ? object.sourceRef : object.sourceRefOf(field, ...rest);
}
