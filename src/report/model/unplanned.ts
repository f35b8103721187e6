import type { MilderSetting, RunReport, SubjectId } from "../../schema/report.generated.ts";
import { phrase } from "../text/wording.ts";

/** A deviation of a run from the approved plan, for one reason, by rule. */
export interface Unplanned {
  readonly kind: "missing" | "relaxed";
  /** A rule's id, or the setting if it concerns all rules. */
  readonly rule: string;
  readonly reason: string;
  /** Empty if it concerns all. */
  readonly subjects: readonly SubjectId[];
}

/** The groups in the order of their first check: missing checks, then relaxed settings. */
export function unplannedChecks({ baseline }: RunReport): Unplanned[] {
  if (baseline === null) return [];
  const groups = new Map<string, { kind: Unplanned["kind"]; rule: string; reason: string; subjects: SubjectId[] }>();
  const add = (kind: Unplanned["kind"], rule: string, reason: string, subject: SubjectId | null) => {
    const key = JSON.stringify([kind, rule, reason]);
    const group = groups.get(key) ?? { kind, rule, reason, subjects: [] };
    if (subject !== null) group.subjects.push(subject);
    groups.set(key, group);
  };
  for (const { rule, subject, reason } of baseline.missing) add("missing", rule, reason, subject);
  for (const change of baseline.relaxed)
    add("relaxed", change.rule ?? change.setting, milderReason(change), change.subject);
  return [...groups.values()];
}

/** `severity warn instead of error` */
export function milderReason({ setting, from, to }: MilderSetting): string {
  return `${setting} ${to} instead of ${from}`;
}

/** One sentence about a group, unescaped except for the names. */
export function unplannedSentence({ kind, reason, subjects }: Unplanned, names: string): string {
  const whom = subjects.length === 0 ? "" : ` for ${names}`;
  return kind === "missing"
    ? `No longer evaluated${whom}, although it is in the approved plan: ${phrase(reason)}.`
    : `More relaxed${whom} than in the approved plan: ${phrase(reason)}.`;
}
