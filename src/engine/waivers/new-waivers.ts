import type { Check, WaiverRecord } from "../../schema/report.generated.ts";
import type { Sequence } from "../../values/sequence.ts";
import { checksWith } from "../evaluation/check-table.ts";
import { subjectId, type WaiverEntry } from "./waiver-entry.ts";

/** What is said once for all waivers of a baseline. */
export type WaiverTerms = Pick<WaiverRecord, "reason" | "owner" | "ticket" | "expires">;

/** A baseline: waivers for failed and inconclusive checks, and the checks that cannot have one. */
export interface NewWaivers {
  readonly entries: readonly WaiverEntry[];
  readonly refused: readonly Check[];
}

/**
 * A waiver for each check that fails, and for each that is inconclusive and weighs more than an info: no wider than what
 * was found, so that whatever comes up later counts. What waits for a waived check needs none.
 *
 * @param unwaivable rules that must not be waived
 */
export function waiversForOpen(
  checks: Sequence<Check>,
  terms: WaiverTerms,
  unwaivable: ReadonlySet<string>,
): NewWaivers {
  const open = checksWith(checks, "fail", "inconclusive").filter(
    ({ verdict, severity, because }) =>
      verdict === "fail" || (verdict === "inconclusive" && severity !== "info" && because.length === 0),
  );
  return {
    entries: open
      .filter(({ rule }) => !unwaivable.has(rule))
      .map((check) => ({
        ...{ kind: "file", ...terms, location: null, line: null },
        ...{ rule: check.rule, subject: subjectId(check.subject) },
        verdict: check.verdict === "fail" ? "fail" : "inconclusive",
        fingerprints: check.verdict === "fail" ? check.findings.map(({ fingerprint }) => fingerprint) : null,
      })),
    refused: open.filter(({ rule }) => unwaivable.has(rule)),
  };
}
