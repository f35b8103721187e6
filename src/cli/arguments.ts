import yargs from "yargs";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { quoted } from "../values/quoted.ts";
import { suggest } from "../values/suggest.ts";
import type { ColorChoice } from "./color.ts";
import {
  COLORS,
  COMMAND_NAMES,
  COMMANDS,
  type CommandName,
  INCONCLUSIVE,
  type Option,
  SCHEMA_NAMES,
  SHELLS,
} from "./options.ts";

/** The command line as plain data: what to do, or what to print. */
export type Invocation =
  | { readonly command: "check"; readonly options: CheckArguments }
  | { readonly command: "print-config"; readonly options: PrintConfigArguments }
  | { readonly command: "plan"; readonly options: PlanArguments }
  | { readonly command: "probe"; readonly options: ProbeArguments }
  | { readonly command: "report"; readonly options: ReportArguments }
  | { readonly command: "inventory-pull"; readonly options: PullArguments }
  | { readonly command: "inventory-import"; readonly options: ImportArguments }
  | { readonly command: "init" }
  | { readonly command: "rules-list"; readonly format: "text" | "json" | "markdown" }
  | { readonly command: "rules-show"; readonly id: string }
  | { readonly command: "schema"; readonly name: SchemaName }
  | { readonly command: "completion"; readonly shell: Shell }
  | { readonly command: "help"; readonly about: CommandName | null }
  | { readonly command: "version" };

export type SchemaName = (typeof SCHEMA_NAMES)[number];
export type Shell = (typeof SHELLS)[number];

/** How a report is shown. */
export interface FormatArguments {
  readonly format: readonly string[];
  readonly "sarif-include": readonly string[];
  readonly "sarif-category": string | undefined;
  readonly quiet: boolean;
  readonly all: boolean;
  readonly frames: boolean;
  readonly color: ColorChoice;
}

export interface ReportArguments extends FormatArguments {
  readonly report: string;
}

/** Options that choose files and rules; strings as typed. */
export interface RunArguments {
  readonly deployment: string;
  readonly inventory: readonly string[];
  readonly "allow-outside-paths": boolean;
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly now: string | undefined;
  readonly config: string | undefined;
  readonly "no-config": boolean;
  readonly color: ColorChoice;
}

/** Who is asked, and from where. */
export interface PlaceArguments {
  readonly from: string | undefined;
  readonly "system-resolver": boolean;
}

/** How servers are asked. */
export interface AskArguments extends PlaceArguments {
  readonly timeout: string | undefined;
  readonly retries: string | undefined;
  readonly deadline: string | undefined;
  readonly concurrency: string | undefined;
}

/** How to log in to a vCenter Server or ESXi host. Passwords are no option: other users can read a command line. */
export interface VsphereArguments {
  readonly user: string | undefined;
  readonly "password-file": string | undefined;
  readonly ca: readonly string[];
  readonly thumbprint: readonly string[];
  readonly insecure: boolean;
  readonly datacenter: string | undefined;
}

export interface PullArguments extends VsphereArguments {
  readonly server: string | undefined;
  readonly output: string | undefined;
  readonly color: ColorChoice;
}

export interface PlanArguments extends RunArguments, PlaceArguments {
  readonly "no-live": boolean;
  readonly format: readonly string[];
}

export interface ProbeArguments extends RunArguments, AskArguments {
  readonly output: string | undefined;
}

export interface ImportArguments {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly output: string | undefined;
  readonly color: ColorChoice;
}

/** Exceptions that were agreed on, and the plan that was. */
export interface ExceptionArguments {
  readonly waivers: string | undefined;
  readonly "no-waivers": boolean;
  readonly "no-inline": boolean;
  readonly "write-waivers": boolean;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly expires: string | undefined;
  readonly ticket: string | undefined;
  readonly "baseline-plan": string | undefined;
}

export interface CheckArguments
  extends PlanArguments, AskArguments, ExceptionArguments, FormatArguments, VsphereArguments {
  readonly vcenter: string | undefined;
  readonly evidence: readonly string[];
  readonly "max-age": string | undefined;
  readonly "max-warnings": string | undefined;
  readonly inconclusive: (typeof INCONCLUSIVE)[number] | undefined;
}

export interface PrintConfigArguments extends CheckArguments {
  /** `node:oslo-conf01`, or null: settings in general. */
  readonly subject: string | null;
}

/** Reads the command line. Throws PreflightErrors for bad usage: all mistakes at once, each with its cure. */
export function readArguments(argv: readonly string[]): Invocation {
  const { words, commandWord, given } = split(argv);
  const command = COMMAND_NAMES.find((name) => name === commandWord) ?? null;
  if (given.some(({ name }) => name === "help")) return { command: "help", about: command };
  if (given.some(({ name }) => name === "version")) return { command: "version" };

  const rest = command === null ? words : words.slice(1);
  const name = command ?? "check";
  const errors = given.flatMap((option) => mistakes(option, name));
  const printed = given.find((option) => option.name === "print-config");
  if (errors.length === 0 && printed !== undefined) return printConfig(rest, printed.value, given);
  if (errors.length === 0) errors.push(...wordMistakes(name, rest, command === null ? commandWord : null));
  if (errors.length === 0) errors.push(...conflicts(name, rest, given));
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
  const errors = conflicts("check", words, given);
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

/** An option as typed. The value is undefined when none stands there. */
interface Given {
  readonly name: string;
  /** With its dashes. */
  readonly typed: string;
  readonly value: string | undefined;
}

interface Split {
  readonly words: readonly string[];
  /** The first word, unless `--` says that it is a file. */
  readonly commandWord: string | null;
  readonly given: readonly Given[];
}

/** What stands for `-` while yargs reads the line: yargs takes a lone dash for a word, never for an option's value. */
const LONE_DASH = "\u0000-";

const OPTIONS: readonly Option[] = COMMAND_NAMES.flatMap((name) => COMMANDS[name].options);

function split(all: readonly string[]): Split {
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

/** Options that cannot mean anything together, or alone. */
function conflicts(command: CommandName, words: readonly string[], given: readonly Given[]): PreflightError[] {
  const has = (option: string) => given.some(({ name }) => name === option);
  if (has("config") && has("no-config")) {
    return [usage("--config and --no-config cannot be used together.", "leave one of them away")];
  }
  const live = ["server", ...OF_VSPHERE].find(has);
  if (command === "inventory" && words[0] === "import" && live !== undefined) {
    return [usage(`--${live} is of no use for an import, which asks no server.`, "it is for preflight inventory pull")];
  }
  const idle = OF_VSPHERE.find(has);
  if (command === "check" && idle !== undefined && !has("vcenter")) {
    return [usage(`--${idle} is of no use without --vcenter.`, "add --vcenter URL")];
  }
  if (has("insecure") && (has("ca") || has("thumbprint"))) {
    const other = has("ca") ? "--ca" : "--thumbprint";
    return [usage(`--insecure cannot be used together with ${other}.`, `${other} is safer; leave --insecure away`)];
  }
  const waivers = waiverConflicts(has);
  if (waivers.length > 0) return waivers;
  if (!has("evidence")) {
    return has("max-age") ? [usage("--max-age is of no use without --evidence.", "add --evidence FILE")] : [];
  }
  return Object.entries(NOT_WITH_EVIDENCE).flatMap(([option, hint]) =>
    has(option) ? [usage(`--${option} cannot be used together with --evidence.`, hint)] : [],
  );
}

const OF_VSPHERE = ["user", "password-file", "ca", "thumbprint", "insecure", "datacenter"];

/** What a waiver must say, and what is of no use without the option that writes one. */
const WAIVER_TERMS = ["reason", "owner", "expires"] as const;

function waiverConflicts(has: (option: string) => boolean): PreflightError[] {
  const errors: PreflightError[] = [];
  if (has("no-waivers")) {
    for (const other of ["waivers", "write-waivers"].filter(has)) {
      errors.push(usage(`--${other} and --no-waivers cannot be used together.`, "leave one of them away"));
    }
  }
  if (has("write-waivers")) {
    const lacking = WAIVER_TERMS.filter((term) => !has(term)).map((term) => `--${term}`);
    if (lacking.length > 0) {
      const hint = 'write --reason "WHY" --owner NAME --expires YYYY-MM-DD';
      errors.push(usage(`--write-waivers needs ${lacking.join(" and ")}.`, hint));
    }
    return errors;
  }
  const idle = [...WAIVER_TERMS, "ticket"].find(has);
  if (idle !== undefined) errors.push(usage(`--${idle} is of no use without --write-waivers.`, "add --write-waivers"));
  return errors;
}

/** With the cure. Limits such as --timeout may stand beside it: they hold, as nobody is asked. */
const NOT_WITH_EVIDENCE = {
  "no-live": "--evidence asks nobody either; leave --no-live away, or --evidence to skip what needs answers",
  from: "the evidence names the place where it was recorded; give --from to preflight probe",
  "system-resolver": "the evidence holds the DNS servers of its place; give --system-resolver to preflight probe",
} as const;

/** What is wrong with the words that are no options. `command` is a word that was no command, and so may be a slip. */
function wordMistakes(name: CommandName, words: readonly string[], command: string | null): PreflightError[] {
  const [first, second, third] = words;
  switch (name) {
    case "check":
    case "plan":
    case "probe":
      if (first === undefined) {
        return [usage(`Say which deployment file to ${name}.`, `preflight ${name} --help shows how`)];
      }
      if (second === undefined) return [];
      if (command !== null && commandLike(command) !== null) return [unknownCommand(command)];
      return [unexpected(second, "name one deployment file, and inventories with --inventory FILE")];
    case "report":
      if (first === undefined) {
        return [usage("Say which saved report to show.", "write preflight report FILE, or - for standard input")];
      }
      return second === undefined ? [] : [unexpected(second, "one report is shown at a time")];
    case "inventory":
      if (first === "pull") {
        // The word may be a URL with a password in it, and is not shown.
        return second === undefined
          ? []
          : [usage("preflight inventory pull takes no file or name.", "name the server with --server URL")];
      }
      if (first !== "import") {
        const hint = "write preflight inventory pull --server URL, or preflight inventory import PATH";
        return [usage("Say what to do with the inventory.", hint)];
      }
      return second === undefined
        ? [
            usage(
              "Say which export to import.",
              "name an RVTools workbook, a folder of its CSV files, or output of govc",
            ),
          ]
        : [];
    case "init":
      return first === undefined ? [] : [unexpected(first, "it writes into the working directory")];
    case "rules":
      if (first === "show") {
        if (second === undefined) return [usage("Say which rule to show.", "preflight rules list names them all")];
        return third === undefined ? [] : [unexpected(third, "one rule is shown at a time")];
      }
      if (first !== "list") {
        return [usage("Say what to do with the rules.", "write preflight rules list, or preflight rules show ID")];
      }
      return second === undefined ? [] : [unexpected(second, "write preflight rules list")];
    case "schema": {
      if (first === undefined)
        return [usage("Say which schema to print.", `the schemas are ${SCHEMA_NAMES.join(", ")}`)];
      if (second !== undefined) return [unexpected(second, "one schema is printed at a time")];
      if (SCHEMA_NAMES.some((schema) => schema === first)) return [];
      const near = suggest(first, SCHEMA_NAMES);
      const hint = near === null ? `the schemas are ${SCHEMA_NAMES.join(", ")}` : `did you mean ${near}?`;
      return [usage(`There is no schema ${quoted(first)}.`, hint)];
    }
    case "completion": {
      const hint = `the shells are ${SHELLS.join(", ")}`;
      if (first === undefined) return [usage("Say for which shell.", hint)];
      if (second !== undefined) return [unexpected(second, "one script is printed at a time")];
      return SHELLS.some((shell) => shell === first)
        ? []
        : [usage(`There is no completion for ${quoted(first)}.`, hint)];
    }
  }
}

/** The command line of a command without mistakes. Of an option that is given twice, the last one counts. */
function invocation(name: CommandName, words: readonly string[], given: readonly Given[]): Invocation {
  const all = (option: string) =>
    given.flatMap(({ name: candidate, value }) => (candidate === option ? [value ?? ""] : []));
  const has = (option: string) => all(option).length > 0;
  const last = (option: string) => all(option).at(-1);
  const choice = <Choice extends string>(option: string, choices: readonly [Choice, ...Choice[]]): Choice =>
    choices.find((candidate) => candidate === last(option)) ?? choices[0];

  const run = (): RunArguments => ({
    deployment: words[0] ?? "",
    inventory: all("inventory"),
    "allow-outside-paths": has("allow-outside-paths"),
    only: all("only"),
    rule: all("rule"),
    now: last("now"),
    config: last("config"),
    "no-config": has("no-config"),
    color: choice("color", COLORS),
  });
  const place = (): PlaceArguments => ({ from: last("from"), "system-resolver": has("system-resolver") });
  const asking = (): AskArguments => ({
    ...place(),
    timeout: last("timeout"),
    retries: last("retries"),
    deadline: last("deadline"),
    concurrency: last("concurrency"),
  });
  const showing = (): FormatArguments => ({
    format: all("format"),
    "sarif-include": all("sarif-include"),
    "sarif-category": last("sarif-category"),
    quiet: has("quiet"),
    all: has("all"),
    frames: has("frames"),
    color: choice("color", COLORS),
  });
  const vsphere = (): VsphereArguments => ({
    user: last("user"),
    "password-file": last("password-file"),
    ca: all("ca"),
    thumbprint: all("thumbprint"),
    insecure: has("insecure"),
    datacenter: last("datacenter"),
  });
  const plan = (): PlanArguments => ({ ...run(), ...place(), "no-live": has("no-live"), format: all("format") });
  switch (name) {
    case "check": {
      const recorded = { evidence: all("evidence"), "max-age": last("max-age") };
      const own = { "max-warnings": last("max-warnings") };
      const exceptions: ExceptionArguments = {
        waivers: last("waivers"),
        "no-waivers": has("no-waivers"),
        "no-inline": has("no-inline"),
        "write-waivers": has("write-waivers"),
        reason: last("reason"),
        owner: last("owner"),
        expires: last("expires"),
        ticket: last("ticket"),
        "baseline-plan": last("baseline-plan"),
      };
      return {
        command: "check",
        options: {
          ...plan(),
          ...asking(),
          ...showing(),
          ...vsphere(),
          vcenter: last("vcenter"),
          ...recorded,
          ...own,
          ...exceptions,
          inconclusive: INCONCLUSIVE.find((effect) => effect === last("inconclusive")),
        },
      };
    }
    case "plan":
      return { command: "plan", options: plan() };
    case "probe":
      return { command: "probe", options: { ...run(), ...asking(), output: last("output") } };
    case "report":
      return { command: "report", options: { report: words[0] ?? "", ...showing() } };
    case "inventory": {
      const written = { output: last("output"), color: choice("color", COLORS) };
      return words[0] === "pull"
        ? { command: "inventory-pull", options: { ...vsphere(), server: last("server"), ...written } }
        : { command: "inventory-import", options: { paths: words.slice(1), ...written } };
    }
    case "init":
      return { command: "init" };
    case "rules":
      if (words[0] === "show") return { command: "rules-show", id: words[1] ?? "" };
      return { command: "rules-list", format: has("json") ? "json" : has("markdown") ? "markdown" : "text" };
    case "schema":
      return { command: "schema", name: words[0] as SchemaName };
    case "completion":
      return { command: "completion", shell: words[0] as Shell };
  }
}

/** What was probably meant by a word that is neither a command nor a file: `rules`, or `--help` for `help`. */
export function commandLike(word: string): string | null {
  if (!/^[A-Za-z-]+$/.test(word)) return null;
  const near = suggest(word, [...COMMAND_NAMES, "help", "version"]);
  return near === "help" || near === "version" ? `--${near}` : near;
}

/** The mistake of a word that is neither a command nor a file. */
export function unknownCommand(word: string): PreflightError {
  const near = commandLike(word);
  const hint = near === null ? "preflight --help lists the commands" : `did you mean preflight ${near}?`;
  return new PreflightError("unknown-command", `There is no command or file ${quoted(word)}.`, null, hint);
}

function unexpected(word: string, hint: string): PreflightError {
  return new PreflightError("unexpected-argument", `Unexpected argument ${quoted(word)}.`, null, hint);
}

function usage(message: string, hint: string): PreflightError {
  return new PreflightError("usage", message, null, hint);
}
