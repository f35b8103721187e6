import type { RunReport } from "../engine/run-report.ts";
import type { SarifOptions } from "./sarif-options.ts";

/** How a report is to look; all that it says is in the report. */
export interface FormatOptions {
  /** Colours and weights by SGR codes; the text reads the same without. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when unknown. */
  readonly width: number;
  /** Leaves out warnings, infos and undecided checks of those severities; the counts still name them. */
  readonly quiet: boolean;
  /** Lists every finding, undecided reason and waiver; else repeats are folded in `stylish`. */
  readonly all?: boolean;
  /** Shows the lines that each finding of `stylish` is about. */
  readonly frames?: boolean;
  /** The URL by which a terminal opens a file, at a line where it can; null for what is no file here. No links when absent. */
  readonly links?: (path: string, line: number | null) => string | null;
  /** What a SARIF file holds besides; nothing when absent. */
  readonly sarif?: SarifOptions;
}

/** Turns a report into text, piece by piece, so that a huge report never becomes one huge string. */
export type Format = (report: RunReport, options: FormatOptions) => Iterable<string>;

/** The formats by name. Each is loaded when it is asked for, so that a run pays only for what it prints. */
export const formats = {
  stylish: async () => (await import("./stylish.ts")).stylish,
  json: async () => (await import("./json.ts")).json,
  sarif: async () => (await import("./sarif.ts")).sarif,
  html: async () => (await import("./html.ts")).html,
  junit: async () => (await import("./junit.ts")).junit,
  github: async () => (await import("./github.ts")).github,
  markdown: async () => (await import("./markdown.ts")).markdown,
  gitlab: async () => (await import("./gitlab.ts")).gitlab,
  csv: async () => (await import("./csv.ts")).csv,
} as const satisfies Readonly<Record<string, () => Promise<Format>>>;
