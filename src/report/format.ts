import type { ProjectReport } from "../schema/project/project-report.generated.ts";
import type { RunReport } from "../schema/report.generated.ts";
import type { FormatOptions } from "./format-options.ts";

/** Turns a report into text, piece by piece, so that a huge report never becomes one huge string. */
export type Format<Report = RunReport> = (report: Report, options: FormatOptions) => Iterable<string>;

/** The formats by name. Each is loaded on demand, so that a run pays only for what it prints. */
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

export type FormatName = keyof typeof formats;

/** The same formats for the report of several sites, each built from those of single runs. */
export const projectFormats = {
  stylish: async () => (await import("./project/stylish.ts")).projectStylish,
  json: async () => (await import("./project/json.ts")).projectJson,
  sarif: async () => (await import("./project/sarif.ts")).projectSarif,
  html: async () => (await import("./project/html.ts")).projectHtml,
  junit: async () => (await import("./project/junit.ts")).projectJunit,
  github: async () => (await import("./project/github.ts")).projectGithub,
  markdown: async () => (await import("./project/markdown.ts")).projectMarkdown,
  gitlab: async () => (await import("./project/gitlab.ts")).projectGitlab,
  csv: async () => (await import("./project/csv.ts")).projectCsv,
} as const satisfies Readonly<Record<FormatName, () => Promise<Format<ProjectReport>>>>;

/** Renders a report of one run or of several sites in a format. */
export async function render(
  report: RunReport | ProjectReport,
  name: FormatName,
  options: FormatOptions,
): Promise<Iterable<string>> {
  return report.schema_version === 2
    ? (await projectFormats[name]())(report, options)
    : (await formats[name]())(report, options);
}

/** Whether a format shows lines of files other than those of errors: if so, a run must keep the text of every file. */
export function needsExcerpts(
  format: keyof typeof formats,
  { frames = false }: Pick<FormatOptions, "frames">,
): boolean {
  return format === "json" || format === "sarif" || format === "html" || (format === "stylish" && frames);
}
