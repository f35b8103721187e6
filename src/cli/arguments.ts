import yargs, { type Argv } from "yargs";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { suggest } from "../values/suggest.ts";

/** The command line as plain data: what to do, or text to print. */
export type Invocation =
  | { readonly command: "check"; readonly options: CheckArguments }
  | { readonly command: "plan"; readonly options: PlanArguments }
  | { readonly command: "rules-list"; readonly options: object }
  | { readonly command: "schema"; readonly options: { readonly name: SchemaName } }
  | { readonly command: "print"; readonly options: { readonly text: string } };

export const SCHEMA_NAMES = ["deployment", "inventory", "report"] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];

/** Options that choose files and rules; strings as typed. */
export interface PlanArguments {
  readonly deployment: string;
  readonly inventory: readonly string[];
  readonly "no-live": boolean;
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly now: string | undefined;
  readonly color: "auto" | "always" | "never";
  readonly format: readonly string[];
}

export interface CheckArguments extends PlanArguments {
  readonly "max-warnings": string | undefined;
  readonly quiet: boolean;
  readonly inconclusive: "fail" | "warn" | "ignore";
}

const COMMANDS = ["check", "plan", "rules", "schema"] as const;

/**
 * Reads the command line. Throws PreflightErrors for bad usage: every unknown option at once, each with the nearest
 * known one.
 */
export async function readArguments(argv: readonly string[], version: string, width: number): Promise<Invocation> {
  const invocations: Invocation[] = [];
  const parser = program(argv, version, width, (read) => {
    invocations.push(read);
  });
  const outcome = await new Promise<{ readonly error: unknown; readonly output: string }>((resolve, reject) => {
    Promise.resolve(parser.parse([...argv], {}, (error, _, output) => resolve({ error, output }))).catch(reject);
  });
  const [invocation] = invocations;
  if (invocation !== undefined) return invocation;
  if (outcome.output !== "" && !outcome.error) return { command: "print", options: { text: `${outcome.output}\n` } };
  if (outcome.error instanceof PreflightErrors) throw outcome.error;
  throw usage(outcome.error instanceof Error ? sentence(outcome.error.message) : "give a deployment file to check");
}

type Report = (invocation: Invocation) => void;

function program(argv: readonly string[], version: string, width: number, report: Report): Argv {
  return yargs([...argv])
    .scriptName("preflight")
    .usage(
      "$0 [check] <deployment> [options]\n\nChecks a Pexip Infinity deployment on VMware vSphere before it is deployed.",
    )
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "greedy-arrays": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "short-option-groups": false,
    })
    .command(
      ["check <deployment>", "$0"],
      "Judge a deployment (the default command)",
      (command) => checkOptions(command),
      (read) => report({ command: "check", options: known(command("check"), read) as unknown as CheckArguments }),
    )
    .command(
      "plan <deployment>",
      "Show which checks would run and what they would ask, without asking",
      (command) => planOptions(command),
      (read) => report({ command: "plan", options: known(command("plan"), read) as unknown as PlanArguments }),
    )
    .command("rules", "List the rules", (rules) =>
      rules
        .command(
          "list",
          "Every rule with its severity and what it requires",
          (command) => command,
          (read) => report({ command: "rules-list", options: known(command("rules"), read) }),
        )
        .demandCommand(1, "say what to do with the rules: preflight rules list"),
    )
    .command(
      "schema <name>",
      "Print a JSON Schema",
      (command) => command.positional("name", { choices: SCHEMA_NAMES, describe: "Which schema", demandOption: true }),
      (read) => report({ command: "schema", options: { name: known(command("schema"), read)["name"] as SchemaName } }),
    )
    .example("$0 deployment.yaml --inventory inventory.json", "check everything, also servers")
    .example("$0 deployment.yaml --no-live", "only what files can tell")
    .example("$0 site.yaml --format sarif=preflight.sarif", "also write SARIF for code scanning")
    .epilogue("Exit codes: 0 gate open, 1 gate closed, 2 no verdict.")
    .group(["help", "version"], "Other:")
    .help()
    .alias("help", "h")
    .version(version)
    .wrap(Math.min(width, 100))
    .exitProcess(false)
    .fail((message, error: Error | undefined) => {
      throw error ?? new Error(message);
    });
}

const COMMON = ["help", "h", "version"] as const;
const PLAN = ["deployment", "inventory", "no-live", "only", "rule", "now", "color", "format"] as const;
const CHECK = [...PLAN, "max-warnings", "quiet", "inconclusive"] as const;

type CommandName = "check" | "plan" | "rules" | "schema";

function command(name: CommandName): { readonly name: CommandName; readonly options: readonly string[] } {
  const own = { check: CHECK, plan: PLAN, rules: [], schema: ["name"] } as const;
  return { name, options: own[name] };
}

function planOptions(command: Argv): Argv {
  return command
    .positional("deployment", { type: "string", describe: "Deployment file, YAML or JSON; - reads standard input" })
    .option("inventory", {
      ...text("FILE"),
      array: true,
      default: [],
      group: "Input:",
      describe: "vSphere inventory, YAML or JSON",
    })
    .option("no-live", {
      type: "boolean",
      default: false,
      group: "Rules:",
      describe: "Ask no server; live rules are skipped",
    })
    .option("only", {
      ...text("ID|GROUP/*"),
      array: true,
      default: [],
      group: "Rules:",
      describe: "Judge these rules, skip all others",
    })
    .option("rule", {
      ...text('"ID: SEVERITY"'),
      array: true,
      default: [],
      group: "Rules:",
      describe: "Set a rule to off, info, warn or error",
    })
    .option("now", { ...text("RFC3339"), group: "Input:", describe: "Judge as if it were this time" })
    .option("format", {
      ...text("text|json"),
      array: true,
      default: [],
      group: "Output:",
      describe: "How to print the plan",
    })
    .option("color", {
      choices: ["auto", "always", "never"],
      default: "auto",
      requiresArg: true,
      group: "Output:",
      describe: "Colours",
    });
}

function checkOptions(command: Argv): Argv {
  return planOptions(command)
    .option("format", {
      ...text("NAME[=FILE]"),
      array: true,
      default: [],
      group: "Output:",
      describe: "stylish, json or sarif, to standard output or a file; may be repeated",
    })
    .option("quiet", { type: "boolean", default: false, group: "Output:", describe: "Show errors only" })
    .option("max-warnings", { ...text("N"), group: "Gate:", describe: "Close the gate when there are more warnings" })
    .option("inconclusive", {
      choices: ["fail", "warn", "ignore"],
      default: "fail",
      requiresArg: true,
      group: "Gate:",
      describe: "What an undecided check does",
    });
}

function text(placeholder: string) {
  return { type: "string", requiresArg: true, defaultDescription: placeholder } as const;
}

/** The parsed options, when there is none that the command does not know; else all unknown ones as errors. */
function known(
  { name, options }: ReturnType<typeof command>,
  read: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const accepted: readonly string[] = [...options, ...COMMON];
  const errors = Object.keys(read)
    .filter((key) => key !== "_" && key !== "$0" && !accepted.includes(key))
    .map((key) => unknownOption(name, key, accepted));
  const extra = (read["_"] as readonly string[]).filter((word) => word !== name && word !== "list");
  if (extra.length > 0) errors.push(unexpected(extra[0] ?? ""));
  if (errors.length > 0) throw new PreflightErrors(errors);
  return read;
}

function unknownOption(command: string, key: string, accepted: readonly string[]): PreflightError {
  const dashes = (option: string) => (option.length === 1 ? `-${option}` : `--${option}`);
  const near = suggest(key, accepted);
  const hint = near === null ? `preflight ${command} --help lists the options` : `did you mean ${dashes(near)}?`;
  return new PreflightError("unknown-option", `Unknown option ${dashes(key)}.`, null, hint);
}

function unexpected(word: string): PreflightError {
  const hint = "name one deployment file; give inventories with --inventory FILE";
  return new PreflightError("unexpected-argument", `Unexpected argument ${JSON.stringify(word)}.`, null, hint);
}

/** The command that a word was probably meant to be; for a "file" that does not exist. */
export function commandLike(word: string): string | null {
  return /^[A-Za-z-]+$/.test(word) ? suggest(word, COMMANDS) : null;
}

function usage(message: string): PreflightErrors {
  return new PreflightErrors([new PreflightError("usage", message, null, "preflight --help shows how to call it")]);
}

/** The argument parser's message as one sentence. */
function sentence(message: string): string {
  const line = message
    .split("\n")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ");
  return /[.?!]$/.test(line) ? line : `${line}.`;
}
