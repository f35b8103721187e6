import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { version } from "../run/version.ts";
import { type Invocation, readArguments } from "./arguments/arguments.ts";
import type { ColorChoice } from "./output/color.ts";
import { printErrors } from "./output/print-errors.ts";
import type { ExitCode, CliContext } from "./cli-context.ts";

/**
 * Runs one call of the program and resolves to its exit code. User errors are printed on stderr; it rejects only for
 * bugs.
 */
export async function main(argv: readonly string[], context: CliContext): Promise<ExitCode> {
  let color: ColorChoice = "auto";
  try {
    const invocation = readArguments(argv);
    if ("options" in invocation && "color" in invocation.options) color = invocation.options.color;
    const exitCode = await run(invocation, context);
    if (context.stdout.failure !== null) throw context.stdout.failure;
    return exitCode;
  } catch (thrown) {
    const errors =
      thrown instanceof PreflightErrors ? thrown.errors : thrown instanceof PreflightError ? [thrown] : null;
    if (errors === null) throw thrown;
    await printErrors(errors, new Map(), context, { color });
    return 2;
  }
}

async function run(invocation: Invocation, context: CliContext): Promise<ExitCode> {
  const { stdout } = context;
  switch (invocation.command) {
    case "check":
      return (await import("./commands/check.ts")).checkCommand(invocation.options, context);
    case "print-config":
      return (await import("./commands/print-config.ts")).printConfig(invocation.options, context);
    case "plan":
      return (await import("./commands/plan.ts")).planCommand(invocation.options, context);
    case "probe":
      return (await import("./commands/probe.ts")).probeCommand(invocation.options, context);
    case "why":
      return (await import("./commands/proof/why.ts")).whyCommand(invocation.options, context);
    case "selftest":
      return (await import("./commands/proof/selftest.ts")).selftestCommand(invocation.options, context);
    case "report":
      return (await import("./commands/report.ts")).reportCommand(invocation.options, context);
    case "datasheet":
      return (await import("./commands/datasheet.ts")).datasheetCommand(invocation.options, context);
    case "remediate":
      return (await import("./commands/remediate.ts")).remediateCommand(invocation.options, context);
    case "compare":
      return (await import("./commands/compare.ts")).compareCommand(invocation.options, context);
    case "inventory": {
      const { options } = invocation;
      return options.action === "pull"
        ? (await import("./commands/inventory-pull.ts")).pullCommand(options, context)
        : (await import("./commands/inventory-import.ts")).inventoryImportCommand(options, context);
    }
    case "deployment": {
      const { deploymentImportCommand } = await import("./commands/deployment-import.ts");
      return deploymentImportCommand(invocation.options, context);
    }
    case "init":
      return (await import("./commands/init/init.ts")).init(invocation.options, context);
    case "rules": {
      const { options } = invocation;
      const { listRules, showRule } = await import("./commands/rules.ts");
      return options.action === "show" ? showRule(options.id, options, context) : listRules(options, context);
    }
    case "schema":
      return (await import("./commands/schema.ts")).printSchema(invocation.options.name, context);
    case "lsp":
      return (await import("./lsp/server.ts")).serve(context);
    case "completion":
      return (await import("./completion/print-completion.ts")).printCompletion(invocation.options.shell, context);
    case "help":
      await stdout.write([(await import("./arguments/help-text.ts")).helpText(invocation.about, stdout.width)]);
      return 0;
    case "version":
      await stdout.write([`${version}\n`]);
      return 0;
  }
}
