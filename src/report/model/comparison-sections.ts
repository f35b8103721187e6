import type { Change, Comparison, ComparisonChange, DataSource } from "../../schema/report.generated.ts";
import { isTextLocation } from "../../values/location.ts";
import { counted, escapeForTerminal, listed, subjectName, thousands } from "../text/wording.ts";

/** How to format a comparison. */
export interface ComparisonOptions {
  readonly color: boolean;
  readonly width: number;
  /** Lists every entry in stylish. */
  readonly all: boolean;
}

/** Changes of one kind, which are shown together. */
export interface ComparisonSection {
  readonly change: Change;
  readonly title: string;
  readonly entries: readonly [ComparisonEntry, ...ComparisonEntry[]];
  /** Number of findings caused by other checks, which are not among the entries. */
  readonly consequences: number;
}

/** Changes of one rule with the same message; checks that are no longer evaluated, with the same reason. */
export interface ComparisonEntry {
  readonly first: ComparisonChange;
  readonly changes: readonly ComparisonChange[];
}

/** What needs attention comes first. */
const TITLES: Readonly<Record<Change, string>> = {
  new: "New",
  "severity-changed": "Severity changed",
  "newly-inconclusive": "Newly inconclusive",
  "no-longer-checked": "No longer checked",
  "still-failing": "Still failing",
  "newly-waived": "Newly waived",
  "no-longer-inconclusive": "No longer inconclusive",
  fixed: "Fixed",
};
const ORDER = Object.keys(TITLES) as readonly Change[];
const SEVERITIES = ["error", "warn", "info"] as const;
const SUBJECTS = 3;

/** The changes by kind, errors first; empty kinds are omitted. */
export function comparisonSections({ changes }: Comparison): readonly ComparisonSection[] {
  return ORDER.flatMap((change): readonly ComparisonSection[] => {
    const members = changes.filter((one) => one.change === change);
    const roots = members.filter(({ is_consequence }) => !is_consequence);
    // If only consequences changed, they are shown.
    const [first, ...others] = entriesOf(roots.length > 0 ? roots : members);
    if (first === undefined) return [];
    const consequences = roots.length > 0 ? members.length - roots.length : 0;
    return [{ change, title: TITLES[change], entries: [first, ...others], consequences }];
  });
}

function entriesOf(changes: readonly ComparisonChange[]): ComparisonEntry[] {
  const entries = new Map<string, { first: ComparisonChange; changes: ComparisonChange[] }>();
  for (const change of changes) {
    const { rule, severity, message } = change;
    const key = JSON.stringify(change.change === "no-longer-checked" ? message : [rule, severity, message]);
    const entry = entries.get(key);
    if (entry === undefined) entries.set(key, { first: change, changes: [change] });
    else entry.changes.push(change);
  }
  return SEVERITIES.flatMap((severity) => [...entries.values()].filter(({ first }) => first.severity === severity));
}

/** `3 fixed, 1 new since 2026-11-29 22:10 UTC`: the counts that are not zero. */
export function comparisonHeadline({ counts, before }: Comparison): string {
  const parts = [
    [counts.fixed, "fixed"],
    [counts.new, "new"],
    [counts.severity_changed, "with another severity"],
    [counts.newly_inconclusive, "newly inconclusive"],
    [counts.no_longer_checked, "no longer checked"],
    [counts.still_failing, "still failing"],
    [counts.still_inconclusive, "still inconclusive"],
    [counts.newly_waived, "newly waived"],
    [counts.no_longer_inconclusive, "no longer inconclusive"],
  ] as const;
  const present = parts.filter(([count]) => count > 0).map(([count, word]) => `${thousands(count)} ${word}`);
  const since = escapeForTerminal(before.started_at).replace(/^(\S{10})T(\d\d:\d\d).*$/, "$1 $2 UTC");
  return `${present.length === 0 ? "No change" : present.join(", ")} since ${since}`;
}

/** The subjects of an entry: `node a, node b, node c and 4 more`. */
export function entrySubjects({ changes }: ComparisonEntry): string {
  return listed([...new Set(changes.map(({ subject }) => subjectName(subject)))], SUBJECTS);
}

/** The rules of an entry: one, or several of checks that are no longer evaluated. */
export function entryRules({ changes }: ComparisonEntry): readonly string[] {
  return [...new Set(changes.map(({ rule }) => rule))];
}

/** `error`, or `warning, was error`; empty for a check that is no longer evaluated. */
export function entrySeverity({ change, severity, severity_before: before }: ComparisonChange): string {
  if (change === "no-longer-checked") return "";
  const words = { error: "error", warn: "warning", info: "info" } as const;
  return before === null || before === severity ? words[severity] : `${words[severity]}, was ${words[before]}`;
}

/** `deployment.yaml:41:23`; null if it has no line. */
export function entryLocation({ first: { location } }: ComparisonEntry): string | null {
  return isTextLocation(location) ? escapeForTerminal(`${location.path}:${location.line}:${location.column}`) : null;
}

/** `Before: gate failed, 2026-11-29 22:10 UTC, inventory.json 3 hours old.`, and the same of the later run. */
export function comparedRuns({ before, after }: Comparison): readonly string[] {
  return (
    [
      ["Before", before],
      ["After", after],
    ] as const
  ).map(([word, { gate, started_at, path, sources }]) => {
    const time = started_at.replace(/^(\S{10})T(\d\d:\d\d).*$/, "$1 $2 UTC");
    const verdict = gate === "no-verdict" ? "no verdict" : `gate ${gate}`;
    const inventories = sources.map(ageOf);
    const file = path === null ? [] : [path];
    return escapeForTerminal(`${word}: ${[verdict, time, ...file, ...inventories].join(", ")}.`);
  });
}

function ageOf({ path, age_s }: DataSource): string {
  return age_s === null ? `${path} of unknown age` : `${path} ${ageText(age_s)} old`;
}

/** An age in words: `3 hours`, `2 days`. */
export function ageText(seconds: number): string {
  if (seconds < 7200) return counted(Math.floor(seconds / 60), "minute");
  if (seconds < 172_800) return counted(Math.floor(seconds / 3600), "hour");
  return counted(Math.floor(seconds / 86_400), "day");
}

/** `and 25 consequences`; null without any. */
export function consequencesText({ consequences }: ComparisonSection): string | null {
  return consequences === 0 ? null : `and ${counted(consequences, "consequence")}`;
}
