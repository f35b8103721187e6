import type { Check, RunReport, Verdict } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";

/** A value of a line, and where it is written; null for what is derived from several values. */
export interface SheetValue {
  readonly text: string;
  readonly location: Location | null;
}

/** A line of the guide's forms, as far as the files fill it in. */
export interface SheetLine {
  readonly label: string;
  /** Empty where the files say nothing. */
  readonly values: readonly SheetValue[];
  /** The verdict of the checks that concern the line; null where none does. */
  readonly verdict: LineVerdict | null;
}

/** What the checks of a line come to: the worst of their verdicts, and which rules have it. */
export interface LineVerdict {
  readonly verdict: Verdict;
  /** Checks with this verdict, and all that were evaluated or skipped. */
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

/** The verdict of a line from its checks; null without any. */
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

/** `passed (3 checks)`, `failed (1 of 5 checks)`; the rules are named apart. */
export function verdictText({ verdict, count, total }: LineVerdict): string {
  const checks = count === total ? `${count}` : `${count} of ${total}`;
  return `${WORDS[verdict]} (${checks} ${total === 1 ? "check" : "checks"})`;
}

/** The rules to look at: those of a verdict that is no pass. */
export function rulesToName({ verdict, rules }: LineVerdict): readonly string[] {
  return verdict === "pass" || verdict === "not-applicable" || verdict === "skipped" ? [] : rules;
}

export const DATASHEET_TITLE = "Installation checklist and configuration datasheet";

/** What a reader has to know of the form. */
export const DATASHEET_NOTES = [
  "Values are those of the files, with their source locations. A line is blank where the files say nothing; fill it in by hand. License keys and other secrets are never shown.",
  "A verdict is that of the checks that concern the line, the worst first. Where none does, it is for a person to confirm.",
] as const;
