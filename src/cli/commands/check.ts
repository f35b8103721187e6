import { formats, needsExcerpts } from "../../report/format.ts";
import { counted } from "../../report/text/wording.ts";
import type { ReportFile } from "../../engine/comparison/compare.ts";
import { check } from "../../run/check.ts";
import type { LiveSource } from "../../run/options.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { exceptionOptions, inputFiles, probeLimits, runOptions } from "../arguments/run-options.ts";
import { usage } from "../arguments/usage-error.ts";
import { writtenFile, destinations, refuseOverwriting } from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { progressLine } from "../output/progress-line.ts";
import { vsphereFiles } from "../vsphere/vsphere-files.ts";
import { FORMATS, writeReports } from "../output/write-reports.ts";
import { writeWaivers } from "../output/write-waivers.ts";

/** `preflight check`: evaluates a deployment and writes every report that was asked for. */
export async function checkCommand(options: Arguments<"check">, context: CliContext): Promise<ExitCode> {
  const run = { ...(await runOptions(options, context)), ...exceptionOptions(options) };
  const inputs = [
    ...inputFiles(options, context),
    ...options.evidence,
    ...[options.waivers, options["baseline-plan"], options["compare-to"]].filter((file) => file !== undefined),
    ...vsphereFiles(options, context.env),
  ];
  const outputs = destinations(options.format, FORMATS, context.cwd, inputs);
  // Loaded before anybody is asked, so that an interrupted run has nothing left to do but write.
  for (const { format } of outputs) await formats[format]();
  if (options.fix || options["fix-dry-run"]) {
    const { fixCommand } = await import("./fix.ts");
    const exitCode = await fixCommand(options, { ...run, live: false }, context);
    if (exitCode !== null) return exitCode;
  }
  const earlier = await earlierReport(options, context);
  const vcenter = await vcenterOf(options, inputs, context);
  const stats = options.stats ? new (await import("../output/run-stats.ts")).RunStats() : undefined;
  const progress = progressLine(context.stderr, context.env);
  const result = await check({
    ...run,
    live: !options["no-live"],
    probe: probeLimits(options),
    allowProbe: options["allow-probe"],
    evidence: options.evidence,
    maxAge_ms: options["max-age"],
    requireVantage: options["require-vantage"],
    inconclusive: options.inconclusive,
    maxWarnings: options["max-warnings"],
    vcenter,
    excerpts: outputs.some(({ format }) => needsExcerpts(format, options)),
    signal: context.signal,
    interruptible: context.interruptible,
    timer: stats,
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
    onProgress: progress.show,
    onRead: (objects) =>
      progress.text(`Reading ${vcenter?.server.displayAddress ?? ""}: ${counted(objects, "object")}`),
  }).finally(progress.clear);
  const { inputs: read } = result;
  const report = earlier === null ? result.report : (await comparing()).compared(result.report, earlier);
  // A signal in between would leave a draft beside a file that is being written.
  return context.interruptible(async () => {
    if (options["write-waivers"]) await writeWaivers(result, context);
    const exitCode = await writeReports(
      report,
      () => printInputErrors(read, context, options),
      outputs,
      options,
      context,
    );
    stats?.phase("write reports");
    if (stats !== undefined) await context.stderr.write(stats.text(report));
    if (exitCode !== 0 || report.comparison === undefined) return exitCode;
    return (await comparing()).isFailing(report.comparison, options["fail-on"]) ? 1 : 0;
  });
}

/** Loaded only where runs are compared. */
const comparing = () => import("../../run/compare.ts");

/** The report of `--compare-to`, read before any server is contacted; null without the option. */
async function earlierReport(options: Arguments<"check">, context: CliContext): Promise<ReportFile | null> {
  const file = options["compare-to"];
  return file === undefined ? null : (await import("./compare.ts")).readCompared(file, context);
}

/** Asks for the password where it must; undefined when no server is to be read. */
async function vcenterOf(
  options: Arguments<"check">,
  inputs: readonly string[],
  context: CliContext,
): Promise<LiveSource | undefined> {
  if (options.vcenter === undefined) return undefined;
  if (options["password-file"] === "-" && inputs.includes("-")) {
    const hint = "give the password in GOVC_PASSWORD or in a file";
    throw new PreflightErrors([usage("Standard input cannot contain both a document and the password.", hint)]);
  }
  const { vsphereAccess } = await import("../vsphere/vsphere-access.ts");
  return vsphereAccess(options, options.vcenter, "--vcenter", context);
}
