import type { SourceRef } from "./missing.ts";

/** One description of an object in one document. The same host may be described by two inventories. */
export interface Description {
  readonly record: Readonly<Record<string, unknown>>;
  readonly sourceRef: SourceRef;
}

/** A record of a document: the document's own object and not a copy, so that reads can be recorded. */
export function recordOf(record: object): Description["record"] {
  // Types of records name their keys.
  return record as unknown as Description["record"];
}

/** The properties that every object has, known or not. */
export interface Described {
  /** Kind as in subject ids: `node`, `host`, `port-group` … */
  readonly kind: string;
  /** Unique among objects of its kind; what subject ids show. */
  readonly name: string;
  /** Where documents describe it; empty when something only names it. */
  readonly descriptions: readonly Description[];
  /** Where it is described, or else where it is named first. */
  readonly sourceRef: SourceRef;
  /** The plain name, where no description gives it. */
  readonly ownName?: string | undefined;
}
