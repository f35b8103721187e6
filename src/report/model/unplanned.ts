import type { RunReport, SubjectId } from "../../schema/report.generated.ts";

/** Checks of the approved plan that are missing for one reason, by rule. */
export interface Unplanned {
  readonly rule: string;
  readonly reason: string;
  readonly subjects: readonly SubjectId[];
}

/** The groups in the order of their first check. */
export function unplannedChecks({ baseline }: RunReport): Unplanned[] {
  const groups = new Map<string, { rule: string; reason: string; subjects: SubjectId[] }>();
  for (const { rule, subject, reason } of baseline?.missing ?? []) {
    const key = JSON.stringify([rule, reason]);
    const group = groups.get(key) ?? { rule, reason, subjects: [] };
    group.subjects.push(subject);
    groups.set(key, group);
  }
  return [...groups.values()];
}
