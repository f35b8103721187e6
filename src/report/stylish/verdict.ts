import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Gate, RunReport, Summary } from "../../schema/report.generated.ts";
import { flow, words, wrap } from "../text/flow.ts";
import type { Style } from "../text/paint.ts";
import { nextSteps } from "../model/next-steps.ts";
import type { Page } from "./page.ts";
import { gateReason, runNotes } from "../model/run-notes.ts";
import { counted, listed, sentence, escapeForTerminal, thousands } from "../text/wording.ts";

const GATES: Readonly<Record<Gate, { readonly word: string; readonly style: Style }>> = {
  passed: { word: "PASSED", style: "green" },
  failed: { word: "FAILED", style: "red" },
  "no-verdict": { word: "NO VERDICT", style: "red" },
};

/** How the blocks above the verdict were shown. */
interface Shown {
  readonly quiet: boolean;
  /** Number of findings grouped under similar ones. */
  readonly grouped: number;
}

/** The end of the report: what was evaluated, the number of checks per verdict, what to do next, and the gate. */
export function verdictBlock(report: RunReport, { quiet, grouped }: Shown, page: Page): string[] {
  const { width } = page;
  return [
    ...wrap(scope(report), width),
    ...runNotes(report).flatMap(({ text }) => wrap(escapeForTerminal(text), width)),
    ...(quiet ? hidden(report).flatMap((text) => wrap(text, width)) : []),
    ...(grouped > 0 ? wrap(`Grouped: ${counted(grouped, "finding")} like those above; --all lists each.`, width) : []),
    ...flow(counts(report.summary, page), width - 2).map((line, index) => (index === 0 ? line : `  ${line}`)),
    ...fixable(report).flatMap((text) => wrap(text, width)),
    ...stepLines(report, page),
    ...gate(report, page),
  ];
}

const NEXT = "Next: ";

function stepLines(report: RunReport, { width }: Page): string[] {
  const steps = nextSteps(report);
  const room = width - NEXT.length;
  return steps.flatMap((step, index) =>
    flow(words(`${step}${index === steps.length - 1 ? "." : ";"}`, room), room).map(
      (line, row) => `${index === 0 && row === 0 ? NEXT : " ".repeat(NEXT.length)}${line}`,
    ),
  );
}

/** The scope of the verdict, so that a clean run cannot be mistaken for one that evaluated nothing. */
function scope({ inputs, rules, profile, mode, evidence }: RunReport): string {
  const files =
    inputs.length === 0
      ? "no input"
      : listed(
          inputs.map(({ path }) => escapeForTerminal(path)),
          5,
        );
  const asked = evidence.filter(({ answer }) => answer.status !== "not-asked").length;
  const how = {
    static: "static, no servers contacted",
    live: `live, ${counted(asked, "query")} sent`,
    replay: `replay of ${counted(asked, "recorded answer")}`,
  }[mode];
  return `Checked ${files} with ${counted(rules.length, "rule")}; profile ${escapeForTerminal(profile)}; ${how}.`;
}

/** Number of findings that `--fix` can fix; it may leave some whose fix would make another check fail. */
function fixable({ checks }: RunReport): string[] {
  const fixes = checksWith(checks, "fail").flatMap(({ findings }) => findings.filter(({ fix }) => fix?.edit != null));
  return fixes.length === 0 ? [] : [`${counted(fixes.length, "finding")} fixable with --fix.`];
}

/** What `--quiet` omitted; empty if nothing. */
function hidden({ checks, summary }: RunReport): string[] {
  const inconclusive = checks.filter(
    ({ verdict, severity }) => verdict === "inconclusive" && severity !== "error",
  ).length;
  const parts = present([
    [summary.warnings, "warning"],
    [summary.infos, "info"],
    [inconclusive, "inconclusive check"],
  ]);
  return parts.length === 0 ? [] : [`Hidden by --quiet: ${listed(parts)}.`];
}

/** The counts by verdict; verdicts without a check are omitted. */
function counts(summary: Summary, { paint }: Page): string[] {
  const tinted = (count: number, word: string, style: Style) => {
    const text = `${thousands(count)} ${word}`;
    return count > 0 ? paint(text, style) : text;
  };
  const severities = present([
    [summary.errors, "error"],
    [summary.root_errors < summary.errors ? summary.root_errors : 0, "root cause"],
    [summary.warnings, "warning"],
    [summary.infos, "info"],
  ]);
  const failed = tinted(summary.fail, "failed", summary.errors > 0 ? "red" : "yellow");
  const all: readonly (readonly [count: number, parts: readonly string[]])[] = [
    [summary.pass, [tinted(summary.pass, "passed", "green")]],
    [summary.fail, severities.length === 0 ? [failed] : [failed, `(${severities.join(", ")})`]],
    [summary.inconclusive, [tinted(summary.inconclusive, "inconclusive", "yellow")]],
    [summary["not-applicable"], [`${thousands(summary["not-applicable"])} not applicable`]],
    [summary.skipped, [tinted(summary.skipped, "skipped", "yellow")]],
    [summary.waived, [`${thousands(summary.waived)} waived`]],
    [summary.crashed, [tinted(summary.crashed, "crashed", "red")]],
  ];
  const parts = all.flatMap(([count, texts]) => (count === 0 ? [] : [texts]));
  if (parts.length === 0) return [counted(summary.planned, "check")];
  const withCommas = parts.flatMap((part, index) =>
    index === parts.length - 1 ? part : [...part.slice(0, -1), `${part.at(-1) ?? ""},`],
  );
  return [`${counted(summary.planned, "check")}:`, ...withCommas];
}

/** The nonzero counts, in words. */
function present(counts: readonly (readonly [count: number, noun: string])[]): string[] {
  return counts.filter(([count]) => count > 0).map(([count, noun]) => counted(count, noun));
}

function gate(report: RunReport, { paint, width }: Page): string[] {
  const { summary } = report;
  const { word, style } = GATES[summary.gate];
  const skipped = summary.partial ? ` (partial: ${counted(summary.skipped, "check")} skipped)` : "";
  const reason = sentence(`${escapeForTerminal(gateReason(report))}${skipped}`);
  const lines = flow(["Gate:", paint(word, style, "bold"), "—", ...words(reason, width - 2)], width - 2);
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`));
}
