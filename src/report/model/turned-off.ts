import type { DisabledRule, PolicyRecord } from "../../schema/report.generated.ts";
import { counted, listed } from "../text/wording.ts";

/** Rules that are off by one and the same word: checks that are not planned, which a green result must not hide. */
export interface TurnedOff {
  /** Who turned them off: a config file by its path, `preset must`, `--rule`. */
  readonly by: string;
  /** Their ids, each once. */
  readonly rules: readonly string[];
  /** How many checks there would have been. */
  readonly checks: number;
  /** The places that say so, one for each rule where it is said in a file. */
  readonly records: readonly DisabledRule[];
}

/** What was not even planned, by who turned it off; empty when nothing was. */
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

/** `vm/thick-disk and vm/no-snapshots (7 checks) by preflight.config.yaml`, as the files have it, unescaped. */
export function turnedOffPhrase({ by, rules, checks }: TurnedOff): string {
  const what = rules.length > NAMED ? counted(rules.length, "rule") : listed(rules);
  return `${what} (${counted(checks, "check")}) by ${by}`;
}
