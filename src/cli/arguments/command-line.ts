import parse from "yargs-parser";
import { type OptionRow, OPTIONS } from "./options.ts";

/** An option as typed. The value is undefined if there is none. */
export interface Given {
  readonly name: string;
  /** Including its dashes. */
  readonly typed: string;
  readonly value: string | undefined;
}

/** A command line split into its parts. */
export interface CommandLine {
  readonly words: readonly string[];
  /** The first word, unless `--` marks it as a file. */
  readonly commandWord: string | null;
  readonly given: readonly Given[];
}

/** Replaces `-` while yargs parses the line: yargs treats a lone dash as a word, never as an option's value. */
const LONE_DASH = "\u0000-";

const ROWS = new Map<string, OptionRow>(Object.entries(OPTIONS));

const rows = [...ROWS];

/** Settings of yargs' parser: as yargs itself parses with these options. */
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

/** Splits a command line with the parser of yargs; errors in it are detected elsewhere. */
export function commandLine(all: readonly string[]): CommandLine {
  // Names that every object inherits (`--constructor`) confuse yargs, and are not options of this program.
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

/** Whether the word after the option is its value. */
function takesWord({ kind }: OptionRow): boolean {
  return kind === "value" || kind === "list";
}

/** One entry for each occurrence of the option. */
function given(name: string, read: unknown, argv: readonly string[]): readonly Given[] {
  // yargs accepts `-format` for `--format`; here a single dash precedes a single letter.
  if (name.length > 1 && argv.some((word) => word === `-${name}` || word.startsWith(`-${name}=`))) {
    return [{ name: `-${name}`, typed: `-${name}`, value: undefined }];
  }
  const typed = name.length === 1 ? `-${name}` : `--${name}`;
  const joined = argv.find((word) => word.startsWith(`${typed}=`));
  const row = ROWS.get(name);
  // yargs reads `--quiet=no` as a false `--quiet`, which is not what the user means.
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
