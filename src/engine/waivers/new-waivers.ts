import type { Check, CheckReference, WaiverRecord } from "../../schema/report.generated.ts";
import { subjectId, type WaiverEntry } from "./waiver-entry.ts";

/** The values that all waivers of a baseline share. */
export type WaiverTerms = Pick<WaiverRecord, "reason" | "owner" | "ticket" | "expires">;

/** A baseline: waivers for failed and inconclusive checks, and the checks that cannot have one. */
export interface NewWaivers {
  readonly entries: readonly WaiverEntry[];
  readonly refused: readonly Check[];
}

/**
 * A waiver for each of the checks: no wider than what was found, so that whatever comes up later counts. What waits for a waived
 * check needs none.
 *
 * @param checks failed and inconclusive ones
 * @param unwaivable rules that must not be waived
 */
export function newWaivers(checks: Iterable<Check>, terms: WaiverTerms, unwaivable: ReadonlySet<string>): NewWaivers {
  const all = [...checks];
  const keyOf = ({ rule, subject }: CheckReference) => JSON.stringify([rule, subjectId(subject)]);
  const failed = new Set(all.filter(({ verdict, rule }) => verdict === "fail" && !unwaivable.has(rule)).map(keyOf));
  const isWaivedWithItsCause = ({ verdict, because }: Check) =>
    verdict === "inconclusive" && because.length > 0 && because.every((cause) => failed.has(keyOf(cause)));
  const open = all.filter((check) => !isWaivedWithItsCause(check));
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
