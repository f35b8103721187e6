import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { version } from "../run/version.ts";
import { readArguments } from "./arguments/arguments.ts";
import type { Invocation } from "./arguments/invocation.ts";
import type { ColorChoice } from "./output/color.ts";
import { printErrors } from "./output/print-errors.ts";
import type { ExitCode, Surroundings } from "./cli-context.ts";

/** Runs one call of the program and resolves to its exit code. User mistakes go to stderr; it rejects only for bugs. */
export async function main(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  let color: ColorChoice = "auto";
  try {
    const invocation = readArguments(argv);
    if ("options" in invocation) color = invocation.options.color;
    const exitCode = await run(invocation, around);
    if (around.stdout.failure !== null) throw around.stdout.failure;
    return exitCode;
  } catch (thrown) {
    const errors =
      thrown instanceof PreflightErrors ? thrown.errors : thrown instanceof PreflightError ? [thrown] : null;
    if (errors === null) throw thrown;
    await printErrors(errors, new Map(), around, { color });
    return 2;
  }
}

async function run(invocation: Invocation, around: Surroundings): Promise<ExitCode> {
  const { stdout } = around;
  switch (invocation.command) {
    case "check":
      return (await import("./commands/check.ts")).checkCommand(invocation.options, around);
    case "print-config":
      return (await import("./commands/print-config.ts")).printConfig(invocation.options, around);
    case "plan":
      return (await import("./commands/plan.ts")).planCommand(invocation.options, around);
    case "probe":
      return (await import("./commands/probe.ts")).probeCommand(invocation.options, around);
    case "report":
      return (await import("./commands/report.ts")).reportCommand(invocation.options, around);
    case "inventory-pull":
      return (await import("./commands/inventory-pull.ts")).pullCommand(invocation.options, around);
    case "inventory-import":
      return (await import("./commands/inventory-import.ts")).inventoryImportCommand(invocation.options, around);
    case "init":
      return (await import("./commands/init.ts")).init(around);
    case "rules-list":
      return (await import("./commands/rules.ts")).listRules(invocation, around);
    case "rules-show":
      return (await import("./commands/rules.ts")).showRule(invocation, around);
    case "schema":
      return (await import("./commands/schema.ts")).printSchema(invocation.name, around);
    case "completion":
      return (await import("./completion/print-completion.ts")).printCompletion(invocation.shell, around);
    case "help":
      await stdout.write([(await import("./arguments/help-text.ts")).helpText(invocation.about, stdout.width)]);
      return 0;
    case "version":
      await stdout.write([`${version}\n`]);
      return 0;
  }
}
