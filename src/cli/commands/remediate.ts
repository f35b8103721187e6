import { readReport } from "../../input/files/read-report.ts";
import { remediationScript } from "../../report/script/remediation-script.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { outputFile } from "../output/destinations.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { writeReport } from "../output/write-report.ts";

/** `preflight remediate`: writes a script from the failed checks of a saved report; runs nothing. */
export async function remediateCommand(options: Arguments<"remediate">, context: CliContext): Promise<ExitCode> {
  const { cwd, stdin, stdout } = context;
  const file = outputFile(options.output, cwd, [options.report]);
  const { value: report, inputs } = await readReport(options.report, { cwd, stdin, names: options.site });
  if (report === null) throw new PreflightErrors(inputs.errors);
  if (report.errors.length > 0) {
    const message = "The report has no verdict, because its input files have errors.";
    const hint = `correct them, and check again: preflight report ${options.report} shows them`;
    throw new PreflightErrors([new PreflightError("no-verdict", message, null, hint)]);
  }
  const script = remediationScript(report, options.shell);
  if (file === null) await stdout.writeDocument(script);
  else writeReport(file, cwd, script, "file");
  return 0;
}
