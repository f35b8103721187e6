import { selftestText } from "../../report/proof/selftest-text.ts";
import { jsonText } from "../../report/text/json-text.ts";
import { selftest } from "../../run/proof/selftest.ts";
import type { Arguments } from "../arguments/commands.ts";
import { inputFiles, runOptions } from "../arguments/run-options.ts";
import { useColor } from "../output/color.ts";
import { destinations, refuseOverwriting, writtenFile } from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import { writeReport } from "../output/write-report.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";

/** `preflight selftest`: shows that every rule can fail on this deployment; contacts no server. */
export async function selftestCommand(options: Arguments<"selftest">, context: CliContext): Promise<ExitCode> {
  const run = await runOptions(options, context);
  const inputs = [...inputFiles(options, context), ...(options.waivers === undefined ? [] : [options.waivers])];
  const outputs = destinations(
    options.format,
    { names: ["stylish", "json"], fallback: "stylish" },
    context.cwd,
    inputs,
  );
  const { selftest: found, inputs: read } = await selftest({
    ...run,
    live: !options["no-live"],
    waivers: options["no-waivers"] ? false : options.waivers,
    inline: options["no-inline"] ? false : undefined,
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
  });
  if (found === null) {
    await printInputErrors(read, context, options);
    return 2;
  }
  for (const { format, file } of outputs) {
    const { stdout } = context;
    const view = {
      color: file === null && useColor(options.color, context.env, stdout.isTerminal),
      width: file === null ? stdout.width : 80,
      quiet: options.quiet,
    };
    const pieces = format === "json" ? [...jsonText(found, 2), "\n"] : selftestText(found, view);
    if (file !== null) writeReport(file, context.cwd, pieces);
    else await stdout[format === "json" ? "writeDocument" : "write"](pieces);
  }
  return found.passed ? 0 : 1;
}
