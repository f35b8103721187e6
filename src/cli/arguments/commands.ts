import {
  ASKING,
  COLOR,
  CONFIG,
  FROM,
  HELP,
  INCONCLUSIVE,
  INPUT,
  NO_LIVE,
  RULES,
  SHOWING,
  SYSTEM_RESOLVER,
  VSPHERE,
  WAIVERS,
  type Option,
} from "./options.ts";

/** A command: its words, what it takes, what it does. */
export interface Command {
  readonly usage: string;
  readonly describe: string;
  readonly options: readonly Option[];
}

export const COMMANDS = {
  check: {
    usage: "check <deployment>",
    describe: "Judge a deployment; the word check may be left out",
    options: [
      ...INPUT,
      ...CONFIG,
      {
        name: "evidence",
        group: "Input",
        value: "FILE",
        describe: "Judge by what preflight probe recorded, and ask nobody; may be repeated",
      },
      {
        name: "max-age",
        group: "Input",
        value: "AGE",
        describe: "Leave recorded answers out that are older than this: a number and s, m, h or d, such as 4h",
      },
      NO_LIVE,
      ...RULES,
      {
        name: "print-config",
        group: "Rules",
        value: "[SUBJECT]",
        isOptional: true,
        describe:
          "Judge nothing; print every setting and where it comes from, in general or for a subject such as " +
          "node:oslo-conf01, as text or with --format json",
      },
      ...ASKING,
      {
        name: "vcenter",
        group: "vSphere",
        value: "URL",
        describe: "Also read the inventory of this vCenter Server or ESXi host, as preflight inventory pull does",
      },
      ...VSPHERE,
      ...SHOWING,
      {
        name: "max-warnings",
        group: "Gate",
        value: "N",
        describe: "Close the gate when there are more than N warnings",
      },
      {
        name: "inconclusive",
        group: "Gate",
        value: "EFFECT",
        choices: INCONCLUSIVE,
        describe: "What an undecided check does: fail (default) closes the gate, warn counts as a warning, ignore",
      },
      {
        name: "baseline-plan",
        group: "Gate",
        value: "FILE",
        describe: "Close the gate when a check of this plan (preflight plan --format json) is no longer judged",
      },
      ...WAIVERS,
      ...HELP,
    ],
  },
  plan: {
    usage: "plan <deployment>",
    describe: "Show what would be checked and asked; asks nothing",
    options: [
      ...INPUT,
      ...CONFIG,
      NO_LIVE,
      ...RULES,
      FROM,
      SYSTEM_RESOLVER,
      {
        name: "format",
        group: "Output",
        value: "NAME[=FILE]",
        offered: ["text", "json", "csv"],
        describe:
          "text (default), json, or csv (the connections, for a firewall request), to standard output or into a file; " +
          "may be repeated",
      },
      COLOR,
      ...HELP,
    ],
  },
  probe: {
    usage: "probe <deployment>",
    describe: "Ask the servers and record what they answer; judges nothing",
    options: [
      ...INPUT,
      ...CONFIG,
      ...RULES,
      ...ASKING,
      {
        name: "output",
        short: "o",
        group: "Output",
        value: "FILE",
        describe: "Write the evidence into this file instead of standard output",
      },
      COLOR,
      ...HELP,
    ],
  },
  report: {
    usage: "report <file>",
    describe: "Show a report that --format json saved, in any other format",
    options: [...SHOWING, ...HELP],
  },
  inventory: {
    usage: "inventory pull|import <path>...",
    describe: "Read the inventory from a vCenter Server or ESXi host, or make it of RVTools or govc exports",
    options: [
      {
        name: "server",
        group: "vSphere",
        value: "URL",
        describe: "Name or URL of the vCenter Server or ESXi host (default: GOVC_URL)",
      },
      ...VSPHERE,
      {
        name: "output",
        short: "o",
        group: "Output",
        value: "FILE",
        describe: "Write the inventory into this file instead of standard output; a folder takes one for each server",
      },
      COLOR,
      ...HELP,
    ],
  },
  init: {
    usage: "init",
    describe: "Write a deployment, an inventory and a config to be filled in, into this folder; overwrites nothing",
    options: HELP,
  },
  rules: {
    usage: "rules list|show <id>",
    describe: "List every rule, or show all that is known of one",
    options: [
      {
        name: "config",
        group: "Input",
        value: "FILE",
        describe:
          "Also those of the plugins that this config names, and how each rule counts under it; without it what " +
          "PREFLIGHT_CONFIG names",
      },
      { name: "no-config", group: "Input", value: null, describe: "Follow no config" },
      { name: "json", group: "Output", value: null, describe: "List the rules as JSON" },
      { name: "markdown", group: "Output", value: null, describe: "List the rules as a Markdown table" },
      COLOR,
      ...HELP,
    ],
  },
  schema: {
    usage: "schema <name>",
    describe: "Print the JSON Schema called deployment, inventory, config, waivers, evidence or report",
    options: HELP,
  },
  completion: {
    usage: "completion bash|zsh|fish",
    describe: "Print a script with which a shell completes commands, options, files and rules",
    options: HELP,
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];
