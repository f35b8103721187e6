import { RUNNER_COMMAND, terminal } from "./escape.ts";
import { betweenCodes, STYLE_CODE } from "./paint.ts";

/**
 * What a line begins with that the runner of GitHub Actions takes for a command: `::add-mask::`, `::error file=x::`. Also
 * behind codes of the painter, as some logs drop them, and text reads the same with and without.
 */
const COMMAND = new RegExp(`^((?:\\s|${STYLE_CODE})*):(?=:[a-z][a-z-]*[ :])`, "i");

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A line of text that does nothing in a log of a CI system. The runner of GitHub Actions passes over blanks at the start
 * of a line, so that an indent does not keep a name from being obeyed; what is obeyed anywhere in a line may have been put
 * together from pieces that `terminal` has escaped one by one.
 */
export function withoutCommands(line: string): string {
  const shown = line.replace(COMMAND, "$1\\x3a");
  return shown.includes("##") ? shown.replace(RUNNER_COMMAND, "#\\x23") : shown;
}

/**
 * A line as it may be sent to a terminal or a log, whatever it was made of: of control characters only the codes of the
 * painter are left, and no CI system finds a command in it.
 */
export function terminalLine(line: string): string {
  return withoutCommands(PLAIN.test(line) ? line : betweenCodes(line, terminal));
}
