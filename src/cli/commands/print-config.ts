import { jsonText } from "../../report/text/json-text.ts";
import { locationText, escapeForTerminal } from "../../report/text/wording.ts";
import { type EffectiveConfig, effectiveConfig, type EffectiveValue } from "../../run/config/effective-config.ts";
import type { PrintConfigArguments } from "../arguments/arguments.ts";
import { inputFiles, probeLimits, runOptions } from "../arguments/run-options.ts";
import { writtenFile, destinations, refuseOverwriting, type FormatChoice } from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { writeReport } from "../output/write-report.ts";

type FormatName = "text" | "json";

const FORMATS: FormatChoice<FormatName> = { names: ["text", "json"], fallback: "text" };

/** `preflight check … --print-config`: every setting in effect and its source; reads only the config. */
export async function printConfig(options: PrintConfigArguments, context: CliContext): Promise<ExitCode> {
  const run = await runOptions(options, context);
  const outputs = destinations(options.format, FORMATS, context.cwd, inputFiles(options, context));
  const { config, inputs } = await effectiveConfig({
    ...run,
    live: !options["no-live"],
    probe: probeLimits(options),
    inconclusive: options.inconclusive,
    maxWarnings: options["max-warnings"],
    subject: options.subject,
    onFiles: refuseOverwriting(outputs.map(writtenFile), context.cwd),
  });
  if (config === null) {
    await printInputErrors(inputs, context, options);
    return 2;
  }
  for (const { format, file } of outputs) {
    const pieces = format === "json" ? [...jsonText(config, 2), "\n"] : configText(config);
    if (file === null) await context.stdout[format === "json" ? "writeDocument" : "write"](pieces);
    else writeReport(file, context.cwd, pieces);
  }
  return 0;
}

function* configText({ subject, extends: parts, settings, rules, overrides }: EffectiveConfig): Generator<string> {
  yield parts.length === 0
    ? "No config: every rule has its declared severity.\n"
    : "Sources, lowest precedence first\n";
  yield* table(parts.map(({ kind, name }) => [kind === "preset" ? `preset ${name}` : name]));
  yield "\nSettings\n";
  yield* table(Object.entries(settings).map(([name, value]) => [name, written(value.value), origin(value)]));
  yield `\nRules${subject === null ? "" : ` for ${escapeForTerminal(subject)}`}\n`;
  yield* table(
    Object.entries(rules).flatMap(([id, { severity, varies, skipped, options }]) => {
      const notes = [...varies, ...(skipped === null ? [] : [`skipped: ${skipped}`])];
      const why = `${origin(severity)}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
      const details = Object.entries(options).map(([name, value]) => [
        `  ${name}`,
        written(value.value),
        origin(value),
      ]);
      return [[id, severity.value, why], ...details];
    }),
  );
  if (overrides.length === 0) return;
  yield `\nOverrides${subject === null ? "" : ` (* applies to ${escapeForTerminal(subject)})`}\n`;
  yield* table(
    overrides.map(({ subjects, rules: ids, applies, location }) => [
      `${applies === true ? "* " : ""}${subjects.join(", ")}`,
      ids.join(", "),
      location === null ? "" : locationText(location),
    ]),
  );
}

/** Aligned columns, one line per row. */
function* table(rows: readonly (readonly string[])[]): Generator<string> {
  const safe = rows.map((row) => row.map(escapeForTerminal));
  const widths = [0, 1].map((column) => Math.max(0, ...safe.map((row) => row[column]?.length ?? 0)));
  for (const row of safe) {
    yield `  ${row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd()}\n`;
  }
}

/** The source of a value: a source location, or in words. */
function origin({ from, location }: EffectiveValue<unknown>): string {
  return location === null ? from : locationText(location);
}

function written(value: unknown): string {
  if (value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
