import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, Finding, RunReport } from "../../schema/report.generated.ts";
import { consequencesByRoot } from "./consequences.ts";

/** A finding with its check. */
export interface OpenFinding {
  readonly check: Check;
  readonly finding: Finding;
  /** The failed checks caused by this check; listed only with its first finding. */
  readonly consequences: readonly Check[];
}

/** The findings of all failed checks that no other check caused, in plan order, without waived ones. */
export function openFindings(report: RunReport): OpenFinding[] {
  const consequencesOf = consequencesByRoot(report);
  return checksWith(report.checks, "fail")
    .filter(({ root_causes }) => root_causes.length === 0)
    .flatMap((check) =>
      check.findings.map((finding, index) => ({
        check,
        finding,
        consequences: index === 0 ? consequencesOf(check) : [],
      })),
    );
}

/** Longest part of a message that is compared. */
const LONGEST_COMPARED = 1000;

/**
 * The message without the subject's name and without words that contain digits, which differ between similar findings.
 */
export function messageKind({ check, finding }: Pick<OpenFinding, "check" | "finding">): string {
  const message = finding.message.slice(0, LONGEST_COMPARED).replaceAll(check.subject.name, "#");
  return message.replace(/[^\s"'(),;]+/g, (word) => (/[0-9#]/.test(word) ? "#" : word));
}
