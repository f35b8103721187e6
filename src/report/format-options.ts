/** How to format a report; none of these options adds data to it. */
export interface FormatOptions {
  /** Colors and weights by SGR codes; the text reads the same without. */
  readonly color: boolean;
  /** Columns of the terminal; 80 if unknown. */
  readonly width: number;
  /** Omits warnings, infos and inconclusive checks of those severities; the counts still include them. */
  readonly quiet: boolean;
  /** Lists every finding, inconclusive reason and waiver; otherwise `stylish` groups repeated ones. */
  readonly all?: boolean;
  /** Shows the source lines of each finding in `stylish`. */
  readonly frames?: boolean;
  /**
   * The URL with which a terminal opens a file, at a line if it supports that; null for what is not a local file. No
   * links if absent.
   */
  readonly links?: (path: string, line: number | null) => string | null;
  /** Additional content of a SARIF file; none if absent. */
  readonly sarif?: SarifOptions;
}

/** What a SARIF file contains only on request: checks by verdict, and failures caused by another failed check. */
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
  /** Distinguishes several uploads of one commit; null leaves that to the uploader. */
  readonly category: string | null;
  /** Address of the documentation, as set by `--docs-url`; null = no links. */
  readonly docsUrl: string | null;
}
