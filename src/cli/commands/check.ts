import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { GatePolicy } from "../../engine/gate/gate.ts";
import { formats } from "../../report/format.ts";
import { counted } from "../../report/text/wording.ts";
import { check, type CheckOptions } from "../../run/check.ts";
import type { LiveSource } from "../../run/inputs/live-inventory.ts";
import { probeSettings } from "../../run/live/probe-settings.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { parseRfc3339 } from "../../values/rfc3339.ts";
import type { CheckArguments, PlanArguments, RunArguments } from "../arguments/invocation.ts";
import { commandLike, unknownCommand } from "../arguments/command-words.ts";
import { maxAge, vantagePointOptions, probeLimits } from "../arguments/live-options.ts";
import { configOption, inputFiles } from "../arguments/config-option.ts";
import { exceptionOptions } from "../arguments/exception-options.ts";
import { writtenFile, destinations, refuseOverwriting } from "../output/destinations.ts";
import { printErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { progressLine } from "../output/progress-line.ts";
import { sarifChoice } from "../arguments/sarif-choice.ts";
import { vsphereFiles } from "../vsphere/vsphere-files.ts";
import { FORMATS, writeReports } from "../output/write-reports.ts";
import { writeWaivers } from "../output/write-waivers.ts";

/** `preflight check`: judges a deployment and writes every report that was asked for. */
export async function checkCommand(options: CheckArguments, context: CliContext): Promise<ExitCode> {
  const run = await checkOptions(options, context);
  const inputs = [
    ...inputFiles(options, context),
    ...options.evidence,
    ...exceptionFiles(options),
    ...vsphereFiles(options, context.env),
  ];
  const sarif = sarifChoice(options);
  const outputs = destinations(options.format, FORMATS, context.cwd, inputs);
  // Loaded before anybody is asked, so that an interrupted run has nothing left to do but write.
  for (const { format } of outputs) await formats[format]();
  const vcenter = await vcenterOf(options, inputs, context);
  const progress = progressLine(context.stderr, context.env);
  const onRead = (objects: number) =>
    progress.text(`Reading ${vcenter?.server.displayAddress ?? ""}: ${counted(objects, "object")}`);
  const onFiles = refuseOverwriting(outputs.map(writtenFile), context.cwd);
  const asking = { onFiles, onProgress: progress.show, onRead, ...(vcenter !== null && { vcenter }) };
  const result = await check({ ...run, ...asking }).finally(progress.clear);
  const { report, errors, sources } = result;
  if (options["write-waivers"]) await writeWaivers(result, context);
  const showErrors = () => printErrors(errors, sources, context, options);
  return writeReports(report, showErrors, outputs, { ...options, sarif }, context);
}

/** Asks for the password where it must; null when no server is to be read. */
async function vcenterOf(
  options: CheckArguments,
  inputs: readonly string[],
  context: CliContext,
): Promise<LiveSource | null> {
  if (options.vcenter === undefined) return null;
  if (options["password-file"] === "-" && inputs.includes("-")) {
    const hint = "give the password in GOVC_PASSWORD or in a file";
    const message = "Standard input cannot hold both a document and the password.";
    throw new PreflightErrors([new PreflightError("usage", message, null, hint)]);
  }
  const { vsphereAccess } = await import("../vsphere/vsphere-access.ts");
  return vsphereAccess(options, options.vcenter, "--vcenter", context);
}

async function checkOptions(options: CheckArguments, context: CliContext): Promise<CheckOptions> {
  return {
    ...(await planOptions(options, context)),
    evidence: options.evidence,
    maxAge_ms: maxAge(options["max-age"]),
    probe: probeSettings(probeLimits(options)),
    ...gateOptions(options),
    ...exceptionOptions(options, timeOf(options.now)),
    signal: context.signal,
  };
}

function exceptionFiles({ waivers, "baseline-plan": plan }: CheckArguments): readonly string[] {
  return [waivers, plan].filter((file) => file !== undefined);
}

type Reading = Pick<CliContext, "cwd" | "stdin" | "env">;

/** What `check` and `plan` have in common. */
export async function planOptions(options: PlanArguments, context: Reading) {
  return { ...inputOptions(options, context), ...(await vantagePointOptions(options)), live: !options["no-live"] };
}

/** What every command has in common that reads a deployment. */
export function inputOptions(options: RunArguments, context: Reading) {
  const { cwd, stdin } = context;
  assertNoCommand(options.deployment, cwd);
  return {
    ...configOption(options, context),
    deployment: options.deployment,
    inventories: options.inventory,
    allowOutsidePaths: options["allow-outside-paths"],
    cwd,
    stdin,
    only: options.only.flatMap((list) => list.split(",")).map((name) => name.trim()),
    severities: options.rule,
    now: timeOf(options.now),
  };
}

/** `preflight ruls` is read as a file; when there is no such file, a command was probably meant. */
function assertNoCommand(deployment: string, cwd: string): void {
  if (commandLike(deployment) === null || existsSync(resolve(cwd, deployment))) return;
  throw new PreflightErrors([unknownCommand(deployment)]);
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = parseRfc3339(text);
  if (time !== null) return time;
  const hint = "write an RFC 3339 time with its zone, such as 2026-11-22T08:00:00Z";
  throw new PreflightErrors([new PreflightError("usage", `--now cannot be ${quoted(text)}.`, null, hint)]);
}

/** What options say of the gate; the config decides what they leave open. Throws PreflightErrors. */
export function gateOptions(options: CheckArguments): Partial<GatePolicy> {
  const { inconclusive, "max-warnings": most } = options;
  return {
    ...(inconclusive !== undefined && { inconclusive }),
    ...(most !== undefined && { maxWarnings: maxWarnings(most) }),
  };
}

function maxWarnings(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const message = `--max-warnings cannot be ${quoted(text)}.`;
  throw new PreflightErrors([new PreflightError("usage", message, null, "write a whole number, 0 or more")]);
}
