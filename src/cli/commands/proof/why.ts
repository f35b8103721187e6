import { explanationText } from "../../../report/proof/explanation-text.ts";
import { why } from "../../../run/proof/why.ts";
import type { Arguments } from "../../arguments/commands.ts";
import { inputFiles, runOptions } from "../../arguments/run-options.ts";
import { destinations, refuseOverwriting, writtenFile } from "../../output/destinations.ts";
import { printInputErrors } from "../../output/print-errors.ts";
import { PROOF_FORMATS, writeProof } from "../../output/write-proof.ts";
import type { ExitCode, CliContext } from "../../cli-context.ts";
import { rulePage } from "../../rule-page.ts";

/** `preflight why`: explains the verdict of one check; contacts no server. */
export async function whyCommand(options: Arguments<"why">, context: CliContext): Promise<ExitCode> {
  const run = await runOptions(options, context);
  const inputs = [...inputFiles(options, context), ...options.evidence];
  const outputs = destinations(options.format, PROOF_FORMATS, context.cwd, inputs);
  const { explanation, inputs: read } = await why({
    ...run,
    rule: options.id,
    subject: options.subject,
    evidence: options.evidence,
    maxAge_ms: options["max-age"],
    pageOf: ({ id, docs }) => docs ?? rulePage(id),
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
  });
  if (explanation === null) {
    await printInputErrors(read, context, options);
    return 2;
  }
  await writeProof(explanation, explanationText, outputs, { color: options.color, isBrief: !options.all }, context);
  return 0;
}
