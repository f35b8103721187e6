import { type Option, type OptionName, type OptionRow, OPTIONS, type OptionValues } from "./options.ts";

export const SCHEMA_NAMES = [
  "deployment",
  "inventory",
  "config",
  "waivers",
  "evidence",
  "project",
  "report",
  "project-report",
  "explanation",
  "selftest",
  "comparison",
  "project-comparison",
] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command: its words, its options, its action. */
interface CommandRow {
  readonly usage: string;
  readonly describe: string;
  readonly options: readonly OptionName[];
  /** Texts of options whose effect in this command differs from the table of options. */
  readonly texts?: Readonly<Partial<Record<OptionName, Partial<Pick<OptionRow, "offered" | "describe">>>>>;
  /** Parses its words; called only with valid ones. */
  readonly words: (words: readonly string[]) => object;
}

const INPUT = ["inventory", "no-inventory", "allow-outside-paths", "now", "config", "no-config", "policy"] as const;
const RULES = ["only", "rule"] as const;
const ASKING = ["from", "system-resolver", "allow-probe", "timeout", "retries", "deadline", "concurrency"] as const;
const VSPHERE = ["user", "password-file", "ca", "thumbprint", "insecure", "datacenter"] as const;
const SHOWING = [
  ...(["format", "output", "sarif-include", "sarif-category", "docs-url", "quiet", "all", "frames", "color"] as const),
] as const;
const NEW_WAIVERS = ["reason", "owner", "expires"] as const;

const REPORT_FILE = {
  describe:
    "Also write a report into this file; the format is that of --format or else of the extension: .html, .sarif, " +
    ".xml (JUnit), .json, .md, .csv or .txt",
} as const;

/** Every command, by the first word of its line. */
export const COMMANDS = {
  check: {
    usage: "check [<deployment>...]",
    describe: "Check deployments: files, globs or folders (default: the working directory); the word check is optional",
    options: [
      "site",
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
      "explain",
      "ticket",
      "run-by",
      "stats",
      "fix",
      "fix-dry-run",
      "max-warnings",
      "inconclusive",
      "baseline-plan",
      "compare-to",
      "fail-on",
      "waivers",
      "no-waivers",
      "no-inline",
      "write-waivers",
      ...NEW_WAIVERS,
    ],
    texts: { output: REPORT_FILE },
    words: (paths: readonly string[]) => ({ paths }),
  },
  plan: {
    usage: "plan <deployment>",
    describe: "List the checks, queries and connections of a run without contacting servers",
    options: [
      "site",
      ...INPUT,
      "no-live",
      ...RULES,
      "from",
      "system-resolver",
      "allow-probe",
      "format",
      "all",
      "color",
      "max-warnings",
      "inconclusive",
    ],
    texts: {
      format: {
        offered: ["text", "json", "csv", "markdown"],
        describe:
          "text (default), json, or csv or markdown (the connections, for a firewall request), to standard output or " +
          "a file; repeatable",
      },
      all: { describe: "List every check with its subjects and first queries, and every connection (text)" },
    },
    words: deploymentOf,
  },
  probe: {
    usage: "probe <deployment>",
    describe: "Query and probe the servers and record their answers as evidence",
    options: ["site", ...INPUT, ...RULES, ...ASKING, "output", "color"],
    words: deploymentOf,
  },
  why: {
    usage: "why <id> <subject> <deployment>",
    describe:
      "Explain the verdict of one check, whether it passed or not: what it read, what decides it, what would change it; " +
      "contacts no server except that of --vcenter",
    options: ["site", ...INPUT, "evidence", "max-age", "rule", "vcenter", ...VSPHERE, "format", "all", "color"],
    texts: {
      format: {
        offered: ["stylish", "json"],
        describe: "stylish (default) or json, to standard output or into a file; repeatable",
      },
      all: { describe: "List every value that was read in stylish, also those that do not decide the verdict" },
    },
    words: ([id = "", subject = "", deployment = ""]: readonly string[]) => ({ id, subject, deployment }),
  },
  selftest: {
    usage: "selftest <deployment>",
    describe:
      "Show that every rule can fail on this deployment: inject errors in memory, one at a time, and evaluate; contacts " +
      "no servers",
    options: ["site", ...INPUT, "no-live", ...RULES, "format", "quiet", "color", "waivers", "no-waivers", "no-inline"],
    texts: {
      format: {
        offered: ["stylish", "json"],
        describe: "stylish (default) or json, to standard output or a file; repeatable",
      },
      quiet: { describe: "Show only rules that stayed silent or could not be exercised (stylish)" },
    },
    words: deploymentOf,
  },
  report: {
    usage: "report <file>",
    describe: "Show a report saved with --format json in another format",
    options: [...SHOWING],
    texts: { output: REPORT_FILE },
    words: ([report = ""]: readonly string[]) => ({ report }),
  },
  datasheet: {
    usage: "datasheet <deployment>",
    describe:
      "Fill in the guide's installation checklist and configuration datasheet from the files; contacts no server",
    options: ["site", ...INPUT, ...RULES, "evidence", "max-age", "format", "color"],
    texts: {
      format: {
        offered: ["markdown", "html"],
        describe: "markdown (default) or html, to standard output or a file; repeatable",
      },
    },
    words: deploymentOf,
  },
  remediate: {
    usage: "remediate <report>",
    describe: "Write a script with the commands that fix the failed checks of a saved report; runs nothing",
    options: ["site", "shell", "output", "color"],
    texts: {
      site: { describe: "The site of a project's report" },
      output: { describe: "Write the script into this file instead of standard output" },
    },
    words: ([report = ""]: readonly string[]) => ({ report }),
  },
  compare: {
    usage: "compare <before> <after>",
    describe:
      "Compare two reports saved with --format json: what is fixed, new, still failing, inconclusive or unchecked",
    options: ["site", "format", "fail-on", "all", "color"],
    texts: {
      site: { describe: "Compare only this site of two projects' reports; repeatable" },
      format: {
        offered: ["stylish", "json", "markdown", "html"],
        describe: "stylish (default), json, markdown or html, to standard output or a file; repeatable",
      },
      all: { describe: "List every change in stylish" },
    },
    words: ([before = "", after = ""]: readonly string[]) => ({ before, after }),
  },
  inventory: {
    usage: "inventory pull|import <path>...",
    describe: "Create an inventory from vCenter/ESXi, RVTools or govc exports",
    options: ["server", ...VSPHERE, "collected-at", "redact", "output", "color"],
    texts: {
      output: {
        describe: "Write the inventory to this file instead of standard output; to a folder, one file per server",
      },
    },
    words: ([action, ...paths]: readonly string[]) =>
      action === "pull" ? { action: "pull" as const } : { action: "import" as const, paths },
  },
  deployment: {
    usage: "deployment import <path>...",
    describe: "Create a deployment file from Terraform state or plan (JSON), or from Management API responses",
    options: ["output", "color"],
    texts: {
      output: { describe: "Write the deployment to this file instead of standard output" },
    },
    words: ([, ...paths]: readonly string[]) => ({ paths }),
  },
  init: {
    usage: "init",
    describe:
      "Write a deployment, an inventory and a config template, or a CI pipeline, to this folder; overwrites nothing",
    options: ["inventory", "vcenter", ...VSPHERE, "ci", "color"],
    texts: {
      inventory: { describe: "List the hosts, clusters, datastores and networks of this inventory in the deployment" },
      vcenter: { describe: "Read the inventory from this vCenter Server or ESXi host first, into inventory.json" },
    },
    words: () => ({}),
  },
  rules: {
    usage: "rules list|show <id>",
    describe: "List all rules, or show one in full",
    options: ["config", "no-config", "policy", "json", "markdown", "color"],
    texts: {
      config: {
        describe:
          "Include the rules of this config's plugins, and show the configured severities (default: PREFLIGHT_CONFIG)",
      },
      policy: {
        describe:
          "The same for the config of this policy: a config file or a folder with one; none selects the built-in defaults",
      },
    },
    words: ([action, id = ""]: readonly string[]) =>
      action === "show" ? { action: "show" as const, id } : { action: "list" as const },
  },
  schema: {
    usage: "schema <name>",
    describe:
      "Print a JSON Schema: deployment, inventory, config, waivers, evidence, project, report, project-report, explanation, selftest, " +
      "comparison or project-comparison",
    options: [],
    words: ([name]: readonly string[]) => ({ name: name as SchemaName }),
  },
  lsp: {
    usage: "lsp",
    describe: "Start a language server for editors, on standard input and output",
    options: [],
    words: () => ({}),
  },
  completion: {
    usage: "completion bash|zsh|fish",
    describe: "Print a shell completion script for commands, options, files and rules",
    options: [],
    words: ([shell]: readonly string[]) => ({ shell: shell as Shell }),
  },
} as const satisfies Readonly<Record<string, CommandRow>>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** The arguments of a command: its words and the values of its options. */
export type Arguments<Name extends CommandName> = OptionValues<(typeof COMMANDS)[Name]["options"][number]> &
  ReturnType<(typeof COMMANDS)[Name]["words"]>;

/** The options shared by the commands that read a deployment. */
export type RunArguments = OptionValues<(typeof INPUT)[number] | "rule" | "color"> &
  Partial<OptionValues<"only" | "from" | "system-resolver">> &
  ReturnType<typeof deploymentOf>;

/** The options for logging in to a vCenter Server or ESXi host. */
export type VsphereArguments = OptionValues<(typeof VSPHERE)[number]>;

/** The options for showing a report. */
export type FormatArguments = OptionValues<(typeof SHOWING)[number]>;

/** The options of a command in the order of its help text, then those of every command. */
export function optionsOf(command: CommandName): readonly Option[] {
  const { options, texts = {} }: CommandRow = COMMANDS[command];
  return ([...options, "help", "version"] as const).map((name) => ({ name, ...OPTIONS[name], ...texts[name] }));
}

function deploymentOf([deployment = ""]: readonly string[]) {
  return { deployment };
}
