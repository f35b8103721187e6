import { planRun } from "../run/plan.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import type { PlanArguments } from "./arguments.ts";
import { ruleOptions } from "./check-command.ts";
import { destinations, writeWhole } from "./destinations.ts";
import { type ExitCode, printErrors, type Surroundings } from "./main.ts";
import { planText } from "./plan-text.ts";

/** `preflight plan`: what would be judged and asked; asks nothing. */
export async function planCommand(options: PlanArguments, around: Surroundings): Promise<ExitCode> {
  const inputs = [options.deployment, ...options.inventory];
  const outputs = destinations(options.format, ["text", "json"], "text", around.cwd, inputs);
  const { plan, sources, errors } = await planRun(ruleOptions(options, around));
  if (plan === null) {
    await printErrors(errors, sources, around, options.color);
    return 2;
  }
  for (const { format, file } of outputs) {
    const pieces = format === "json" ? [`${JSON.stringify(plan, null, 2)}\n`] : planText(plan);
    if (file === null) await around.stdout.write(pieces);
    else writeWhole(file, around.cwd, pieces);
  }
  if (plan.planned > 0) return 0;
  throw new PreflightErrors([new PreflightError("usage", "No rule is left to judge by.", null, "every rule is off")]);
}
