import type { RunReport } from "../engine/run-report.ts";

/** How a report is to look; all that it says is in the report. */
export interface FormatOptions {
  /** Colours and weights by SGR codes; the text reads the same without. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when unknown. */
  readonly width: number;
  /** Leaves out warnings, infos and undecided checks of those severities; the counts still name them. */
  readonly quiet: boolean;
}

/** Turns a report into text, piece by piece, so that a huge report never becomes one huge string. */
export type Format = (report: RunReport, options: FormatOptions) => Iterable<string>;

/** The formats by name. Each is loaded when it is asked for, so that a run pays only for what it prints. */
export const formats: Readonly<Record<"stylish" | "json" | "sarif" | "html", () => Promise<Format>>> = {
  stylish: async () => (await import("./stylish.ts")).stylish,
  json: async () => (await import("./json.ts")).json,
  sarif: async () => (await import("./sarif.ts")).sarif,
  html: async () => (await import("./html.ts")).html,
};
