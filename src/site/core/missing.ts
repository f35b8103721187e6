import { type Path, positionText } from "../../values/location.ts";
import { shortList } from "../../values/text/counted.ts";
import type { Document } from "./document.ts";

/** A path in a document; its line and column are looked up only if a report needs them. */
export interface SourceRef {
  readonly document: Document;
  readonly path: Path;
}

/** A value that no input contains. */
export interface Missing {
  /** Reads after "Inconclusive:", no final stop; equal text = the same gap, whichever object shows it. */
  readonly what: string;
  /** Where the value belongs; null if there is no such file. */
  readonly sourceRef: SourceRef | null;
  /** The value exists but is unusable. A check that fails at that location is the cause of the gap. */
  readonly isUnusable?: true;
  /** Values exclude each other: no other evidence determines which of them is right. */
  readonly isContradictory?: true;
}

/** The gaps without duplicates: a thousand VMs without a UUID are one gap. */
export function distinctGaps(missing: readonly Missing[]): readonly Missing[] {
  if (missing.length < 2) return missing;
  const byWords = new Map<string, Missing>();
  for (const gap of missing) if (!byWords.has(gap.what)) byWords.set(gap.what, gap);
  return [...byWords.values()];
}

/** The identity of a position: equal keys are the same value of the same file. */
export function positionKey({ document, path }: SourceRef): string {
  return JSON.stringify([document.path, path]);
}

/** Source locations for a message: `inventory.json:12:7, inventory.json:40:7`; the first five of many. */
export function positionsOf(sourceRefs: readonly SourceRef[]): string {
  return shortList(
    sourceRefs.map(({ document, path }) => {
      const location = document.locate(path);
      return location === null ? document.path : positionText(location);
    }),
  );
}
