import { type CompletedCommand, type CompletedOption, joined, needsValue } from "./words.ts";

/** A completion script for fish 3.1 and later. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = [
    "# Completion of preflight for fish: preflight completion fish | source",
    "# The command that the line is about; check may be left out.",
    "function __preflight_command",
    "    set -l words (commandline -opc)",
    `    if contains -- "$words[2]" ${joined(commands.map(({ name }) => name))}`,
    "        echo $words[2]",
    "    else",
    "        echo check",
    "    end",
    "end",
    "function __preflight_is",
    '    test (__preflight_command) = "$argv[1]"',
    "end",
    "# Whether the word that is typed is the one with this number behind the command, which the line names.",
    "function __preflight_word",
    "    set -l words (commandline -opc)",
    '    test "$words[2]" = "$argv[1]"; and test (count $words) -eq (math $argv[2] + 1)',
    "    and begin",
    '        test (count $argv) -lt 3; or test "$words[3]" = "$argv[3]"',
    "    end",
    "end",
    ...commands.flatMap((command) => [
      `complete -c preflight -n 'test (count (commandline -opc)) -eq 1' -a ${command.name} -d ${quoted(command.describe)}`,
      ...command.options.map((option) => ofOption(command.name, option)),
      ...ofArgument(command),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function ofOption(command: string, option: CompletedOption): string {
  const { name, short, describe, offer } = option;
  const parts = [
    `complete -c preflight -n '__preflight_is ${command}' -l ${name}`,
    ...(short === undefined ? [] : [`-s ${short}`]),
    ...(needsValue(option) ? [offer === "files" ? "-r -F" : "-x"] : []),
    ...(typeof offer === "string" ? [] : [`-a '${joined(offer)}'`]),
    `-d ${quoted(describe)}`,
  ];
  return parts.join(" ");
}

/** fish offers files by default. */
function ofArgument({ name, actions, actionWithArgument, argument }: CompletedCommand): readonly string[] {
  const line = (place: string, words: readonly string[]) =>
    `complete -c preflight -f -n '__preflight_word ${name} ${place}' -a '${joined(words)}'`;
  const words = typeof argument === "string" ? [] : argument;
  if (actions.length === 0) return words.length === 0 ? [] : [line("1", words)];
  const second = words.length === 0 ? [] : [line(`2 ${actionWithArgument ?? ""}`, words)];
  return [line("1", actions), ...second];
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}
