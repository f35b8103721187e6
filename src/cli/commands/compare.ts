import { displayPath } from "../../input/source/read-source.ts";
import { readReport, readSiteReports, type SiteReport } from "../../input/files/read-report.ts";
import type { ReportFile } from "../../engine/comparison/compare.ts";
import { comparisonFormats } from "../../report/comparison-format.ts";
import { compare, isFailing } from "../../run/compare.ts";
import { escapeForTerminal } from "../../report/text/wording.ts";
import type { Comparison } from "../../schema/report.generated.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { usage } from "../arguments/usage-error.ts";
import type { CliContext, ExitCode } from "../cli-context.ts";
import { useColor } from "../output/color.ts";
import { type Destination, destinations, type FormatChoice } from "../output/destinations.ts";
import { writeReport } from "../output/write-report.ts";

type FormatName = keyof typeof comparisonFormats;

const FORMATS: FormatChoice<FormatName> = {
  names: Object.keys(comparisonFormats) as FormatName[],
  fallback: "stylish",
};

/**
 * `preflight compare`: the differences between two saved reports, or between the sites of two projects' reports; the
 * exit code is 0 unless `--fail-on` sets another.
 */
export async function compareCommand(options: Arguments<"compare">, context: CliContext): Promise<ExitCode> {
  const { before, after } = options;
  if (before === "-" && after === "-") {
    const hint = "give one of them as a file";
    throw new PreflightErrors([usage("Standard input cannot contain both reports.", hint)]);
  }
  const outputs = destinations(options.format, FORMATS, context.cwd, [before, after]);
  const sites = [await sitesOf(before, options, context), await sitesOf(after, options, context)] as const;
  assertSites(sites, options);
  const pairs = pairsOf(...sites);
  const [first, ...others] = pairs;
  const isToTerminal = outputs.every(({ format, file }) => format === "stylish" && file === null);
  if (others.length > 0 && !isToTerminal) {
    const hint = `choose one with --site, such as --site ${first?.name ?? "NAME"}`;
    throw new PreflightErrors([usage(`${pairs.length} sites are compared, and only text has those of several.`, hint)]);
  }
  let exitCode: ExitCode = 0;
  for (const { name, earlier, later } of pairs) {
    if (others.length > 0) await context.stdout.write([`== ${escapeForTerminal(name ?? "")} ==\n`]);
    if (earlier === null || later === null) {
      const [lacking, having] = earlier === null ? [before, after] : [after, before];
      await context.stdout.write([
        `Only in ${shown(having, context)}: ${shown(lacking, context)} lacks this site.\n\n`,
      ]);
      if (options["fail-on"] !== undefined) exitCode = 1;
      continue;
    }
    const comparison = compare(earlier, later);
    await writeComparison(comparison, outputs, options, context);
    if (isFailing(comparison, options["fail-on"])) exitCode = 1;
  }
  return exitCode;
}

async function writeComparison(
  comparison: Comparison,
  outputs: readonly Destination<FormatName>[],
  { color, all }: Arguments<"compare">,
  { cwd, stdout, env }: CliContext,
): Promise<void> {
  for (const { format, file } of outputs) {
    const view =
      file === null
        ? { color: useColor(color, env, stdout.isTerminal), width: stdout.width, all }
        : { color: color === "always", width: 80, all };
    const pieces = (await comparisonFormats[format]())(comparison, view);
    if (file !== null) writeReport(file, cwd, pieces);
    else await stdout[format === "stylish" ? "write" : "writeDocument"](pieces);
  }
}

/** The report of one run can be compared with that of one site. */
function assertSites(files: readonly (readonly NamedReport[])[], { site }: Arguments<"compare">): void {
  const isProject = files.map((reports) => reports.some(({ name }) => name !== null));
  if (!isProject.includes(true) && site.length > 0) {
    throw new PreflightErrors([usage("Both are reports of one run, without sites.", "omit --site")]);
  }
  const several = files.find((reports) => reports.length > 1);
  if (several === undefined || !isProject.includes(false)) return;
  const [first] = several;
  const message = `${first?.path ?? ""} has the reports of ${several.length} sites, and the other file that of one run.`;
  throw new PreflightErrors([usage(message, `choose one with --site, such as --site ${first?.name ?? "NAME"}`)]);
}

/** The reports of a site, before and after; null if a file has none. */
interface Pair {
  readonly name: string | null;
  readonly earlier: ReportFile | null;
  readonly later: ReportFile | null;
}

type NamedReport = ReportFile & Pick<SiteReport, "name">;

/** Pairs sites by name; two reports of one site each are paired regardless of its name. */
function pairsOf(before: readonly NamedReport[], after: readonly NamedReport[]): readonly Pair[] {
  const [earlier = null, later = null] = [before[0], after[0]];
  if (before.length === 1 && after.length === 1) return [{ name: null, earlier, later }];
  const names = new Set([...before, ...after].map(({ name }) => name));
  const called = (reports: readonly NamedReport[], name: string | null) =>
    reports.find((report) => report.name === name) ?? null;
  return [...names].map((name) => ({ name, earlier: called(before, name), later: called(after, name) }));
}

async function sitesOf(
  file: string,
  { site: names }: Arguments<"compare">,
  context: CliContext,
): Promise<readonly NamedReport[]> {
  const { value, inputs } = await readSiteReports(file, { ...context, names });
  if (value.length === 0) throw new PreflightErrors(inputs.errors);
  return value.map((site) => ({ ...site, path: shown(file, context) }));
}

function shown(file: string, { cwd }: CliContext): string {
  return displayPath(file, cwd);
}

/** A saved report to compare with. Throws PreflightErrors if the file is not a report. */
export async function readCompared(file: string, { cwd, stdin }: CliContext): Promise<ReportFile> {
  const { value: report, inputs } = await readReport(file, { cwd, stdin });
  if (report === null) throw new PreflightErrors(inputs.errors);
  return { report, path: displayPath(file, cwd) };
}
