import { selftestText } from "../../../report/proof/selftest-text.ts";
import { selftest } from "../../../run/proof/selftest.ts";
import type { Arguments } from "../../arguments/commands.ts";
import { inputFiles, runOptions } from "../../arguments/run-options.ts";
import { destinations, refuseOverwriting, writtenFile } from "../../output/destinations.ts";
import { printInputErrors } from "../../output/print-errors.ts";
import { PROOF_FORMATS, writeProof } from "../../output/write-proof.ts";
import type { ExitCode, CliContext } from "../../cli-context.ts";

/** `preflight selftest`: shows that every rule can fail on this deployment; contacts no server. */
export async function selftestCommand(options: Arguments<"selftest">, context: CliContext): Promise<ExitCode> {
  const run = await runOptions(options, context);
  const inputs = [...inputFiles(options, context), ...(options.waivers === undefined ? [] : [options.waivers])];
  const outputs = destinations(options.format, PROOF_FORMATS, context.cwd, inputs);
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
  await writeProof(found, selftestText, outputs, { color: options.color, isBrief: options.quiet }, context);
  return found.passed ? 0 : 1;
}
