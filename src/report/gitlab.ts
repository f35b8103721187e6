import { checksWith } from "../engine/evaluation/check-table.ts";
import type { RunReport, Severity } from "../schema/report.generated.ts";
import type { TextLocation } from "../values/location.ts";
import { fallbackLocation } from "./model/fallback-location.ts";
import { jsonText } from "./text/json-text.ts";
import { digest, problems, type Problem } from "./model/problems.ts";
import { gateReason, notesWithPolicy } from "./model/run-notes.ts";
import { reportPaths } from "./model/report-uris.ts";
import { sentence, escapeForTerminal, subjectName, waivedText } from "./text/wording.ts";

const SEVERITIES = { error: "critical", warn: "minor", info: "info" } as const satisfies Record<Severity, string>;

/** Problems not reported by a rule: GitLab ranks the worst ones as blockers. */
const BLOCKER_KINDS: readonly Problem["kind"][] = ["mistake", "crash", "unplanned"];

/**
 * GitLab Code Quality: a list of issues at lines of files, first the basis of the result. GitLab stops reading at the
 * first invalid entry, so each has every key, a file and a line. Waived checks are issues of severity info.
 */
export function* gitlab(report: RunReport): Generator<string> {
  yield* jsonText(gitlabIssues(report), 1);
  yield "\n";
}

/** A Code Quality issue, with every key that GitLab reads. */
export interface GitlabIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** The issues of one report. */
export function gitlabIssues(report: RunReport): readonly GitlabIssue[] {
  const pathOf = reportPaths(report);
  const locationOf = (where: TextLocation | null) => ({
    path: where === null ? "unknown" : pathOf(where.path),
    lines: { begin: where?.line ?? 1 },
  });
  const issues = problems(report, "by-rule").map(({ kind, severity, name, message, where, fingerprint }) => ({
    description: message,
    check_name: name,
    fingerprint,
    severity: BLOCKER_KINDS.includes(kind) ? "blocker" : SEVERITIES[severity],
    location: locationOf(where),
  }));
  // If the gate did not pass for a reason that no issue explains, the list must not be empty.
  if (issues.length === 0 && report.summary.gate !== "passed") {
    issues.push({
      description: sentence(escapeForTerminal(`Gate ${report.summary.gate}: ${gateReason(report)}`)),
      check_name: "gate",
      fingerprint: digest(["gate"]),
      severity: "blocker",
      location: locationOf(fallbackLocation(report, [])),
    });
  }
  const waived = checksWith(report.checks, "waived");
  for (const { rule, subject, waiver, findings, location } of waived) {
    issues.push({
      description: `${waivedText(waiver)} This is about ${subjectName(subject)}.`,
      check_name: escapeForTerminal(rule),
      fingerprint: digest(["waived", rule, subject.kind, subject.name]),
      severity: "info",
      location: locationOf(fallbackLocation(report, [findings[0]?.location ?? null, location])),
    });
  }
  const notes = notesWithPolicy(report).map(({ kind, text, location }) => ({
    description: escapeForTerminal(text),
    check_name: kind,
    // The basis of the result is one issue across runs, regardless of its age.
    fingerprint: digest(kind === "basis" ? ["note", kind] : ["note", kind, text]),
    severity: "info",
    location: locationOf(fallbackLocation(report, [location])),
  }));
  return [...notes, ...issues];
}
