import { csvRow } from "../../report/text/csv-row.ts";
import { markdownText } from "../../report/text/markdown-text.ts";
import { jsonText } from "../../report/text/json-text.ts";
import { planRun, type RunPlan } from "../../run/plan.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { inputFiles, runOptions } from "../arguments/run-options.ts";
import {
  type Destination,
  destinations,
  type FormatChoice,
  refuseOverwriting,
  writtenFile,
} from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import { escapeForTerminal } from "../../report/text/wording.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { argumentsOfSites, onlySite } from "../project/site-arguments.ts";
import { planText, type PlanTextOptions } from "./plan-text.ts";
import { writeReport } from "../output/write-report.ts";

type FormatName = "text" | "json" | "csv" | "markdown";

const FORMATS: FormatChoice<FormatName> = {
  names: ["text", "json", "csv", "markdown"],
  fallback: "text",
  isFileEnough: true,
};

/**
 * `preflight plan`: what would be evaluated and queried, for one deployment or for each of a project; contacts no
 * servers.
 */
export async function planCommand(given: Arguments<"plan">, context: CliContext): Promise<ExitCode> {
  const { cwd } = context;
  const { sites, inputs: ofProject } = await argumentsOfSites(given, cwd);
  const files = sites.flatMap(({ options }) => inputFiles(options, context));
  const outputs = destinations(given.format, FORMATS, cwd, [...files, ...ofProject.reserved]);
  if (ofProject.errors.length > 0) {
    await printInputErrors(ofProject, context, given);
    return 2;
  }
  const { deployment } = given;
  if (outputs.some(({ format }) => format === "json")) {
    onlySite(sites, { deployment, cwd, why: "a JSON plan covers one, for approval" });
  }
  const isSeveral = sites.length > 1;
  const plans: SitePlan[] = [];
  for (const { name, options } of sites) {
    const plan = await planOf(options, outputs, context);
    if (plan !== null) plans.push({ ...plan, name: isSeveral ? name : null });
  }
  const isWhole = plans.length === sites.length;
  for (const { format, file } of outputs) {
    // Without a site the table would look like the request for all of them.
    if (plans.length === 0 || (format !== "text" && !isWhole)) continue;
    const { stdout } = context;
    const pieces = planPieces(plans, format, { width: file === null ? stdout.width : 80, all: given.all });
    if (file === null) await stdout[format === "text" ? "write" : "writeDocument"](pieces);
    else writeReport(file, cwd, pieces);
  }
  return isWhole ? 0 : 2;
}

/** The plan of a deployment, and what it is of. */
interface SitePlan {
  /** Name of the site; null when there is only one. */
  readonly name: string | null;
  readonly plan: RunPlan;
  /** Name of the vantage point. */
  readonly from: string;
}

/** The plan of one deployment; null when its files have errors, which are then printed. */
async function planOf(
  options: Arguments<"plan">,
  outputs: readonly Destination<FormatName>[],
  context: CliContext,
): Promise<Pick<SitePlan, "plan" | "from"> | null> {
  const run = await runOptions(options, context);
  const { plan, inputs } = await planRun({
    ...run,
    live: !options["no-live"],
    allowProbe: options["allow-probe"],
    inconclusive: options.inconclusive,
    maxWarnings: options["max-warnings"],
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
  });
  if (plan === null) {
    await printInputErrors(inputs, context, options);
    return null;
  }
  if (plan.planned === 0) {
    const hint =
      'omit some --rule "ID: off"; preflight DEPLOYMENT --print-config shows which setting disabled each rule';
    throw new PreflightErrors([new PreflightError("usage", "Every rule is off, so nothing is planned.", null, hint)]);
  }
  return { plan, from: run.from ?? "this machine" };
}

function* planPieces(plans: readonly SitePlan[], format: FormatName, view: PlanTextOptions): Generator<string> {
  switch (format) {
    case "text":
      for (const { name, plan } of plans) {
        if (name !== null) yield `== ${escapeForTerminal(name)} ==\n`;
        yield* planText(plan, view);
      }
      return;
    case "csv":
      yield* planCsv(plans);
      return;
    case "markdown":
      yield* planMarkdown(plans);
      return;
    case "json":
      for (const { plan } of plans) yield* jsonText(plan, 2);
      yield "\n";
  }
}

const HEADER = ["from", "to", "protocol", "port", "why", "rule", "source", "confirmed", "probed", "note"];

/** What a firewall request is made of. */
export interface Request {
  /** Name of the site, in a first column; null when there is only one. */
  readonly name: string | null;
  readonly plan: Pick<RunPlan, "connections" | "flows">;
  readonly from: string;
}

/** The rows of a firewall request: the connections of this run, then those that the deployment requires. */
function* requestRows({ plan: { connections, flows }, from, name }: Request): Generator<readonly string[]> {
  const site = name === null ? [] : [name];
  for (const { to, protocol, port, why, rules, refused } of connections) {
    const probed = refused === null ? "yes" : "no";
    yield [...site, from, to, protocol, String(port), why, rules.join(" "), "this run", "yes", probed, refused ?? ""];
  }
  for (const { from: origin, to, protocol, port, why, source, is_confirmed, probed } of flows) {
    const marks = [is_confirmed ? "yes" : "no", probed ? "yes" : "no", ""];
    yield [...site, origin, to, protocol, port, why, "", source, ...marks];
  }
}

function headerOf(plans: readonly Request[]): readonly string[] {
  return plans.some(({ name }) => name !== null) ? ["site", ...HEADER] : HEADER;
}

/** The connections of plans as a firewall request: RFC 4180, one row a connection. */
export function* planCsv(plans: readonly Request[]): Generator<string> {
  yield csvRow(headerOf(plans));
  for (const plan of plans) for (const row of requestRows(plan)) yield csvRow(row);
}

/** The same as a table in Markdown. */
export function* planMarkdown(plans: readonly Request[]): Generator<string> {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const header = headerOf(plans);
  yield line(header);
  yield line(header.map(() => "---"));
  for (const plan of plans) for (const row of requestRows(plan)) yield line(row.map(markdownText));
}
