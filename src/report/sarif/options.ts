/** Verdicts of checks that a SARIF file holds only on request. */
export const SARIF_INCLUSIONS = ["waived", "pass", "not-applicable", "skipped", "inconclusive"] as const;
export type SarifInclusion = (typeof SARIF_INCLUSIONS)[number];

export interface SarifOptions {
  readonly include: ReadonlySet<SarifInclusion>;
  /** Tells several uploads of one commit apart; null leaves it to whoever uploads. */
  readonly category: string | null;
}
