import { csvRow } from "../../report/text/csv-row.ts";
import { jsonText } from "../../report/text/json-text.ts";
import type { Connection } from "../../run/live/connections.ts";
import { planRun, type RunPlan } from "../../run/plan.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { Arguments } from "../arguments/commands.ts";
import { inputFiles, runOptions } from "../arguments/run-options.ts";
import { writtenFile, destinations, refuseOverwriting, type FormatChoice } from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { planText } from "./plan-text.ts";
import { writeReport } from "../output/write-report.ts";

type FormatName = "text" | "json" | "csv";

const FORMATS: FormatChoice<FormatName> = { names: ["text", "json", "csv"], fallback: "text" };

/** `preflight plan`: what would be judged and asked; asks nothing. */
export async function planCommand(options: Arguments<"plan">, context: CliContext): Promise<ExitCode> {
  const run = await runOptions(options, context);
  const outputs = destinations(options.format, FORMATS, context.cwd, inputFiles(options, context));
  const { plan, inputs } = await planRun({
    ...run,
    live: !options["no-live"],
    inconclusive: options.inconclusive,
    maxWarnings: options["max-warnings"],
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
  });
  if (plan === null) {
    await printInputErrors(inputs, context, options);
    return 2;
  }
  if (plan.planned === 0) {
    const hint = 'take some --rule "ID: off" away; preflight DEPLOYMENT --print-config shows who turned what off';
    throw new PreflightErrors([new PreflightError("usage", "Every rule is off, so nothing is planned.", null, hint)]);
  }
  const from = run.from ?? "this machine";
  for (const { format, file } of outputs) {
    const { stdout } = context;
    const pieces = planPieces(plan, format, { from, width: file === null ? stdout.width : 80 });
    if (file === null) await stdout[format === "text" ? "write" : "writeDocument"](pieces);
    else writeReport(file, context.cwd, pieces);
  }
  return 0;
}

function* planPieces(
  plan: RunPlan,
  format: FormatName,
  { from, width }: { readonly from: string; readonly width: number },
): Generator<string> {
  switch (format) {
    case "text":
      yield* planText(plan, width);
      return;
    case "csv":
      yield* planCsv(plan.connections, from);
      return;
    case "json":
      yield* jsonText(plan, 2);
      yield "\n";
  }
}

const CSV_HEADER = ["from", "to", "protocol", "port", "why", "rule"];

/** The connections of a plan as a firewall request: RFC 4180, one row a connection. */
export function* planCsv(connections: readonly Connection[], from: string): Generator<string> {
  yield csvRow(CSV_HEADER);
  for (const { to, protocol, port, why, rules } of connections) {
    yield csvRow([from, to, protocol, String(port), why, rules.join(" ")]);
  }
}
