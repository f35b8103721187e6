import { counted } from "../../report/text/wording.ts";
import { importDeployment } from "../../run/inputs/import-deployment.ts";
import { terminal } from "../../report/text/escape.ts";
import type { Arguments } from "../arguments/commands.ts";
import { outputFile } from "../output/destinations.ts";
import type { CliContext, ExitCode } from "../cli-context.ts";
import { writeReport } from "../output/write-report.ts";

/** `preflight deployment import`: creates a deployment file from Terraform's JSON, or from the Management API's. */
export async function deploymentImportCommand(
  options: Arguments<"deployment">,
  context: CliContext,
): Promise<ExitCode> {
  const file = outputFile(options.output, context.cwd, options.paths);
  const { text, nodes, locations, notes } = await importDeployment({
    paths: options.paths,
    cwd: context.cwd,
    stdin: context.stdin,
  });
  if (file === null) await context.stdout.writeDocument([text]);
  else writeReport(file, context.cwd, [text], "file");
  const summary = `${counted(nodes, "Conferencing Node")} and ${counted(locations, "system location")}`;
  const lines = [`found ${summary}${file === null ? "" : `; written to ${file}`}`, ...notes.map((note) => `  ${note}`)];
  await context.stderr.write(lines.map((line) => `${terminal(line)}\n`));
  return 0;
}
