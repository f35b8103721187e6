import type { RunReport } from "../engine/run-report.ts";

/** What a format may know besides the report. */
export interface FormatOptions {
  /** Colours and weights by SGR codes; the text reads the same without. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when unknown. */
  readonly width: number;
  /** Leaves out warnings, infos and undecided checks of those severities; the counts still name them. */
  readonly quiet: boolean;
  /** Text of the inputs by path, secrets blanked: for code frames and snippets. A path may be missing. */
  readonly sources: ReadonlyMap<string, string>;
  /** From a path as the report has it to a percent-encoded URI, relative to the repository root and never empty. */
  readonly uri: (path: string) => string;
}

/** Turns a report into text, piece by piece, so that a huge report never becomes one huge string. */
export type Format = (report: RunReport, options: FormatOptions) => Iterable<string>;

/** The formats by name. Each is loaded when it is asked for, so that a run pays only for what it prints. */
export const formats: Readonly<Record<"stylish" | "json" | "sarif", () => Promise<Format>>> = {
  stylish: async () => (await import("./stylish.ts")).stylish,
  json: async () => (await import("./json.ts")).json,
  sarif: async () => (await import("./sarif.ts")).sarif,
};
