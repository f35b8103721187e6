/** What a line begins with that the runner of GitHub Actions takes for a command: `::add-mask::`, `::error file=x::`. */
const COMMAND = /^(\s*):(?=:[a-z][a-z-]*[ :])/i;

/**
 * A line of text that does nothing in a log of GitHub Actions. Its runner passes over blanks at the start of a line and
 * finds `##[command]` anywhere in it, so that neither an indent nor a word before keeps a name from being obeyed.
 */
export function withoutCommands(line: string): string {
  return line.replace(COMMAND, "$1\\x3a").replaceAll("##[", "#\\x23[");
}
