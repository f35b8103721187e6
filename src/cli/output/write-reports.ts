import { hostname } from "node:os";
import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import type { RunReport, UnmatchedPattern } from "../../schema/report.generated.ts";
import { type FormatName, formats, render } from "../../report/format.ts";
import type { FormatOptions } from "../../report/format-options.ts";
import { homepage } from "../../run/version.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { FormatArguments } from "../arguments/commands.ts";
import { useColor } from "./color.ts";
import type { Destination, FormatChoice } from "./destinations.ts";
import { fileLinks, linksOf } from "./links.ts";
import { printErrors } from "./print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { writeReport } from "./write-report.ts";

export const FORMATS: FormatChoice<FormatName> = { names: Object.keys(formats) as FormatName[], fallback: "stylish" };

/**
 * Writes every requested report, and the errors to stderr if no human-readable report shows them.
 *
 * @param reportFor the report for a format
 * @returns the report's exit code; 2 if a report could not be written
 */
export async function writeReports(
  report: RunReport | ProjectReport,
  showErrors: () => Promise<void>,
  outputs: readonly Destination<FormatName>[],
  options: FormatArguments,
  context: CliContext,
  reportFor: (format: FormatName) => Promise<RunReport | ProjectReport> = () => Promise.resolve(report),
): Promise<ExitCode> {
  const reports = report.schema_version === 2 ? report.sites.map((site) => site.report) : [report];
  const doubts = unmatchedEverywhere(reports).map(unmatchedPattern);
  const excerpts = reports.flatMap((one) => one.excerpts);
  if (doubts.length > 0) await printErrors(doubts, excerpts, context, options, "warning");
  const failures: PreflightError[] = [];
  // Without any check the errors are the only content, and those belong on stderr.
  const isForReading = ({ format, file }: Destination<FormatName>) => format === "stylish" && file === null;
  const hasErrors = reports.some(({ errors }) => errors.length > 0);
  const isUnread = hasErrors && report.schema_version === 1 && report.checks.length === 0;
  if (hasErrors && (isUnread || !outputs.some(isForReading))) await showErrors();
  for (const output of outputs) {
    if (isUnread && isForReading(output)) continue;
    const { format, file } = output;
    const pieces = await render(await reportFor(format), format, view(options, file, context));
    if (file === null && format === "stylish") await context.stdout.write(pieces);
    else if (file === null) await context.stdout.writeDocument(pieces);
    else {
      try {
        writeReport(file, context.cwd, pieces);
      } catch (error) {
        if (!(error instanceof PreflightError)) throw error;
        failures.push(error);
      }
    }
  }
  if (failures.length === 0) return report.exit_code;
  await printErrors(failures, new Map(), context, options);
  return 2;
}

/**
 * The patterns that match nothing in any of the reports: with several sites, an override may be intended for one of
 * them.
 */
function unmatchedEverywhere([first, ...others]: readonly RunReport[]): readonly UnmatchedPattern[] {
  const isIn = ({ policy }: RunReport, { pattern, location }: UnmatchedPattern) =>
    policy.unmatched.some(
      (other) => other.pattern === pattern && JSON.stringify(other.location) === JSON.stringify(location),
    );
  return (first?.policy.unmatched ?? []).filter((pattern) => others.every((report) => isIn(report, pattern)));
}

/** A pattern without a match may be a typo, and its settings are then not applied. */
function unmatchedPattern({ pattern, near, location }: UnmatchedPattern): PreflightError {
  const message = `No subject of this deployment matches ${quoted(pattern)}, so this part of the override has no effect.`;
  const hint = near === null ? "preflight plan shows every subject." : `Did you mean ${near}?`;
  return new PreflightError("unmatched-override", message, location, hint);
}

/** The format options for a destination: a file gets no color unless requested, the default width, and no links. */
function view(options: FormatArguments, file: string | null, { cwd, stdout, env }: CliContext): FormatOptions {
  const { color, quiet, all, frames } = options;
  const sarif = {
    include: new Set(options["sarif-include"]),
    category: options["sarif-category"] ?? null,
    docsUrl: options["docs-url"] ?? homepage,
  };
  const shown = { quiet, all, frames, sarif };
  if (file !== null) return { color: color === "always", width: 80, ...shown };
  const links = linksOf(color, env, stdout.isTerminal);
  // Windows shares look like hosts there, so the URL contains no host name.
  const host = process.platform === "win32" ? "" : hostname();
  return {
    color: useColor(color, env, stdout.isTerminal),
    width: stdout.width,
    ...shown,
    ...(links !== "none" && { links: fileLinks(links, cwd, host) }),
  };
}
