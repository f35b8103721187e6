import { selftestText } from "../../../report/proof/selftest-text.ts";
import { escapeForTerminal } from "../../../report/text/wording.ts";
import { selftest } from "../../../run/proof/selftest.ts";
import type { Arguments } from "../../arguments/commands.ts";
import { inputFiles, runOptions } from "../../arguments/run-options.ts";
import { destinations, refuseOverwriting, writtenFile } from "../../output/destinations.ts";
import { printInputErrors } from "../../output/print-errors.ts";
import { PROOF_FORMATS, writeProof } from "../../output/write-proof.ts";
import type { ExitCode, CliContext } from "../../cli-context.ts";
import { argumentsOfSites, onlySite } from "../../project/site-arguments.ts";

/** `preflight selftest`: shows that every rule can fail on this deployment, or on each of a project; contacts no server. */
export async function selftestCommand(given: Arguments<"selftest">, context: CliContext): Promise<ExitCode> {
  const { cwd } = context;
  const { sites, inputs: ofProject } = await argumentsOfSites(given, cwd);
  const named = given.waivers === undefined ? [] : [given.waivers];
  const files = sites.flatMap(({ options }) => inputFiles(options, context));
  const outputs = destinations(given.format, PROOF_FORMATS, cwd, [...files, ...named, ...ofProject.reserved]);
  if (ofProject.errors.length > 0) {
    await printInputErrors(ofProject, context, given);
    return 2;
  }
  const isToFile = outputs.some(({ format, file }) => format === "json" || file !== null);
  if (isToFile) onlySite(sites, { deployment: given.deployment, cwd, why: "only text output supports several" });
  let exitCode: ExitCode = 0;
  for (const { name, options } of sites) {
    const run = await runOptions(options, context);
    const { selftest: found, inputs: read } = await selftest({
      ...run,
      live: !options["no-live"],
      waivers: options["no-waivers"] ? false : options.waivers,
      inline: options["no-inline"] ? false : undefined,
      onFiles: refuseOverwriting(outputs.map(writtenFile), cwd),
    });
    if (sites.length > 1) await context.stdout.write([`== ${escapeForTerminal(name)} ==\n`]);
    if (found === null) {
      await printInputErrors(read, context, options);
      exitCode = 2;
      continue;
    }
    await writeProof(found, selftestText, outputs, { color: options.color, isBrief: options.quiet }, context);
    if (!found.passed && exitCode === 0) exitCode = 1;
  }
  return exitCode;
}
