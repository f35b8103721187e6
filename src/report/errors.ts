import type { Excerpt, ReportError } from "../schema/report.generated.ts";
import { maskNumbers } from "../values/text/mask-numbers.ts";
import { isTextLocation, type TextLocation } from "../values/location.ts";
import type { PreflightError } from "../values/preflight-error.ts";
import { codeFrame } from "./model/code-frame.ts";
import { excerptLines, type LineLookup } from "./model/excerpt-lines.ts";
import { flow, words, wrap } from "./text/flow.ts";
import { painter } from "./text/paint.ts";
import { withoutCommands } from "./text/runner-commands.ts";
import { advice, counted, locationText, escapeForTerminal, thousands } from "./text/wording.ts";

export interface ErrorOptions {
  readonly color: boolean;
  readonly width: number;
  /** Excerpts of the files, for code frames. */
  readonly excerpts: readonly Excerpt[];
  /** Label before each error: `warning` for what may be intended. Default: `error`. */
  readonly word?: "error" | "warning";
  /**
   * Whether to print each of several similar errors; undefined if the user has no option for it, and they are grouped.
   */
  readonly all?: boolean | undefined;
}

type AnyError = PreflightError | ReportError;

/** Number of similar errors from which they are grouped; fewer are as quick to read one by one. */
const FOLD_FROM = 5;
/** Number of further locations listed for a group. */
const NAMED = 3;

/**
 * Errors that prevent a verdict, for people: location and message, the source lines, the fix, and other locations that
 * explain the error. Those of one file that differ only by numbers are printed once. Errors are separated by a blank
 * line; the text ends with a line break, or is empty.
 */
export function renderErrors(errors: readonly AnyError[], options: ErrorOptions): string {
  const lineAt = excerptLines(options.excerpts);
  return folded(errors, options)
    .map(({ error, alike }) => [...errorLines(error, lineAt, options), ...alikeLines(alike, options)])
    .map((lines) => `${lines.map(withoutCommands).join("\n")}\n`)
    .join("\n");
}

interface Folded {
  readonly error: AnyError;
  readonly alike: readonly TextLocation[];
}

function folded(errors: readonly AnyError[], { all = false }: ErrorOptions): readonly Folded[] {
  if (all) return errors.map((error) => ({ error, alike: [] }));
  const kinds = new Map<string, AnyError[]>();
  for (const error of errors) {
    const { code, message, hint, location } = error;
    const key = isTextLocation(location)
      ? JSON.stringify([location.path, code, maskNumbers(message), hint === null ? null : maskNumbers(hint)])
      : // Errors without a line in a text are printed one by one.
        `${kinds.size}`;
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, [error]);
    else kind.push(error);
  }
  return [...kinds.values()].flatMap((members): readonly Folded[] => {
    const [first, ...others] = members;
    if (first === undefined || members.length < FOLD_FROM) return members.map((error) => ({ error, alike: [] }));
    return [{ error: first, alike: others.flatMap(({ location }) => (isTextLocation(location) ? [location] : [])) }];
  });
}

/** `… and the same on 96 more lines: 3:49, 4:49, 5:49 and 93 more; --all lists them.` */
function alikeLines(alike: readonly TextLocation[], { color, width, all }: ErrorOptions): string[] {
  if (alike.length === 0) return [];
  const lines = new Set(alike.map(({ line }) => line));
  const noun = lines.size === alike.length ? "on" : "at";
  const where = counted(alike.length, lines.size === alike.length ? "more line" : "more place");
  const named = alike.slice(0, NAMED).map(({ line, column }) => `${line}:${column}`);
  const rest = alike.length - named.length;
  const list = rest > 0 ? `${named.join(", ")} and ${thousands(rest)} more` : named.join(", ");
  const how = all === undefined ? "" : "; --all lists them";
  const paint = painter(color);
  return wrap(`… and the same ${noun} ${where}: ${list}${how}.`, width).map((line) => paint(line, "dim"));
}

function errorLines(error: AnyError, lineAt: LineLookup, { color, width, word = "error" }: ErrorOptions): string[] {
  const paint = painter(color);
  // A count does not belong to a particular line.
  const isCount = error.code === "more-errors";
  const where = error.location === null || isCount ? [] : [paint(`${locationText(error.location)}:`, "bold")];
  const what = paint(`${word}[${escapeForTerminal(error.code)}]:`, word === "error" ? "red" : "yellow", "bold");
  const head = flow([...where, what, ...words(escapeForTerminal(error.message), width - 2)], width - 2);
  const lines = head.map((line, index) => (index === 0 ? line : `  ${line}`));
  if (isTextLocation(error.location) && !isCount) {
    lines.push(...codeFrame(lineAt, error.location, { color, width }));
  }
  if (error.hint !== null) {
    const hint = wrap(advice(error.hint), width - "hint: ".length);
    lines.push(...hint.map((line, index) => (index === 0 ? `${paint("hint:", "cyan")} ${line}` : `      ${line}`)));
  }
  for (const { message, location } of "related" in error ? error.related : []) {
    lines.push(
      ...wrap(`${locationText(location)}: ${escapeForTerminal(message)}`, width - 2).map((line) =>
        paint(`  ${line}`, "dim"),
      ),
    );
  }
  return lines;
}
