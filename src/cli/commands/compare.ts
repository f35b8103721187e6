import { displayPath } from "../../input/source/read-source.ts";
import { readReport } from "../../input/files/read-report.ts";
import type { ReportFile } from "../../engine/comparison/compare.ts";
import { comparisonFormats } from "../../report/comparison-format.ts";
import { compare, isFailing } from "../../run/compare.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { usage } from "../arguments/usage-error.ts";
import type { CliContext, ExitCode } from "../cli-context.ts";
import { useColor } from "../output/color.ts";
import { destinations, type FormatChoice } from "../output/destinations.ts";
import { writeReport } from "../output/write-report.ts";

type FormatName = keyof typeof comparisonFormats;

const FORMATS: FormatChoice<FormatName> = {
  names: Object.keys(comparisonFormats) as FormatName[],
  fallback: "stylish",
};

/** `preflight compare`: what is different between two saved reports; the exit code is 0 unless `--fail-on` says otherwise. */
export async function compareCommand(options: Arguments<"compare">, context: CliContext): Promise<ExitCode> {
  const { before, after, color, all } = options;
  if (before === "-" && after === "-") {
    const hint = "give one of them as a file";
    throw new PreflightErrors([usage("Standard input cannot contain both reports.", hint)]);
  }
  const { cwd, stdout, env } = context;
  const outputs = destinations(options.format, FORMATS, cwd, [before, after]);
  const comparison = compare(await readCompared(before, context), await readCompared(after, context));
  for (const { format, file } of outputs) {
    const view =
      file === null
        ? { color: useColor(color, env, stdout.isTerminal), width: stdout.width, all }
        : { color: color === "always", width: 80, all };
    const pieces = (await comparisonFormats[format]())(comparison, view);
    if (file !== null) writeReport(file, cwd, pieces);
    else await stdout[format === "stylish" ? "write" : "writeDocument"](pieces);
  }
  return isFailing(comparison, options["fail-on"]) ? 1 : 0;
}

/** A saved report to compare with. Throws PreflightErrors for a file that is none. */
export async function readCompared(file: string, { cwd, stdin }: CliContext): Promise<ReportFile> {
  const { value: report, inputs } = await readReport(file, { cwd, stdin });
  if (report === null) throw new PreflightErrors(inputs.errors);
  return { report, path: displayPath(file, cwd) };
}
