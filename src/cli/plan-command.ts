import { jsonText } from "../report/json-text.ts";
import { planRun, type RunPlan } from "../run/plan.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import type { PlanArguments } from "./arguments.ts";
import { ruleOptions } from "./check-command.ts";
import { destinations, type FormatChoice } from "./destinations.ts";
import { type ExitCode, printErrors, type Surroundings } from "./main.ts";
import { planText } from "./plan-text.ts";
import { writeReport } from "./write-report.ts";

const FORMATS: FormatChoice<"text" | "json"> = { names: ["text", "json"], fallback: "text" };

/** `preflight plan`: what would be judged and asked; asks nothing. */
export async function planCommand(options: PlanArguments, around: Surroundings): Promise<ExitCode> {
  const run = ruleOptions(options, around);
  const outputs = destinations(options.format, FORMATS, around.cwd, [options.deployment, ...options.inventory]);
  const { plan, sources, errors } = await planRun(run);
  if (plan === null) {
    await printErrors(errors, sources, around, options.color);
    return 2;
  }
  if (plan.planned === 0) {
    const hint = 'take some --rule "ID: off" away';
    throw new PreflightErrors([new PreflightError("usage", "Every rule is off, so nothing is planned.", null, hint)]);
  }
  for (const { format, file } of outputs) {
    if (file === null) await around.stdout.write(planPieces(plan, format, around.stdout.width));
    else writeReport(file, around.cwd, planPieces(plan, format, 80));
  }
  return 0;
}

function* planPieces(plan: RunPlan, format: "text" | "json", width: number): Generator<string> {
  if (format === "text") {
    yield* planText(plan, width);
  } else {
    yield* jsonText(plan, 2);
    yield "\n";
  }
}
