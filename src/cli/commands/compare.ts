import { displayPath } from "../../input/source/read-source.ts";
import { readSiteReports, type SiteReport } from "../../input/files/read-report.ts";
import { incomparable, isFailing, type ReportFile } from "../../engine/comparison/compare.ts";
import { compareAcross } from "../../engine/comparison/cross-site.ts";
import { comparisonFormats } from "../../report/comparison-format.ts";
import type { ComparisonOptions } from "../../report/model/comparison-sections.ts";
import { compare } from "../../run/compare.ts";
import type { ComparedSite, ProjectComparison } from "../../schema/project/project-comparison.generated.ts";
import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { usageError } from "../arguments/usage-error.ts";
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
  if (options.before === "-" && options.after === "-") {
    const hint = "give one of them as a file";
    throw new PreflightErrors([usageError("Standard input cannot contain both reports.", hint)]);
  }
  const outputs = destinations(options.format, FORMATS, context.cwd, [options.before, options.after]);
  const before = await reportsOf(options.before, options, context);
  const after = await reportsOf(options.after, options, context);
  assertSites([before, after], options);
  const pairs = pairsOf(before.sites, after.sites);
  const [first, ...others] = pairs;
  if (others.length > 0) return compareSites(pairs, { before, after }, outputs, options, context);
  if (first?.earlier == null || first.later === null) throw new Error("A report has no site.");
  const comparison = compare(first.earlier, first.later);
  const failOn = options["fail-on"];
  await writeAll(outputs, options, context, async (format, view) =>
    (await comparisonFormats[format]())(comparison, view),
  );
  return failOn !== undefined && isFailing(comparison, failOn) ? 1 : 0;
}

/** Compares sites by name, and what was found across them unless `--site` chooses some. */
async function compareSites(
  pairs: readonly Pair[],
  { before, after }: { readonly before: Reports; readonly after: Reports },
  outputs: readonly Destination<FormatName>[],
  options: Arguments<"compare">,
  context: CliContext,
): Promise<ExitCode> {
  const sites = pairs.map(({ name, earlier, later }): ComparedSite => {
    const [having, lacking] = earlier === null ? [after, before] : [before, after];
    const reason =
      earlier === null || later === null
        ? `Only in ${having.path}: ${lacking.path} does not contain this site.`
        : incomparable(earlier, later);
    const isComparable = reason === null && earlier !== null && later !== null;
    return { name: name ?? "", comparison: isComparable ? compare(earlier, later) : null, reason };
  });
  const areAll = options.site.length === 0 && before.whole !== null && after.whole !== null;
  const comparison: ProjectComparison = {
    ...{ schema_version: 2, before: before.path, after: after.path, sites },
    cross_site: areAll ? compareAcross(before.whole, after.whole) : null,
  };
  const { projectComparisonFormats } = await import("../../report/project/comparison.ts");
  await writeAll(outputs, options, context, (format, view) =>
    Promise.resolve(projectComparisonFormats[format](comparison, view)),
  );
  // As for two reports of one run: what cannot be compared gives no result.
  if (sites.some(({ reason }, index) => reason !== null && areBoth(pairs[index]))) return 2;
  const { areSitesFailing } = await import("../../run/project/compare-project.ts");
  return areSitesFailing(comparison, options["fail-on"]) ? 1 : 0;
}

function areBoth(pair: Pair | undefined): boolean {
  return pair !== undefined && pair.earlier !== null && pair.later !== null;
}

async function writeAll(
  outputs: readonly Destination<FormatName>[],
  { color, all }: Arguments<"compare">,
  { cwd, stdout, env }: CliContext,
  piecesOf: (format: FormatName, view: ComparisonOptions) => Promise<Iterable<string>>,
): Promise<void> {
  for (const { format, file } of outputs) {
    const view =
      file === null
        ? { color: useColor(color, env, stdout.isTerminal), width: stdout.width, all }
        : { color: color === "always", width: 80, all };
    const pieces = await piecesOf(format, view);
    if (file !== null) writeReport(file, cwd, pieces);
    else await stdout[format === "stylish" ? "write" : "writeDocument"](pieces);
  }
}

/** The report of one run can be compared with that of one site. */
function assertSites(files: readonly Reports[], { site }: Arguments<"compare">): void {
  if (files.every(({ whole }) => whole === null) && site.length > 0) {
    throw new PreflightErrors([usageError("Both are reports of one run, without sites.", "omit --site")]);
  }
  const several = files.find(({ sites }) => sites.length > 1);
  if (several === undefined || files.every(({ whole }) => whole !== null)) return;
  const message = `${several.path} has the reports of ${several.sites.length} sites, but the other file has that of a single run.`;
  const hint = `choose one with --site, such as --site ${several.sites[0]?.name ?? "NAME"}`;
  throw new PreflightErrors([usageError(message, hint)]);
}

/** The reports of a file. */
interface Reports {
  /** The file, as messages name it. */
  readonly path: string;
  /** At least one. */
  readonly sites: readonly NamedReport[];
  /** The report over sites that the file is; null for that of one run. */
  readonly whole: ProjectReport | null;
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

async function reportsOf(file: string, { site: names }: Arguments<"compare">, context: CliContext): Promise<Reports> {
  const { value, inputs, whole } = await readSiteReports(file, { ...context, names });
  if (value.length === 0) throw new PreflightErrors(inputs.errors);
  const path = displayPath(file, context.cwd);
  return { path, sites: value.map((site) => ({ ...site, path })), whole };
}
