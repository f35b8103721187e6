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
  const isToTerminal = outputs.every(({ format, file }) => format === "text" && file === null);
  if (!isToTerminal) onlySite(sites, { deployment: given.deployment, cwd, why: "only text has the plan of several" });
  let exitCode: ExitCode = 0;
  for (const { name, options } of sites) {
    if (sites.length > 1) await context.stdout.write([`== ${escapeForTerminal(name)} ==\n`]);
    if (!(await planSite(options, outputs, context))) exitCode = 2;
  }
  return exitCode;
}

/** Writes the plan of one deployment; false when its files have errors, which are then printed. */
async function planSite(
  options: Arguments<"plan">,
  outputs: readonly Destination<FormatName>[],
  context: CliContext,
): Promise<boolean> {
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
    return false;
  }
  if (plan.planned === 0) {
    const hint =
      'omit some --rule "ID: off"; preflight DEPLOYMENT --print-config shows which setting disabled each rule';
    throw new PreflightErrors([new PreflightError("usage", "Every rule is off, so nothing is planned.", null, hint)]);
  }
  const from = run.from ?? "this machine";
  for (const { format, file } of outputs) {
    const { stdout } = context;
    const pieces = planPieces(plan, format, { from, width: file === null ? stdout.width : 80, all: options.all });
    if (file === null) await stdout[format === "text" ? "write" : "writeDocument"](pieces);
    else writeReport(file, context.cwd, pieces);
  }
  return true;
}

function* planPieces(
  plan: RunPlan,
  format: FormatName,
  { from, ...view }: PlanTextOptions & { readonly from: string },
): Generator<string> {
  switch (format) {
    case "text":
      yield* planText(plan, view);
      return;
    case "csv":
      yield* planCsv(plan, from);
      return;
    case "markdown":
      yield* planMarkdown(plan, from);
      return;
    case "json":
      yield* jsonText(plan, 2);
      yield "\n";
  }
}

const HEADER = ["from", "to", "protocol", "port", "why", "rule", "source", "confirmed", "probed", "note"];

type Connections = Pick<RunPlan, "connections" | "flows">;

/** The rows of a firewall request: the connections of this run, then those that the deployment requires. */
function* requestRows({ connections, flows }: Connections, from: string): Generator<readonly string[]> {
  for (const { to, protocol, port, why, rules, refused } of connections) {
    const probed = refused === null ? "yes" : "no";
    yield [from, to, protocol, String(port), why, rules.join(" "), "this run", "yes", probed, refused ?? ""];
  }
  for (const { from: origin, to, protocol, port, why, source, is_confirmed, probed } of flows) {
    yield [origin, to, protocol, port, why, "", source, is_confirmed ? "yes" : "no", probed ? "yes" : "no", ""];
  }
}

/** The connections of a plan as a firewall request: RFC 4180, one row per connection. */
export function* planCsv(plan: Connections, from: string): Generator<string> {
  yield csvRow(HEADER);
  for (const row of requestRows(plan, from)) yield csvRow(row);
}

/** The same as a table in Markdown. */
export function* planMarkdown(plan: Connections, from: string): Generator<string> {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  yield line(HEADER);
  yield line(HEADER.map(() => "---"));
  for (const row of requestRows(plan, from)) yield line(row.map(markdownText));
}
