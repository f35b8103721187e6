import type { DisabledRule, PolicyRecord } from "../../schema/report.generated.ts";
import { counted, listed } from "../text/wording.ts";

/** Rules turned off by one source: checks that are not planned, which a green result must not hide. */
export interface TurnedOff {
  /** The source: a config file by its path, `preset must`, `--rule`. */
  readonly by: string;
  /** Their ids, each once. */
  readonly rules: readonly string[];
  /** Number of checks that were not planned. */
  readonly checks: number;
  /** The source locations of the setting, one per rule if it is in a file. */
  readonly records: readonly DisabledRule[];
}

/** The rules that were not planned, by source; empty if there are none. */
export function turnedOff({ off }: PolicyRecord): readonly TurnedOff[] {
  const byOrigin = new Map<string, DisabledRule[]>();
  for (const record of off) {
    const records = byOrigin.get(record.by);
    if (records === undefined) byOrigin.set(record.by, [record]);
    else records.push(record);
  }
  return [...byOrigin].map(([by, records]) => ({
    by,
    rules: [...new Set(records.map(({ rule }) => rule))],
    checks: records.reduce((sum, record) => sum + record.checks, 0),
    records,
  }));
}

/** More rules than these are counted, not named. */
const NAMED = 5;

/** `vm/thick-disk and vm/no-snapshots (7 checks) by preflight.config.yaml`, with names as in the files, unescaped. */
export function turnedOffPhrase({ by, rules, checks }: TurnedOff): string {
  const what = rules.length > NAMED ? counted(rules.length, "rule") : listed(rules);
  return `${what} (${counted(checks, "check")}) by ${by}`;
}
