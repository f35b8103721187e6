import yargs from "yargs";
import { COMMAND_NAMES, COMMANDS } from "./commands.ts";
import type { Option } from "./options.ts";

/** An option as typed. The value is undefined when none stands there. */
export interface Given {
  readonly name: string;
  /** With its dashes. */
  readonly typed: string;
  readonly value: string | undefined;
}

/** A command line, taken apart. */
export interface CommandLine {
  readonly words: readonly string[];
  /** The first word, unless `--` says that it is a file. */
  readonly commandWord: string | null;
  readonly given: readonly Given[];
}

/** What stands for `-` while yargs reads the line: yargs takes a lone dash for a word, never for an option's value. */
const LONE_DASH = "\u0000-";

const OPTIONS: readonly Option[] = COMMAND_NAMES.flatMap((name) => COMMANDS[name].options);

/** Takes a command line apart with yargs; what of it is wrong is judged elsewhere. */
export function commandLine(all: readonly string[]): CommandLine {
  // Names that every object has (`--constructor`) confuse yargs, and are no options of ours.
  const inherited = all.filter((word) => inheritedName(word) !== null);
  const argv = all.filter((word) => !inherited.includes(word));
  const read = yargs(argv.map((word) => (word === "-" ? LONE_DASH : word)))
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "populate--": true,
      "short-option-groups": false,
      "strip-aliased": true,
    })
    .help(false)
    .version(false)
    .exitProcess(false)
    .options(Object.fromEntries(OPTIONS.map(yargsOption)))
    .parseSync() as Readonly<Record<string, unknown>>;
  const { _: before, "--": after = [], ...options } = read;
  const words = texts(before);
  return {
    words: [...words, ...texts(after)],
    commandWord: words[0] ?? null,
    given: [
      ...inherited.map((word) => ({ name: word, typed: inheritedName(word) ?? word, value: undefined })),
      ...Object.entries(options).flatMap(([name, values]) => (name === "$0" ? [] : given(name, values, argv))),
    ],
  };
}

function inheritedName(word: string): string | null {
  const [, typed, name] = /^(--?([^=]+))/.exec(word) ?? [];
  return typed !== undefined && name !== undefined && name in Object.prototype ? typed : null;
}

function yargsOption({ name, short, value, isOptional = false }: Option) {
  return [
    name,
    { type: value === null || isOptional ? "boolean" : "string", ...(short !== undefined && { alias: short }) },
  ] as const;
}

/** One entry for each time that the option was given. */
function given(name: string, read: unknown, argv: readonly string[]): readonly Given[] {
  // yargs takes `-format` for `--format`; here one dash stands before one letter.
  if (name.length > 1 && argv.some((word) => word === `-${name}` || word.startsWith(`-${name}=`))) {
    return [{ name: `-${name}`, typed: `-${name}`, value: undefined }];
  }
  const typed = name.length === 1 ? `-${name}` : `--${name}`;
  const joined = argv.find((word) => word.startsWith(`${typed}=`));
  const takesNone = OPTIONS.some((option) => option.name === name && (option.value === null || option.isOptional));
  // yargs reads `--quiet=no` as a false `--quiet`; nobody who writes that means what it does.
  if (takesNone && joined !== undefined) return [{ name, typed, value: joined.slice(typed.length + 1) }];
  return [read]
    .flat()
    .map((value) => ({ name, typed, value: typeof value === "string" ? texts(value)[0] : undefined }));
}

/** Words as typed. */
function texts(read: unknown): readonly string[] {
  return [read].flat().map((word) => (word === LONE_DASH ? "-" : String(word)));
}
