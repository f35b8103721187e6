import type { Baseline, Check, CheckReference, UnplannedCheck } from "../../schema/report.generated.ts";
import type { Sequence } from "../../values/sequence.ts";
import { subjectId } from "../waivers/waiver-entry.ts";

/** A plan as it was approved: the checks that were to take place then, never none. */
export interface ApprovedPlan {
  readonly path: string;
  readonly checks: readonly ApprovedCheck[];
}

export interface ApprovedCheck extends CheckReference {
  /** Its rule had no subject, or not all of them were known: agreed on is then that the rule takes part. */
  readonly isWithoutSubject: boolean;
}

/**
 * Holds a run against the approved plan. A check that was to be evaluated and now is skipped, or does not exist at all, is
 * missing: without it a green gate would speak of less than what was agreed on.
 */
export function compareWithPlan({ path, checks: approved }: ApprovedPlan, checks: Sequence<Check>): Baseline {
  const wanted = new Set(approved.map(keyOf));
  const now = new Map<string, Check>();
  const rules = new Set<string>();
  const evaluated = new Set<string>();
  for (const check of checks) {
    rules.add(check.rule);
    if (check.verdict !== "skipped") evaluated.add(check.rule);
    const key = keyOf(check);
    if (wanted.has(key)) now.set(key, check);
  }
  const missing = approved.flatMap(({ isWithoutSubject, ...reference }): readonly UnplannedCheck[] => {
    const { rule, subject } = reference;
    const check = now.get(keyOf(reference));
    if (isWithoutSubject ? evaluated.has(rule) : check !== undefined && check.verdict !== "skipped") return [];
    const reason =
      check === undefined
        ? rules.has(rule)
          ? `there is no ${subjectId(subject)} any more, or the rule is off for it`
          : "the rule took no part in this run"
        : `skipped: ${check.reason ?? "the run was told to"}`;
    return [{ rule, subject, reason }];
  });
  return { path, planned: approved.length, missing };
}

function keyOf({ rule, subject }: CheckReference): string {
  return `${rule}\n${subjectId(subject).toLowerCase()}`;
}
