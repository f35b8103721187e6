import { type Option, type OptionName, type OptionRow, OPTIONS, type OptionValues } from "./options.ts";

export const SCHEMA_NAMES = ["deployment", "inventory", "config", "waivers", "evidence", "report", "selftest"] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command: its words, its options, what it does. */
interface CommandRow {
  readonly usage: string;
  readonly describe: string;
  readonly options: readonly OptionName[];
  /** Where an option does something else than in the table of options. */
  readonly texts?: Readonly<Partial<Record<OptionName, Partial<Pick<OptionRow, "offered" | "describe">>>>>;
  /** What its words are; it is called with words that are right. */
  readonly words: (words: readonly string[]) => object;
}

const INPUT = ["inventory", "allow-outside-paths", "now", "config", "no-config", "policy"] as const;
const RULES = ["only", "rule"] as const;
const ASKING = ["from", "system-resolver", "allow-probe", "timeout", "retries", "deadline", "concurrency"] as const;
const VSPHERE = ["user", "password-file", "ca", "thumbprint", "insecure", "datacenter"] as const;
const SHOWING = ["format", "sarif-include", "sarif-category", "quiet", "all", "frames", "color"] as const;
const NEW_WAIVERS = ["reason", "owner", "expires", "ticket"] as const;

/** Every command, by the first word of its line. */
export const COMMANDS = {
  check: {
    usage: "check <deployment>",
    describe: "Evaluate a deployment; the word check may be left out",
    options: [
      ...INPUT,
      "evidence",
      "max-age",
      "no-live",
      ...RULES,
      "print-config",
      ...ASKING,
      "require-vantage",
      "vcenter",
      ...VSPHERE,
      ...SHOWING,
      "stats",
      "max-warnings",
      "inconclusive",
      "baseline-plan",
      "waivers",
      "no-waivers",
      "no-inline",
      "write-waivers",
      ...NEW_WAIVERS,
    ],
    words: deploymentOf,
  },
  plan: {
    usage: "plan <deployment>",
    describe: "Show what would be checked and asked; asks nothing",
    options: [
      ...INPUT,
      "no-live",
      ...RULES,
      "from",
      "system-resolver",
      "format",
      "color",
      "max-warnings",
      "inconclusive",
    ],
    texts: {
      format: {
        offered: ["text", "json", "csv", "markdown"],
        describe:
          "text (default), json, or csv or markdown (the connections, for a firewall request), to standard output or " +
          "into a file; may be repeated",
      },
    },
    words: deploymentOf,
  },
  probe: {
    usage: "probe <deployment>",
    describe: "Ask the servers and record what they answer; evaluates nothing",
    options: [...INPUT, ...RULES, ...ASKING, "output", "color"],
    words: deploymentOf,
  },
  selftest: {
    usage: "selftest <deployment>",
    describe:
      "Show that every rule can fail on this deployment: put errors into it in memory, one at a time, and evaluate; " +
      "contacts no server",
    options: [...INPUT, "no-live", ...RULES, "format", "quiet", "color", "waivers", "no-waivers", "no-inline"],
    texts: {
      format: {
        offered: ["stylish", "json"],
        describe: "stylish (default) or json, to standard output or into a file; may be repeated",
      },
      quiet: { describe: "Show only rules that stayed silent or could not be exercised, in stylish" },
    },
    words: deploymentOf,
  },
  report: {
    usage: "report <file>",
    describe: "Show a report that --format json saved, in any other format",
    options: [...SHOWING],
    words: ([report = ""]: readonly string[]) => ({ report }),
  },
  inventory: {
    usage: "inventory pull|import <path>...",
    describe: "Read the inventory from a vCenter Server or ESXi host, or make it of RVTools or govc exports",
    options: ["server", ...VSPHERE, "collected-at", "redact", "output", "color"],
    texts: {
      output: {
        describe: "Write the inventory into this file instead of standard output; a folder takes one for each server",
      },
    },
    words: ([action, ...paths]: readonly string[]) =>
      action === "pull" ? { action: "pull" as const } : { action: "import" as const, paths },
  },
  deployment: {
    usage: "deployment import <path>...",
    describe: "Make a deployment file of Terraform's state or plan (JSON), or of what the Management API returns",
    options: ["output", "color"],
    texts: {
      output: { describe: "Write the deployment into this file instead of standard output" },
    },
    words: ([, ...paths]: readonly string[]) => ({ paths }),
  },
  init: {
    usage: "init",
    describe: "Write a deployment, an inventory and a config to be filled in, into this folder; overwrites nothing",
    options: [],
    words: () => ({}),
  },
  rules: {
    usage: "rules list|show <id>",
    describe: "List every rule, or show all that is known of one",
    options: ["config", "no-config", "json", "markdown", "color"],
    texts: {
      config: {
        describe:
          "Also those of the plugins that this config names, and how each rule counts under it; without it what " +
          "PREFLIGHT_CONFIG names",
      },
    },
    words: ([action, id = ""]: readonly string[]) =>
      action === "show" ? { action: "show" as const, id } : { action: "list" as const },
  },
  schema: {
    usage: "schema <name>",
    describe: "Print the JSON Schema called deployment, inventory, config, waivers, evidence, report or selftest",
    options: [],
    words: ([name]: readonly string[]) => ({ name: name as SchemaName }),
  },
  completion: {
    usage: "completion bash|zsh|fish",
    describe: "Print a script with which a shell completes commands, options, files and rules",
    options: [],
    words: ([shell]: readonly string[]) => ({ shell: shell as Shell }),
  },
} as const satisfies Readonly<Record<string, CommandRow>>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** What a command is called with: its words and the values of its options. */
export type Arguments<Name extends CommandName> = OptionValues<(typeof COMMANDS)[Name]["options"][number]> &
  ReturnType<(typeof COMMANDS)[Name]["words"]>;

/** What the commands that read a deployment have in common. */
export type RunArguments = OptionValues<(typeof INPUT)[number] | (typeof RULES)[number] | "color"> &
  Partial<OptionValues<"from" | "system-resolver">> &
  ReturnType<typeof deploymentOf>;

/** How to log in to a vCenter Server or ESXi host. */
export type VsphereArguments = OptionValues<(typeof VSPHERE)[number]>;

/** How a report is shown. */
export type FormatArguments = OptionValues<(typeof SHOWING)[number]>;

/** The options of a command, in the order in which help has them, and those of every command. */
export function optionsOf(command: CommandName): readonly Option[] {
  const { options, texts = {} }: CommandRow = COMMANDS[command];
  return ([...options, "help", "version"] as const).map((name) => ({ name, ...OPTIONS[name], ...texts[name] }));
}

function deploymentOf([deployment = ""]: readonly string[]) {
  return { deployment };
}
