import { explanationText } from "../../../report/proof/explanation-text.ts";
import { why } from "../../../run/proof/why.ts";
import type { Arguments } from "../../arguments/commands.ts";
import { inputFiles, runOptions } from "../../arguments/run-options.ts";
import { destinations, refuseOverwriting, writtenFile } from "../../output/destinations.ts";
import { printInputErrors } from "../../output/print-errors.ts";
import { PROOF_FORMATS, writeProof } from "../../output/write-proof.ts";
import type { ExitCode, CliContext } from "../../cli-context.ts";
import { argumentsOfSites, onlySite } from "../../project/site-arguments.ts";
import { rulePage } from "../../rule-page.ts";
import { liveSource } from "../../vsphere/live-source.ts";
import { vsphereFiles } from "../../vsphere/vsphere-files.ts";

/** `preflight why`: explains the verdict of one check; contacts no server except that of `--vcenter`. */
export async function whyCommand(given: Arguments<"why">, context: CliContext): Promise<ExitCode> {
  const { cwd } = context;
  const { sites, inputs: ofProject } = await argumentsOfSites(given, cwd);
  const options = onlySite(sites, { deployment: given.deployment, cwd, why: "preflight why explains a check of one" });
  if (options === null) {
    await printInputErrors(ofProject, context, given);
    return 2;
  }
  const run = await runOptions(options, context);
  const login = vsphereFiles(options, context.env);
  const inputs = [...inputFiles(options, context), ...options.evidence, ...ofProject.reserved, ...login];
  const outputs = destinations(options.format, PROOF_FORMATS, cwd, inputs);
  const { explanation, inputs: read } = await why({
    ...run,
    rule: options.id,
    subject: options.subject,
    evidence: options.evidence,
    maxAge_ms: options["max-age"],
    vcenter: await liveSource(options, inputs, context),
    signal: context.signal,
    interruptible: context.interruptible,
    pageOf: ({ id, docs }) => docs ?? rulePage(id),
    onFiles: refuseOverwriting(outputs.map(writtenFile), cwd),
  });
  if (explanation === null) {
    await printInputErrors(read, context, options);
    return 2;
  }
  await writeProof(explanation, explanationText, outputs, { color: options.color, isBrief: !options.all }, context);
  return 0;
}
