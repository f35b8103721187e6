import { RUNNER_COMMAND, terminal } from "./escape.ts";
import { betweenCodes, STYLE_CODE } from "./paint.ts";

/**
 * Line start that a GitHub Actions runner treats as a command: `::add-mask::`, `::error file=x::`. Also after codes of
 * the painter, as some logs remove them, and text must not depend on them.
 */
const COMMAND = new RegExp(`^((?:\\s|${STYLE_CODE})*):(?=:[a-z][a-z-]*[ :])`, "i");

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A line of text that has no effect in a CI log. A GitHub Actions runner skips blanks at the start of a line, so an
 * indent does not prevent a name from being executed; commands that are executed anywhere in a line may be composed of
 * pieces that `terminal` has escaped separately.
 */
export function withoutCommands(line: string): string {
  const shown = line.replace(COMMAND, "$1\\x3a");
  return shown.includes("##") ? shown.replace(RUNNER_COMMAND, "#\\x23") : shown;
}

/**
 * A line that is safe to send to a terminal or a log: the only control characters left are the codes of the painter,
 * and no CI system finds a command in it.
 */
export function terminalLine(line: string): string {
  return withoutCommands(PLAIN.test(line) ? line : betweenCodes(line, terminal));
}
