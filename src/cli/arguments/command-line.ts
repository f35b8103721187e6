import parse from "yargs-parser";
import { type OptionRow, OPTIONS } from "./options.ts";

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

const ROWS = new Map<string, OptionRow>(Object.entries(OPTIONS));

const rows = [...ROWS];

/** How yargs' parser reads the line: as yargs itself does with these options. */
export const PARSER = {
  alias: Object.fromEntries(rows.flatMap(([name, { short }]) => (short === undefined ? [] : [[name, short]]))),
  boolean: rows.flatMap(([name, row]) => (takesWord(row) ? [] : [name])),
  string: rows.flatMap(([name, row]) => (takesWord(row) ? [name] : [])),
  configuration: {
    "boolean-negation": false,
    "camel-case-expansion": false,
    "dot-notation": false,
    "parse-numbers": false,
    "parse-positional-numbers": false,
    "populate--": true,
    "short-option-groups": false,
    "strip-aliased": true,
  },
};

/** Takes a command line apart with the parser of yargs; what of it is wrong is evaluated elsewhere. */
export function commandLine(all: readonly string[]): CommandLine {
  // Names that every object has (`--constructor`) confuse yargs, and are no options of ours.
  const inherited = all.filter((word) => inheritedName(word) !== null);
  const argv = all.filter((word) => !inherited.includes(word));
  const read = parse(
    argv.map((word) => (word === "-" ? LONE_DASH : word)),
    PARSER,
  ) as Readonly<Record<string, unknown>>;
  const { _: before, "--": after = [], ...options } = read;
  const words = texts(before);
  return {
    words: [...words, ...texts(after)],
    commandWord: words[0] ?? null,
    given: [
      ...inherited.map((word) => ({ name: word, typed: inheritedName(word) ?? word, value: undefined })),
      ...Object.entries(options).flatMap(([name, values]) => given(name, values, argv)),
    ],
  };
}

function inheritedName(word: string): string | null {
  const [, typed, name] = /^(--?([^=]+))/.exec(word) ?? [];
  return typed !== undefined && name !== undefined && name in Object.prototype ? typed : null;
}

/** Whether the word behind the option is its value. */
function takesWord({ kind }: OptionRow): boolean {
  return kind === "value" || kind === "list";
}

/** One entry for each time that the option was given. */
function given(name: string, read: unknown, argv: readonly string[]): readonly Given[] {
  // yargs takes `-format` for `--format`; here one dash stands before one letter.
  if (name.length > 1 && argv.some((word) => word === `-${name}` || word.startsWith(`-${name}=`))) {
    return [{ name: `-${name}`, typed: `-${name}`, value: undefined }];
  }
  const typed = name.length === 1 ? `-${name}` : `--${name}`;
  const joined = argv.find((word) => word.startsWith(`${typed}=`));
  const row = ROWS.get(name);
  // yargs reads `--quiet=no` as a false `--quiet`, which is not what its author means.
  if (row !== undefined && !takesWord(row) && joined !== undefined)
    return [{ name, typed, value: joined.slice(typed.length + 1) }];
  return [read]
    .flat()
    .map((value) => ({ name, typed, value: typeof value === "string" ? texts(value)[0] : undefined }));
}

/** Words as typed. */
function texts(read: unknown): readonly string[] {
  return [read].flat().map((word) => (word === LONE_DASH ? "-" : String(word)));
}
