import { datasheetHtml } from "../../report/datasheet/html.ts";
import { datasheetMarkdown } from "../../report/datasheet/markdown.ts";
import { datasheetRun } from "../../run/datasheet/datasheet.ts";
import type { Arguments } from "../arguments/commands.ts";
import { inputFiles, runOptions } from "../arguments/run-options.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { destinations, type FormatChoice, refuseOverwriting, writtenFile } from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import { writeReport } from "../output/write-report.ts";
import { argumentsOfSites, onlySite } from "../project/site-arguments.ts";

const RENDER = { markdown: datasheetMarkdown, html: datasheetHtml } as const;
const FORMATS: FormatChoice<keyof typeof RENDER> = { names: ["markdown", "html"], fallback: "markdown" };

/** `preflight datasheet`: fills in the guide's checklist and datasheet from the files; contacts no server. */
export async function datasheetCommand(given: Arguments<"datasheet">, context: CliContext): Promise<ExitCode> {
  const { sites, inputs: ofProject } = await argumentsOfSites(given, context.cwd);
  const options = onlySite(sites, { deployment: given.deployment, cwd: context.cwd, why: "a datasheet covers one" });
  if (options === null) {
    await printInputErrors(ofProject, context, given);
    return 2;
  }
  const run = await runOptions(options, context);
  const inputs = [...inputFiles(options, context), ...options.evidence, ...ofProject.reserved];
  const outputs = destinations(options.format, FORMATS, context.cwd, inputs);
  const { datasheet, inputs: read } = await datasheetRun({
    ...run,
    evidence: options.evidence,
    maxAge_ms: options["max-age"],
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
  });
  if (datasheet === null) {
    await printInputErrors(read, context, options);
    return 2;
  }
  for (const { format, file } of outputs) {
    const pieces = RENDER[format](datasheet);
    if (file === null) await context.stdout.writeDocument(pieces);
    else writeReport(file, context.cwd, pieces);
  }
  return 0;
}
