import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, Gate, RunReport, Summary } from "../../schema/report.generated.ts";
import { gapsOf } from "../model/gaps.ts";
import { blockingChecks, unexplained } from "../model/inconclusive-groups.ts";
import { nextSteps } from "../model/next-steps.ts";
import { messageKind, type OpenFinding, openFindings } from "../model/open-findings.ts";
import { breakable, markup, code, type Markup, prose } from "./markup.ts";
import type { Ledger } from "./ledger.ts";
import { icon, type Mark, markOf, SIGNS } from "./marks.ts";
import { basisNotes, gateReason, runNotes } from "../model/run-notes.ts";
import { offLine } from "./coverage.ts";
import type { Section } from "./page.ts";
import { advice, counted, listed, phrase, sentence, subjectName, thousands, waivedText } from "../text/wording.ts";

const GATES: Readonly<Record<Gate, { readonly word: string; readonly mark: Mark; readonly meaning: string }>> = {
  passed: { word: "Gate passed", mark: "passed", meaning: "The deployment may go ahead." },
  failed: { word: "Gate failed", mark: "failed", meaning: "Do not deploy." },
  "no-verdict": {
    word: "No verdict",
    mark: "crashed",
    meaning: "There is no result for the deployment: fix the problem and repeat the run.",
  },
};

export function gateWord(gate: Gate): string {
  return GATES[gate].word;
}

/** The gate, what to fix, what to do next, and the number of checks by verdict. */
export function gateBlock(report: RunReport, ledger: Ledger): Markup {
  const { summary } = report;
  const { word, mark, meaning } = GATES[summary.gate];
  return markup`<section class="gate gate-${summary.gate}" id="gate" aria-labelledby="gate-word">
<h2 id="gate-word">${icon(mark)} ${word}</h2>
<p class="reason">${prose(sentence(capital(gateReason(report))))} ${meaning}</p>
${answers(report, ledger)}${next(report)}${partial(summary)}${offLine(report)}${noteLines(report)}${bar(summary)}
<ul class="counts" aria-label="Checks by verdict">
${counts(summary)}</ul>
</section>
`;
}

/** Number of root causes, of missing values and of waivers with a line of their own. */
const CAUSES = 12;
const GAPS = 5;
const WAIVERS = 5;
const SUBJECTS = 3;

/** Why the gate fails: a line for each root cause, then for each missing value, then the waivers. */
function answers(report: RunReport, ledger: Ledger): Markup | null {
  const isBlocking = blockingChecks(report);
  const causes = sameMessages(openFindings(report).filter(({ check }) => isBlocking(check)));
  const gaps = gapsOf(unexplained(report).filter(isBlocking));
  const waived = checksWith(report.checks, "waived").filter(
    ({ severity, waiver }) => severity === "error" && waiver?.through === null,
  );
  const lines = [
    ...causes.slice(0, CAUSES).map((members) => causeLine(members, ledger)),
    more(causes.length - CAUSES, "more root cause", "findings"),
    ...gaps.slice(0, GAPS).map(
      ({ what, checks }) =>
        markup`<li>${icon("inconclusive")} Inconclusive: ${prose(phrase(what))}. <span class="meta">${counted(checks.length, "required check")}</span></li>
`,
    ),
    more(gaps.length - GAPS, "more missing value", "inconclusive"),
    ...waived.slice(0, WAIVERS).map(waivedLine),
    more(waived.length - WAIVERS, "more waived check", "waivers"),
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return markup`<ul class="answers" aria-label="Reasons for the gate">
${lines}</ul>
`;
}

/** Findings of one rule that differ only by names and numbers are shown as one root cause. */
function sameMessages(findings: readonly OpenFinding[]): readonly (readonly OpenFinding[])[] {
  const groups = new Map<string, OpenFinding[]>();
  for (const member of findings) {
    const { check, finding } = member;
    const key = JSON.stringify([check.rule, check.severity, finding.message_id, messageKind(member)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return [...groups.values()].sort((a, b) => severityRank(a) - severityRank(b));
}

function severityRank([first]: readonly OpenFinding[]): number {
  return ["error", "warn", "info"].indexOf(first?.check.severity ?? "info");
}

/** Message, subject, fix. */
function causeLine(members: readonly OpenFinding[], { anchorOf }: Ledger): Markup | null {
  const [first, ...others] = members;
  if (first === undefined) return null;
  const { check, finding } = first;
  const anchor = anchorOf(check.rule);
  const message = prose(sentence(finding.message));
  const subjects = [...new Set(others.map((other) => subjectName(other.check.subject)))];
  const also = others.length === 0 ? null : markup` The same for ${listed(subjects, SUBJECTS)}.`;
  const [fix = ""] = (check.remediation ?? "").split("\n");
  return markup`<li>${icon(markOf(check))} ${anchor === null ? message : markup`<a href="#${anchor}">${message}</a>`}${also}
<span class="meta">${breakable(subjectName(check.subject))}${fix === "" ? null : markup` · Fix: ${prose(sentence(fix))}`}</span></li>
`;
}

function waivedLine({ findings, missing, subject, waiver }: Check): Markup {
  const what = findings[0]?.message ?? missing[0]?.what ?? "";
  return markup`<li>${icon("waived")} ${prose(sentence(what))} <span class="meta">${breakable(subjectName(subject))} · ${prose(waivedText(waiver))}</span></li>
`;
}

function more(count: number, noun: string, anchor: string): Markup | null {
  return count <= 0
    ? null
    : markup`<li class="more"><a href="#${anchor}">${counted(count, noun)}</a></li>
`;
}

function next(report: RunReport): Markup | null {
  const steps = nextSteps(report);
  if (steps.length === 0) return null;
  return markup`<p class="next"><strong>Next:</strong> ${prose(`${steps.map(phrase).join("; ")}.`)}</p>
`;
}

function noteLines(report: RunReport): readonly Markup[] {
  return [...basisNotes(report), ...runNotes(report)].map(
    ({ text }) => markup`<p class="partial">${text}</p>
`,
  );
}

function partial({ partial: isPartial, skipped }: Summary): Markup | null {
  if (!isPartial) return null;
  return markup`<p class="partial">Partial: ${counted(skipped, "check")} ${skipped === 1 ? "was" : "were"} <a href="#rest">skipped</a>. The gate covers only the other checks.</p>
`;
}

interface Count {
  readonly mark: Mark;
  readonly count: number;
  /** The section with the details. */
  readonly anchor: string;
}

function tally(summary: Summary): readonly Count[] {
  return [
    { mark: "crashed", count: summary.crashed, anchor: "trouble" },
    { mark: "failed", count: summary.errors, anchor: "findings" },
    { mark: "warning", count: summary.warnings, anchor: "findings" },
    { mark: "info", count: summary.infos, anchor: "findings" },
    { mark: "inconclusive", count: summary.inconclusive, anchor: "inconclusive" },
    { mark: "waived", count: summary.waived, anchor: "waivers" },
    { mark: "passed", count: summary.pass, anchor: "passed" },
    { mark: "not-applicable", count: summary["not-applicable"], anchor: "rest" },
    { mark: "skipped", count: summary.skipped, anchor: "rest" },
  ];
}

function wordOf(mark: Mark, count: number): string {
  return count === 1 ? SIGNS[mark].one : SIGNS[mark].many;
}

/** Includes zeros: an omitted count reads like a check that was never made. */
function counts(summary: Summary): readonly Markup[] {
  return tally(summary).map(({ mark, count, anchor }) => {
    const text = markup`${icon(mark)} <b>${thousands(count)}</b> ${wordOf(mark, count)}`;
    return count === 0
      ? markup`<li class="none">${text}</li>
`
      : markup`<li><a href="#${anchor}">${text}</a></li>
`;
  });
}

const BAR = 1000;

/** All checks as one bar of shares, the worst first; a share of a few checks in thousands stays visible. */
function bar(summary: Summary): Markup | null {
  const shares = tally(summary).filter(({ count }) => count > 0);
  if (shares.length < 2) return null;
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  const widths = shares.map(({ count }) => Math.max(6, (count / total) * (BAR - 6 * shares.length)));
  const scale = BAR / widths.reduce((sum, width) => sum + width, 0);
  let x = 0;
  const parts = shares.map(({ mark, count }, index) => {
    const width = (widths[index] ?? 0) * scale;
    const part = markup`<rect class="k-${mark}" x="${x.toFixed(1)}" y="0" width="${Math.max(1, width - 2).toFixed(1)}" height="10" fill="${SIGNS[mark].color}"><title>${thousands(count)} ${wordOf(mark, count)}</title></rect>`;
    x += width;
    return part;
  });
  return markup`<svg class="bar" viewBox="0 0 ${BAR} 10" width="100%" height="10" preserveAspectRatio="none" aria-hidden="true"><title>Shares of all checks</title>${parts}</svg>
`;
}

/** Errors and crashes come first: while there are any, there is no verdict. */
export function troubleSection(
  report: RunReport,
  crashed: readonly { readonly rule: string; readonly reason: string; readonly subjects: string }[],
  frame: (location: RunReport["errors"][number]["location"]) => Markup | null,
): Section | null {
  const { errors, tool } = report;
  if (errors.length + crashed.length === 0) return null;
  return {
    id: "trouble",
    title: "What prevents a verdict",
    count: errors.length + crashed.length,
    *body() {
      for (const { code: id, message, location, hint } of errors) {
        yield markup`<div class="card card-crashed">
<p class="message">${icon("crashed")} ${prose(sentence(message))}</p>
<p class="meta">${id}</p>
${location === null ? null : frame(location)}${hint === null ? null : markup`<p>${advice(hint)}</p>`}
</div>
`;
      }
      for (const { rule, reason, subjects } of crashed) {
        yield markup`<div class="card card-crashed">
<p class="message">${icon("crashed")} The rule ${code(rule)} crashed on ${subjects}: ${prose(sentence(reason))}</p>
</div>
`;
      }
      if (crashed.length > 0) {
        yield markup`<p>A crash is a bug in the rule, not in your files; every other check was evaluated. Please report it to the author of the rule (for built-in rules: ${tool.name}) with the lines above and the version, ${tool.version}.</p>
`;
      }
    },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
