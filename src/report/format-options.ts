/** How a report is to look; all that it says is in the report. */
export interface FormatOptions {
  /** Colors and weights by SGR codes; the text reads the same without. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when unknown. */
  readonly width: number;
  /** Leaves out warnings, infos and inconclusive checks of those severities; the counts still name them. */
  readonly quiet: boolean;
  /** Lists every finding, inconclusive reason and waiver; else repeats are folded in `stylish`. */
  readonly all?: boolean;
  /** Shows the lines that each finding of `stylish` is about. */
  readonly frames?: boolean;
  /** The URL by which a terminal opens a file, at a line where it can; null for what is no file here. No links when absent. */
  readonly links?: (path: string, line: number | null) => string | null;
  /** What a SARIF file holds besides; nothing when absent. */
  readonly sarif?: SarifOptions;
}

/** What a SARIF file has only on request: checks by verdict, and failures that another failed check caused. */
export const SARIF_INCLUSIONS = [
  "waived",
  "pass",
  "not-applicable",
  "skipped",
  "inconclusive",
  "consequences",
] as const;
export type SarifInclusion = (typeof SARIF_INCLUSIONS)[number];

export interface SarifOptions {
  readonly include: ReadonlySet<SarifInclusion>;
  /** Tells several uploads of one commit apart; null leaves it to the uploader. */
  readonly category: string | null;
  /** Address of the documentation, as `--docs-url` has it; null = none is linked. */
  readonly docsUrl: string | null;
}
