import type { RunReport } from "../schema/report.generated.ts";
import type { FormatOptions } from "./format-options.ts";

/** Turns a report into text, piece by piece, so that a huge report never becomes one huge string. */
export type Format = (report: RunReport, options: FormatOptions) => Iterable<string>;

/** The formats by name. Each is loaded when it is asked for, so that a run pays only for what it prints. */
export const formats = {
  stylish: async () => (await import("./stylish/stylish.ts")).stylish,
  json: async () => (await import("./json.ts")).json,
  sarif: async () => (await import("./sarif/sarif.ts")).sarif,
  html: async () => (await import("./html/html.ts")).html,
  junit: async () => (await import("./junit.ts")).junit,
  github: async () => (await import("./github.ts")).github,
  markdown: async () => (await import("./markdown.ts")).markdown,
  gitlab: async () => (await import("./gitlab.ts")).gitlab,
  csv: async () => (await import("./csv.ts")).csv,
} as const satisfies Readonly<Record<string, () => Promise<Format>>>;

/** Whether a format shows lines of files besides those of errors: then a run must keep the text of every file. */
export function needsExcerpts(
  format: keyof typeof formats,
  { frames = false }: Pick<FormatOptions, "frames">,
): boolean {
  return format === "json" || format === "sarif" || format === "html" || (format === "stylish" && frames);
}
