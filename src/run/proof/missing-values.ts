import type { Missing } from "../../site/core/missing.ts";
import { distinctGaps } from "../../site/core/missing.ts";
import type { Check } from "../../schema/report.generated.ts";
import type { SiteSources } from "../read-run.ts";
import { documentsOf, type SourceChange } from "./edited-sources.ts";
import { otherValues } from "./other-values.ts";

/** Maximum number of values that are supplied one after the other. */
const MOST_SUPPLIED = 8;

/** A missing value, with a possible value for it. */
interface Supplied {
  readonly gap: Missing;
  readonly change: SourceChange;
}

/** The result of a check after changes, with its remaining gaps; null if the documents are then invalid. */
export type Attempt = (
  changes: readonly SourceChange[],
) => Promise<{ readonly verdict: Check["verdict"]; readonly missing: readonly Missing[] } | null>;

/**
 * A minimal set of missing values that gives the check a verdict when all of them are supplied: found by supplying
 * values that other objects have. Null if none was found.
 */
export async function decidingGaps(
  missing: readonly Missing[],
  sources: SiteSources,
  attempt: Attempt,
): Promise<readonly Missing[] | null> {
  const documents = documentsOf(sources);
  let supplied: readonly Supplied[] = [];
  let open = missing;
  while (supplied.length < MOST_SUPPLIED) {
    const next = await supply(open, supplied);
    if (next === null) return null;
    supplied = next.supplied;
    if (next.open === null) return (await fewest(supplied)).map(({ gap }) => gap);
    open = next.open;
  }
  return null;

  /** Supplies one more value: one that gives a verdict, or else one that closes its gap. */
  async function supply(
    gaps: readonly Missing[],
    before: readonly Supplied[],
  ): Promise<{ readonly supplied: readonly Supplied[]; readonly open: readonly Missing[] | null } | null> {
    let progress: { readonly supplied: readonly Supplied[]; readonly open: readonly Missing[] } | null = null;
    for (const gap of distinctGaps(gaps)) {
      const document = gap.sourceRef === null ? undefined : documents.get(gap.sourceRef.document.path);
      if (gap.sourceRef === null || document === undefined) continue;
      const { path } = gap.sourceRef;
      for (const value of otherValues(document, path, undefined)) {
        const change = { file: document.path, path, value };
        const all = [...before, { gap, change }];
        const after = await attempt(all.map((each) => each.change));
        if (after === null) continue;
        if (after.verdict !== "inconclusive") return { supplied: all, open: null };
        const isGone = after.missing.every(({ what }) => what !== gap.what);
        if (isGone) progress ??= { supplied: all, open: after.missing };
      }
    }
    return progress;
  }

  async function fewest(all: readonly Supplied[]): Promise<readonly Supplied[]> {
    let kept = all;
    for (const one of all) {
      const others = kept.filter((each) => each !== one);
      const after = others.length === 0 ? null : await attempt(others.map(({ change }) => change));
      if (after !== null && after.verdict !== "inconclusive") kept = others;
    }
    return kept;
  }
}
