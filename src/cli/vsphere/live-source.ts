import type { LiveSource } from "../../run/options.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { VsphereArguments } from "../arguments/commands.ts";
import type { OptionValues } from "../arguments/options.ts";
import { usageError } from "../arguments/usage-error.ts";
import type { CliContext } from "../cli-context.ts";

/**
 * The server of `--vcenter`: prompts for the password if necessary; undefined if no server is to be read.
 *
 * @param inputs other files that the run reads, possibly including `-`
 */
export async function liveSource(
  options: VsphereArguments & OptionValues<"vcenter">,
  inputs: readonly string[],
  context: CliContext,
): Promise<LiveSource | undefined> {
  if (options.vcenter === undefined) return undefined;
  if (options["password-file"] === "-" && inputs.includes("-")) {
    const hint = "give the password in GOVC_PASSWORD or in a file";
    throw new PreflightErrors([usageError("Standard input cannot contain both a document and the password.", hint)]);
  }
  const { vsphereAccess } = await import("./vsphere-access.ts");
  return vsphereAccess(options, options.vcenter, "--vcenter", context);
}
