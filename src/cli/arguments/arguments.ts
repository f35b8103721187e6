import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { commandLine, type Given } from "./command-line.ts";
import { commandWordErrors } from "./command-words.ts";
import { type Arguments, COMMAND_NAMES, COMMANDS, type CommandName, optionsOf } from "./commands.ts";
import { optionConflicts } from "./option-conflicts.ts";
import { InvalidValue } from "./option-values.ts";
import type { Option } from "./options.ts";
import { unexpected, usageError } from "./usage-error.ts";

/** The action to run: a command with its arguments, or text to print. */
export type Invocation =
  | { readonly [Name in CommandName]: { readonly command: Name; readonly options: Arguments<Name> } }[CommandName]
  | { readonly command: "print-config"; readonly options: PrintConfigArguments }
  | { readonly command: "help"; readonly about: CommandName | null }
  | { readonly command: "version" };

/**
 * `preflight check … --print-config`: the arguments of a check, and `node:oslo-conf01`, or null for settings in
 * general.
 */
export type PrintConfigArguments = Arguments<"check"> & {
  readonly deployment: string;
  readonly subject: string | null;
};

/** Parses the command line. Throws PreflightErrors for invalid usage: all errors at once, each with its fix. */
export function readArguments(argv: readonly string[]): Invocation {
  const { words, commandWord, given } = commandLine(argv);
  const command = COMMAND_NAMES.find((name) => name === commandWord) ?? null;
  if (given.some(({ name }) => name === "help")) return { command: "help", about: command };
  if (given.some(({ name }) => name === "version")) return { command: "version" };

  const rest = command === null ? words : words.slice(1);
  const name = command ?? "check";
  const errors = given.flatMap((option) => mistakes(option, name));
  const printed = given.find((option) => option.name === "print-config");
  if (errors.length === 0 && printed !== undefined) return printConfig(rest, printed.value, given);
  if (errors.length === 0) errors.push(...commandWordErrors(name, rest, command === null ? commandWord : null));
  if (errors.length === 0) errors.push(...optionConflicts(name, rest, given));
  if (errors.length > 0) throw new PreflightErrors(errors);
  // The arguments match the command: both come from its row.
  return { command: name, options: argumentsOf(name, rest, given) } as Invocation;
}

/** Start of a subject id, with which no path starts: `node:`; a Windows drive is a single letter. */
const SUBJECT_ID = /^[a-z][a-z-]+:/;

/**
 * `preflight check [<deployment>] --print-config [SUBJECT]`: the subject may be joined by `=` or be a separate word.
 * Without a deployment, the config is looked up as for one on standard input.
 */
function printConfig(words: readonly string[], joined: string | undefined, given: readonly Given[]): Invocation {
  const subjects = [...(joined === undefined ? [] : [joined]), ...words.filter((word) => SUBJECT_ID.test(word))];
  const files = words.filter((word) => !SUBJECT_ID.test(word));
  const errors = optionConflicts("check", words, given);
  const extra = [files[1], subjects[1]].find((word) => word !== undefined);
  if (extra !== undefined) {
    errors.push(
      unexpected(extra, "write preflight <deployment> --print-config, optionally with a subject such as node:conf01"),
    );
  }
  if (errors.length > 0) throw new PreflightErrors(errors);
  const deployment = files[0] ?? "-";
  const options = argumentsOf("check", [deployment], given);
  return { command: "print-config", options: { ...options, deployment, subject: subjects[0] ?? null } };
}

function mistakes({ name, typed, value }: Given, command: CommandName): PreflightError[] {
  const option = optionsOf(command).find((candidate) => candidate.name === name);
  if (option === undefined) return [unknownOption(typed, name, command)];
  const { kind, choices } = option;
  if (kind === "flag") return value === undefined ? [] : [usageError(`${typed} takes no value.`, `write ${typed}`)];
  if (value === undefined && kind === "optional") return [];
  if (value === undefined || value === "") {
    return [usageError(`${typed} requires a value.`, `write ${typed} ${option.value ?? ""}`)];
  }
  if (choices === undefined || choices.includes(value)) return [];
  const near = suggest(value, choices);
  const hint = near === null ? `use one of ${choices.join(", ")}` : `did you mean ${near}?`;
  return [usageError(`${typed} does not accept ${quoted(value)}.`, hint)];
}

function unknownOption(typed: string, name: string, command: CommandName): PreflightError {
  const names = (of: CommandName) => optionsOf(of).map((option) => option.name);
  const owner = COMMAND_NAMES.find((other) => other !== command && names(other).includes(name));
  const near = owner === undefined ? suggest(typed.replace(/^-+/, ""), names(command)) : null;
  return new PreflightError("unknown-option", `Unknown option ${quoted(typed)}.`, null, hint());

  function hint(): string {
    if (near !== null) return `did you mean --${near}?`;
    if (owner !== undefined) return `it is an option of preflight ${owner}`;
    const listed = `preflight ${command} --help lists the options`;
    return typed.startsWith("--") ? listed : `${listed}; write a file name that begins with a dash as ./${typed}`;
  }
}

/** The arguments of a command. If an option with one value is given twice, the last one counts. */
function argumentsOf<Name extends CommandName>(
  command: Name,
  words: readonly string[],
  given: readonly Given[],
): Arguments<Name> {
  const errors: PreflightError[] = [];
  const own = optionsOf(command).filter(({ group }) => group !== "Other");
  const options = own.map((option) => {
    const texts = given.flatMap(({ name, value }) => (name === option.name ? [value ?? ""] : []));
    return [option.name, valueOf(option, texts, errors)] as const;
  });
  if (errors.length > 0) throw new PreflightErrors(errors);
  // The type is derived from the rows with which the values were parsed.
  return { ...Object.fromEntries(options), ...COMMANDS[command].words(words) } as Arguments<Name>;
}

function valueOf(option: Option, texts: readonly string[], errors: PreflightError[]): unknown {
  const { name, kind, isSeparated = false, parse } = option;
  if (kind === "flag") return texts.length > 0;
  const parsed = (text: string): unknown => {
    const value = parse === undefined ? text : parse(text);
    if (value instanceof InvalidValue)
      errors.push(usageError(`--${name} does not accept ${quoted(text)}.`, value.hint));
    return value;
  };
  if (kind !== "list") return texts.slice(-1).map(parsed)[0] ?? option.default;
  const items = isSeparated ? texts.flatMap((text) => text.split(",")).map((item) => item.trim()) : texts;
  return items.map(parsed);
}
