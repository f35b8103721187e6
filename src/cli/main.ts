import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { version } from "../run/version.ts";
import { readArguments } from "./arguments.ts";
import type { Invocation } from "./invocation.ts";
import type { ColorChoice } from "./color.ts";
import { printErrors } from "./print-errors.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

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
      return (await import("./check-command.ts")).checkCommand(invocation.options, around);
    case "print-config":
      return (await import("./print-config.ts")).printConfig(invocation.options, around);
    case "plan":
      return (await import("./plan-command.ts")).planCommand(invocation.options, around);
    case "probe":
      return (await import("./probe-command.ts")).probeCommand(invocation.options, around);
    case "report":
      return (await import("./report-command.ts")).reportCommand(invocation.options, around);
    case "inventory-pull":
      return (await import("./inventory-command.ts")).pullCommand(invocation.options, around);
    case "inventory-import":
      return (await import("./inventory-import-command.ts")).inventoryImportCommand(invocation.options, around);
    case "init":
      return (await import("./init-command.ts")).init(around);
    case "rules-list":
      return (await import("./rules-command.ts")).listRules(invocation, around);
    case "rules-show":
      return (await import("./rules-command.ts")).showRule(invocation, around);
    case "schema":
      return (await import("./schema-command.ts")).printSchema(invocation.name, around);
    case "completion":
      return (await import("./completion-command.ts")).printCompletion(invocation.shell, around);
    case "help":
      await stdout.write([(await import("./help-text.ts")).helpText(invocation.about, stdout.width)]);
      return 0;
    case "version":
      await stdout.write([`${version}\n`]);
      return 0;
  }
}
