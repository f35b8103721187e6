import type { Excerpt, ReportError } from "../engine/run-report.ts";
import { isTextLocation } from "../values/location.ts";
import type { PreflightError } from "../values/preflight-error.ts";
import { codeFrame } from "./code-frame.ts";
import { excerptLines, type LineLookup } from "./excerpt-lines.ts";
import { flow, words, wrap } from "./flow.ts";
import { painter } from "./paint.ts";
import { withoutCommands } from "./runner-commands.ts";
import { place, shown } from "./wording.ts";

export interface ErrorOptions {
  readonly color: boolean;
  readonly width: number;
  /** For code frames: what is known of the files. */
  readonly excerpts: readonly Excerpt[];
  /** What stands before each: `warning` for what may well be meant so. `error` when absent. */
  readonly word?: "error" | "warning";
}

/**
 * Mistakes that stand in the way of a verdict, as a user reads them: place and message, the lines in question, the cure,
 * and other places that explain it. A blank line stands between two errors; the text ends with a line end, or is empty.
 */
export function renderErrors(errors: readonly (PreflightError | ReportError)[], options: ErrorOptions): string {
  const lineAt = excerptLines(options.excerpts);
  return errors.map((error) => `${errorLines(error, lineAt, options).map(withoutCommands).join("\n")}\n`).join("\n");
}

function errorLines(
  error: PreflightError | ReportError,
  lineAt: LineLookup,
  { color, width, word = "error" }: ErrorOptions,
): string[] {
  const paint = painter(color);
  const where = error.location === null ? [] : [paint(`${place(error.location)}:`, "bold")];
  const what = paint(`${word}[${shown(error.code)}]:`, word === "error" ? "red" : "yellow", "bold");
  const head = flow([...where, what, ...words(shown(error.message), width - 2)], width - 2);
  const lines = head.map((line, index) => (index === 0 ? line : `  ${line}`));
  if (isTextLocation(error.location)) {
    lines.push(...codeFrame(lineAt, error.location, { color, width }));
  }
  if (error.hint !== null) {
    const hint = wrap(shown(error.hint), width - "hint: ".length);
    lines.push(...hint.map((line, index) => (index === 0 ? `${paint("hint:", "cyan")} ${line}` : `      ${line}`)));
  }
  for (const { message, location } of "related" in error ? error.related : []) {
    lines.push(...wrap(`${place(location)}: ${shown(message)}`, width - 2).map((line) => paint(`  ${line}`, "dim")));
  }
  return lines;
}
