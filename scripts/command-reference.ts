import { COMMAND_NAMES, COMMANDS, type CommandName, optionsOf } from "../src/cli/arguments/commands.ts";
import { call, EXAMPLES, exitCodes, hasOwnExitCodes, usageLine } from "../src/cli/arguments/help-text.ts";
import { GROUPS, type Option } from "../src/cli/arguments/options.ts";
import { markdownTable } from "./markdown-table.ts";

/** A section for each command with its usage, options, exit codes and examples; the options of `check` are grouped. */
export function commandReferenceMarkdown(): string {
  return COMMAND_NAMES.map(section).join("\n");
}

function section(name: CommandName): string {
  const options = optionsOf(name).filter(({ group }) => group !== "Other");
  return [
    `## preflight ${name}\n`,
    `${COMMANDS[name].describe}.\n`,
    `\`\`\`text\npreflight ${usageLine(name)}\n\`\`\`\n`,
    ...(name === "check" ? groups(options) : differences(options)),
    ...(hasOwnExitCodes(name) ? [`${exitCodes(name)}\n`] : []),
    ...examples(name),
  ].join("\n");
}

function groups(options: readonly Option[]): string[] {
  return GROUPS.flatMap((group) => {
    const members = options.filter((option) => option.group === group);
    return members.length === 0 ? [] : [`### ${group}\n`, table(members)];
  });
}

/** The options that `check` does not have, or has with another meaning, in a table, and the names of the others. */
function differences(options: readonly Option[]): string[] {
  const shared = new Map(optionsOf("check").map(({ name, describe }) => [name, describe] as const));
  const own = options.filter(({ name, describe }) => shared.get(name) !== describe);
  const others = options.filter((option) => !own.includes(option)).map(({ name }) => `\`--${name}\``);
  return [
    ...(own.length === 0 ? [] : [table(own)]),
    ...(others.length === 0 ? [] : [`As in [check](#preflight-check): ${others.join(", ")}.\n`]),
  ];
}

function table(options: readonly Option[]): string {
  const rows = options.map((option) => [`\`${call(option)}\``, markdown(option.describe)]);
  return markdownTable(["option", "meaning"], rows);
}

/** Asterisks in patterns such as `dns/srv-*` would be emphasis. */
function markdown(text: string): string {
  return text.replaceAll("*", String.raw`\*`);
}

function examples(name: CommandName): string[] {
  const lines = (EXAMPLES[name] ?? []).flatMap(([command, text]) => (text === "" ? [command] : [`# ${text}`, command]));
  return lines.length === 0 ? [] : [`\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`];
}
