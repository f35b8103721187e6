import { type FormatName, formats, needsExcerpts, projectFormats } from "../../report/format.ts";
import { counted, escapeForTerminal } from "../../report/text/wording.ts";
import type { ReportFile } from "../../engine/comparison/compare.ts";
import { type ResultWithBasis, checkWithBasis } from "../../run/check.ts";
import type { CheckOptions } from "../../run/options.ts";
import type { EarlierProject } from "../../run/project/compare-project.ts";
import type { CrossSite, ProjectReport, SiteReport } from "../../schema/project/project-report.generated.ts";
import type { RunReport } from "../../schema/report.generated.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { exceptionOptions, inputFiles, probeLimits, runOptions } from "../arguments/run-options.ts";
import { runProvenance } from "../arguments/run-provenance.ts";
import { usageError } from "../arguments/usage-error.ts";
import { writtenFile, destinations, refuseOverwriting, withOutput } from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { progressLine } from "../output/progress-line.ts";
import { type SelectedSite, type Selection, selectSites } from "../project/select-sites.ts";
import { siteArguments } from "../project/site-arguments.ts";
import { liveSource } from "../vsphere/live-source.ts";
import { vsphereFiles } from "../vsphere/vsphere-files.ts";
import { FORMATS, writeReports } from "../output/write-reports.ts";
import { writeWaivers } from "../output/write-waivers.ts";

/** `preflight check`: evaluates the deployments of the sites, and writes every requested report. */
export async function checkCommand(options: Arguments<"check">, context: CliContext): Promise<ExitCode> {
  const selection = await selectSites(options.paths, {
    ...{ site: options.site, cwd: context.cwd, allowOutsidePaths: options["allow-outside-paths"] },
  });
  if (selection.inputs.errors.length > 0) {
    await printInputErrors(selection.inputs, context, options);
    return 2;
  }
  assertForSeveral(selection, options);
  const argumentsOf = selection.sites.map((site) => siteArguments(site, options));
  const runs: Awaited<ReturnType<typeof runOptions>>[] = [];
  for (const own of argumentsOf) runs.push(await runOptions(own, context));
  const exceptions = exceptionOptions(options);
  const inputs = [
    ...argumentsOf.flatMap((own) => [...inputFiles(own, context), ...own.evidence]),
    ...selection.inputs.reserved,
    ...[options.waivers, options["baseline-plan"], options["compare-to"]].filter((file) => file !== undefined),
    ...vsphereFiles(options, context.env),
  ];
  const outputs = destinations(withOutput(options.format, options.output), FORMATS, context.cwd, inputs);
  if (options.explain && !outputs.some(({ format }) => format === "json" || format === "html")) {
    const hint = "add --format json=FILE or --format html=FILE, or explain one check with preflight why";
    throw new PreflightErrors([usageError("--explain applies to JSON and HTML reports, but none is written.", hint)]);
  }
  // Loaded before any server is contacted, so that an interrupted run only has to write.
  for (const { format } of outputs) await (selection.isProject ? projectFormats : formats)[format]();
  const earlier = await earlierReport(options, selection, context);
  if (options.fix || options["fix-dry-run"]) {
    const { fixCommand } = await import("./fix.ts");
    const fixes = argumentsOf.map((own, index) => {
      const run = runs[index];
      if (run === undefined) throw new Error("A site has no options.");
      return { options: own, run: { ...run, ...exceptions, live: false } };
    });
    const exitCode = await fixCommand(fixes, context);
    if (exitCode !== null) return exitCode;
  }
  const vcenter = await liveSource(options, inputs, context);
  const stats = options.stats ? new (await import("../output/run-stats.ts")).RunStats() : undefined;
  const progress = progressLine(context.stderr, context.env);
  const shared = {
    ...exceptions,
    live: !options["no-live"],
    probe: probeLimits(options),
    allowProbe: options["allow-probe"],
    maxAge_ms: options["max-age"],
    requireVantage: options["require-vantage"],
    inconclusive: options.inconclusive,
    maxWarnings: options["max-warnings"],
    vcenter,
    excerpts: outputs.some(({ format }) => needsExcerpts(format, options)),
    signal: context.signal,
    interruptible: context.interruptible,
    timer: stats,
    provenance: runProvenance(options, context.env),
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
    onProgress: progress.show,
    onRead: (objects: number) =>
      progress.text(`Reading ${vcenter?.server.displayAddress ?? ""}: ${counted(objects, "object")}`),
  } satisfies Partial<CheckOptions>;
  const siteRuns = selection.sites.map((site, index) => ({
    ...{ name: site.name, category: site.category },
    options: optionsOf(site, runs[index], { ...shared, evidence: argumentsOf[index]?.evidence ?? [] }),
  }));
  const result = await runAll(siteRuns, selection, earlier).finally(progress.clear);
  // A signal in between would leave a draft beside a file that is being written.
  return context.interruptible(async () => {
    if (options["write-waivers"]) await writeWaivers(result.results, crossSiteOf(result.report), context);
    const showErrors = () => printInputErrors(result.inputs, context, options);
    const reportFor = explainer(result, options);
    const exitCode = await writeReports(result.report, showErrors, outputs, options, context, reportFor);
    stats?.phase("write reports");
    const evidence = result.results.flatMap(({ report }) => report.evidence);
    if (stats !== undefined) await context.stderr.write(stats.text({ evidence }));
    const notes = result.notCompared.map((sentence) => `${escapeForTerminal(sentence)}\n`);
    if (notes.length > 0) await context.stderr.write(notes);
    return exitCode === 0 && (await isWorse(result, options)) ? 1 : exitCode;
  });
}

/** Whether `--fail-on` fails a run whose gate passed. */
async function isWorse(
  { report, notCompared }: Awaited<ReturnType<typeof runAll>>,
  options: Arguments<"check">,
): Promise<boolean> {
  const failOn = options["fail-on"];
  if (failOn === undefined) return false;
  if (report.schema_version === 2) {
    return (await comparingSites()).isProjectFailing({ report, notCompared }, failOn);
  }
  if (report.comparison === undefined) return false;
  return (await import("../../engine/comparison/compare.ts")).isFailing(report.comparison, failOn);
}

function crossSiteOf(report: RunReport | ProjectReport): CrossSite | null {
  return report.schema_version === 2 ? report.cross_site : null;
}

/**
 * The report for a format: the HTML page explains failed and inconclusive checks; with --explain, it and the JSON
 * report explain passed ones too. Explanations are computed once.
 */
function explainer(
  { report, results }: Awaited<ReturnType<typeof runAll>>,
  { explain }: Arguments<"check">,
): (format: FormatName) => Promise<RunReport | ProjectReport> {
  let explained: Promise<RunReport | ProjectReport> | null = null;
  return async (format) => {
    if (format !== "html" && !(format === "json" && explain)) return report;
    return (explained ??= explainAll());
  };

  async function explainAll(): Promise<RunReport | ProjectReport> {
    const { explainedReport } = await import("../../run/proof/explain-checks.ts");
    const { rulePage } = await import("../rule-page.ts");
    const explainOne = (one: RunReport, index: number) =>
      explainedReport(one, results[index]?.basis ?? null, {
        which: explain ? "all" : "failures",
        pageOf: ({ id, docs }) => docs ?? rulePage(id),
      });
    if (report.schema_version === 1) return explainOne(report, 0);
    const sites: SiteReport[] = [];
    for (const [index, site] of report.sites.entries()) {
      sites.push({ ...site, report: await explainOne(site.report, index) });
    }
    return { ...report, sites };
  }
}

/** Loaded only if runs are compared. */
const comparing = () => import("../../run/compare.ts");
const comparingSites = () => import("../../run/project/compare-project.ts");

type Earlier = ReportFile | EarlierProject;

/** The report of `--compare-to`, read before any server is contacted; null without the option. */
async function earlierReport(
  options: Arguments<"check">,
  selection: Selection,
  context: CliContext,
): Promise<Earlier | null> {
  const file = options["compare-to"];
  return file === undefined
    ? null
    : (await import("../project/earlier-report.ts")).readEarlier(file, selection, context);
}

/** The options of a run on one site. */
function optionsOf(
  { listedBy }: SelectedSite,
  run: Awaited<ReturnType<typeof runOptions>> | undefined,
  shared: Omit<CheckOptions, keyof Awaited<ReturnType<typeof runOptions>>>,
): CheckOptions {
  if (run === undefined) throw new Error("A site has no options.");
  return { ...run, ...shared, ...(listedBy !== null && { listedBy }) };
}

interface SiteRun {
  readonly name: string;
  readonly category: string;
  readonly options: CheckOptions;
}

/** One report over all sites, or the report of a deployment that was given by itself. */
async function runAll(
  sites: readonly SiteRun[],
  { isProject, project, omitted }: Selection,
  earlier: Earlier | null,
): Promise<{
  readonly report: RunReport | ProjectReport;
  readonly inputs: ResultWithBasis["inputs"];
  readonly results: readonly ResultWithBasis[];
  /** What `--compare-to` could not compare: sentences. */
  readonly notCompared: readonly string[];
}> {
  const [first] = sites;
  if (!isProject && first !== undefined) {
    const result = await checkWithBasis(first.options);
    const isEarlier = earlier !== null && "report" in earlier;
    const report = isEarlier ? (await comparing()).compared(result.report, earlier) : result.report;
    return { report, inputs: result.inputs, results: [result], notCompared: [] };
  }
  const { checkProject } = await import("../../run/project/check-project.ts");
  const file = project === null ? null : { path: project.path, sha256: project.sha256 };
  const result = await checkProject(sites, { project: file, omitted });
  if (earlier === null || "report" in earlier) return { ...result, notCompared: [] };
  return { ...result, ...(await comparingSites()).comparedProject(result.report, earlier) };
}

/** Rejects options that apply to only one site. */
function assertForSeveral({ sites }: Selection, options: Arguments<"check">): void {
  if (sites.length < 2) return;
  const hint = `choose one with --site, such as --site ${sites[0]?.name ?? "NAME"}`;
  if (options["baseline-plan"] !== undefined) {
    const orConfigs = `${hint}, or name the plan of each site in its config (baseline_plan)`;
    throw new PreflightErrors([usageError("--baseline-plan applies to one site, but several are checked.", orConfigs)]);
  }
  if ([...options.inventory, ...options.evidence, options.waivers].includes("-")) {
    throw new PreflightErrors([
      usageError("Standard input can be used for one site only, but several are checked.", hint),
    ]);
  }
}
