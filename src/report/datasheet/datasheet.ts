import type { Check, RunReport, Verdict } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";

/** A value of a line and its source location; null for a value derived from several others. */
export interface SheetValue {
  readonly text: string;
  readonly location: Location | null;
}

/** A line of the guide's forms, filled in from the files as far as possible. */
export interface SheetLine {
  readonly label: string;
  /** Empty if the files have no value. */
  readonly values: readonly SheetValue[];
  /** The verdict of the checks that concern the line; null if there are none. */
  readonly verdict: LineVerdict | null;
}

/** Summary of the checks of a line: the worst of their verdicts, and the rules that have it. */
export interface LineVerdict {
  readonly verdict: Verdict;
  /** Number of checks with this verdict, and of all that were evaluated or skipped. */
  readonly count: number;
  readonly total: number;
  readonly rules: readonly string[];
}

export interface SheetSection {
  readonly title: string;
  readonly lines: readonly SheetLine[];
}

/** The installation checklist and the configuration datasheet of the guide, filled in. */
export interface Datasheet {
  readonly checklist: readonly SheetSection[];
  readonly datasheet: readonly SheetSection[];
  readonly report: Pick<RunReport, "tool" | "profile" | "mode" | "inputs" | "started_at" | "summary">;
}

const WORST_FIRST = ["crashed", "fail", "inconclusive", "waived", "skipped", "pass", "not-applicable"] as const;

/** The verdict of a line from its checks; null without checks. */
export function lineVerdict(checks: readonly Check[]): LineVerdict | null {
  const verdict = WORST_FIRST.find((candidate) => checks.some((check) => check.verdict === candidate));
  if (verdict === undefined) return null;
  const those = checks.filter((check) => check.verdict === verdict);
  const rules = [...new Set(those.map(({ rule }) => rule))];
  return { verdict, count: those.length, total: checks.length, rules };
}

const WORDS: Readonly<Record<Verdict, string>> = {
  crashed: "failed with an internal error",
  fail: "failed",
  inconclusive: "inconclusive",
  waived: "waived",
  skipped: "not checked",
  pass: "passed",
  "not-applicable": "not applicable",
};

/** `passed (3 checks)`, `failed (1 of 5 checks)`; the rules are listed separately. */
export function verdictText({ verdict, count, total }: LineVerdict): string {
  const checks = count === total ? `${count}` : `${count} of ${total}`;
  return `${WORDS[verdict]} (${checks} ${total === 1 ? "check" : "checks"})`;
}

/** The rules to list: those with the line's verdict, unless it is a pass. */
export function rulesToName({ verdict, rules }: LineVerdict): readonly string[] {
  return verdict === "pass" || verdict === "not-applicable" || verdict === "skipped" ? [] : rules;
}

export const DATASHEET_TITLE = "Installation checklist and configuration datasheet";

/** Notes on the form for its reader. */
export const DATASHEET_NOTES = [
  "Values are those of the files, with their source locations. A line is blank if the files do not contain its value; fill it in by hand. License keys and other secrets are never shown.",
  "The verdict of a line is the worst verdict of its checks. A line without checks must be confirmed by a person.",
] as const;
