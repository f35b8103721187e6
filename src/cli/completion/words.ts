import { type CommandName, COMMAND_NAMES, COMMANDS, optionsOf, SCHEMA_NAMES } from "../arguments/commands.ts";
import type { Option } from "../arguments/options.ts";

/** What a shell offers at a position: files, these words, or nothing. */
export type Offer = "files" | "nothing" | readonly string[];

export interface CompletedOption extends Option {
  /** For its value. */
  readonly offer: Offer;
}

/** A command as shells complete it. */
export interface CompletedCommand {
  readonly name: CommandName;
  readonly describe: string;
  readonly options: readonly CompletedOption[];
  /** The words allowed after the command: `list` and `show`; empty for most. */
  readonly actions: readonly string[];
  /** The action that takes the argument, the last one; null if there is none. */
  readonly actionWithArgument: string | null;
  /** For its argument. */
  readonly argument: Offer;
}

/**
 * Every command with the words allowed at each position, from the table of options.
 *
 * @param ruleIds ids of the built-in rules
 */
export function completedCommands(ruleIds: readonly string[]): readonly CompletedCommand[] {
  const groups = [...new Set(ruleIds.map((id) => `${id.split("/")[0] ?? ""}/*`))];
  return COMMAND_NAMES.map((name) => {
    const { usage, describe } = COMMANDS[name];
    const [, ...words] = usage.split(" ");
    const actions = words.filter((word) => !/^\[?</.test(word)).flatMap((word) => word.split("|"));
    return {
      name,
      describe,
      options: optionsOf(name).map((option) => ({ ...option, offer: valueOffer(option, ruleIds, groups) })),
      actions,
      actionWithArgument: actions.at(-1) ?? null,
      argument: argumentOffer(
        words.find((word) => /^\[?</.test(word)),
        ruleIds,
      ),
    };
  });
}

function valueOffer(option: Option, ruleIds: readonly string[], groups: readonly string[]): Offer {
  const words = option.choices ?? option.offered;
  if (words !== undefined) return words;
  switch (option.value) {
    case "FILE":
    case "FILE|DIR|none":
      return "files";
    case "ID|GROUP/*":
      return [...groups, ...ruleIds];
    case '"ID: SEVERITY"':
      return ruleIds;
    default:
      return "nothing";
  }
}

function argumentOffer(word: string | undefined, ruleIds: readonly string[]): Offer {
  switch (word) {
    case "<deployment>":
    case "[<deployment>...]":
    case "<file>":
    case "<before>":
    case "<report>":
    case "<path>...":
      return "files";
    case "<id>":
      return ruleIds;
    case "<name>":
      return SCHEMA_NAMES;
    case undefined:
      return "nothing";
    default:
      throw new Error(`Completion does not know what ${word} stands for.`);
  }
}

/** Whether the word after the option is its value. */
export function needsValue({ kind }: Option): boolean {
  return kind === "value" || kind === "list";
}

/** The spellings of an option: `--output` before `-o`. */
export function typedNames({ name, short }: Option): readonly string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}

/** Shells split words at blanks, without support for quotes; no word here needs either. */
export function joined(words: readonly string[]): string {
  const odd = words.find((word) => !/^[\w./*-]+$/.test(word));
  if (odd !== undefined) throw new Error(`${odd} cannot stand in a completion script as it is.`);
  return words.join(" ");
}
