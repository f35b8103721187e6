import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { commandLine, type Given } from "./command-line.ts";
import { commandWordErrors } from "./command-words.ts";
import { type Invocation, invocation } from "./invocation.ts";
import { optionConflicts } from "./option-conflicts.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName } from "./commands.ts";
import type { Option } from "./options.ts";
import { unexpected, usage } from "./usage-error.ts";

/** Reads the command line. Throws PreflightErrors for bad usage: all mistakes at once, each with its cure. */
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
  return invocation(name, rest, given);
}

/** How a subject id begins, which no path does: `node:`; a drive of Windows is one letter. */
const SUBJECT_ID = /^[a-z][a-z-]+:/;

/**
 * `preflight check [<deployment>] --print-config [SUBJECT]`: the subject may be joined by `=` or stand for itself. Without
 * a deployment the config is looked for as for one on standard input.
 */
function printConfig(words: readonly string[], joined: string | undefined, given: readonly Given[]): Invocation {
  const subjects = [...(joined === undefined ? [] : [joined]), ...words.filter((word) => SUBJECT_ID.test(word))];
  const files = words.filter((word) => !SUBJECT_ID.test(word));
  const errors = optionConflicts("check", words, given);
  const extra = [files[1], subjects[1]].find((word) => word !== undefined);
  if (extra !== undefined) {
    errors.push(
      unexpected(extra, "write preflight <deployment> --print-config, and perhaps a subject such as node:conf01"),
    );
  }
  if (errors.length > 0) throw new PreflightErrors(errors);
  const read = invocation("check", [files[0] ?? "-"], given);
  if (read.command !== "check") throw new Error("check is read as something else");
  return { command: "print-config", options: { ...read.options, subject: subjects[0] ?? null } };
}

function mistakes({ name, typed, value }: Given, command: CommandName): PreflightError[] {
  const options: readonly Option[] = COMMANDS[command].options;
  const option = options.find((candidate) => candidate.name === name);
  if (option === undefined) return [unknownOption(typed, name, command)];
  if (option.value === null) return value === undefined ? [] : [usage(`${typed} takes no value.`, `write ${typed}`)];
  if (value === undefined && option.isOptional === true) return [];
  if (value === undefined || value === "") {
    return [usage(`${typed} needs a value.`, `write ${typed} ${option.value}`)];
  }
  if (option.choices === undefined || option.choices.includes(value)) return [];
  const near = suggest(value, option.choices);
  const hint = near === null ? `it is one of ${option.choices.join(", ")}` : `did you mean ${near}?`;
  return [usage(`${typed} cannot be ${quoted(value)}.`, hint)];
}

function unknownOption(typed: string, name: string, command: CommandName): PreflightError {
  const names = (of: CommandName) => COMMANDS[of].options.map((option) => option.name);
  const owner = COMMAND_NAMES.find((other) => other !== command && names(other).includes(name));
  const near = owner === undefined ? suggest(typed.replace(/^-+/, ""), names(command)) : null;
  return new PreflightError("unknown-option", `Unknown option ${quoted(typed)}.`, null, hint());

  function hint(): string {
    if (near !== null) return `did you mean --${near}?`;
    if (owner !== undefined) return `it is an option of preflight ${owner}`;
    const listed = `preflight ${command} --help lists the options`;
    return typed.startsWith("--") ? listed : `${listed}; a file name that begins with a dash is written ./${typed}`;
  }
}
