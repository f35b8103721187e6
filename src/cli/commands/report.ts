import { readAnyReport } from "../../input/files/read-report.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { destinations, withOutput } from "../output/destinations.ts";
import { printErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { FORMATS, writeReports } from "../output/write-reports.ts";

/** `preflight report`: shows a saved report in other formats, with the same output and exit code as the run itself. */
export async function reportCommand(options: Arguments<"report">, context: CliContext): Promise<ExitCode> {
  const { cwd, stdin } = context;
  const outputs = destinations(withOutput(options.format, options.output), FORMATS, cwd, [options.report]);
  const { value: report, inputs } = await readAnyReport(options.report, { cwd, stdin });
  if (report === null) throw new PreflightErrors(inputs.errors);
  const reports = report.schema_version === 2 ? report.sites.map((site) => site.report) : [report];
  const errors = reports.flatMap((one) => one.errors);
  const excerpts = reports.flatMap((one) => one.excerpts);
  const showErrors = () => printErrors(errors, excerpts, context, options);
  return writeReports(report, showErrors, outputs, options, context);
}
