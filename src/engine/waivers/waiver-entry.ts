import { endOfDay } from "../../values/rfc3339.ts";
import type { TextLocation } from "../../values/location.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { Check, WaiverRecord } from "../../schema/report.generated.ts";

/** A valid entry of the waivers file, or a directive. */
export interface WaiverEntry extends Omit<WaiverRecord, "state" | "message"> {
  /** The findings that it covers; null = all of its check. */
  readonly fingerprints: readonly string[] | null;
  /** The verdict that it covers; null = either. */
  readonly verdict: "fail" | "inconclusive" | null;
  /** The line to which a directive applies; null for an entry of the file. */
  readonly line: Pick<TextLocation, "path" | "line"> | null;
}

/** `node:oslo-conf01`: a subject as in waivers. */
export function subjectId({ kind, name }: Check["subject"]): string {
  return `${kind}:${name}`;
}

/** Whether it has expired: it applies until the end of its last day in UTC. */
export function isExpired({ expires }: Pick<WaiverRecord, "expires">, now: number): boolean {
  const end = endOfDay(expires);
  return end === null || now >= end;
}

/** The name of a waiver in sentences. */
export function waiverName({ rule, subject, line }: WaiverEntry): string {
  if (line !== null) return `The directive for ${rule}`;
  return subject === null ? `The waiver of ${rule}` : `The waiver of ${rule} for ${quoted(subject)}`;
}
