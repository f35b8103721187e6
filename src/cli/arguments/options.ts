import { formats } from "../../report/format.ts";
import { SARIF_INCLUSIONS } from "../../report/sarif/options.ts";

/** An option, as the parser, the help text and the suggestions know it. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  readonly group: Group;
  /** What stands for its value in the help text; null = it takes none. */
  readonly value: string | null;
  /** The value may be left out; it is then joined to the option by `=`, so that no other word is taken for it. */
  readonly isOptional?: boolean;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** Values that shells offer; others are taken too. */
  readonly offered?: readonly string[];
  /** Continues the sentence that starts with the option. */
  readonly describe: string;
}

export type Group = "Input" | "Rules" | "Servers" | "vSphere" | "Output" | "Gate" | "Waivers" | "Other";
export const GROUPS: readonly Group[] = ["Input", "Rules", "Servers", "vSphere", "Output", "Gate", "Waivers", "Other"];

export const COLORS = ["auto", "always", "never"] as const;
export const INCONCLUSIVE = ["fail", "warn", "ignore"] as const;
export const SCHEMA_NAMES = ["deployment", "inventory", "config", "waivers", "evidence", "report"] as const;
export const SHELLS = ["bash", "zsh", "fish"] as const;

export const HELP: readonly Option[] = [
  { name: "help", short: "h", group: "Other", value: null, describe: "Print this help" },
  { name: "version", group: "Other", value: null, describe: "Print the version" },
];

export const COLOR: Option = {
  name: "color",
  group: "Output",
  value: "WHEN",
  choices: COLORS,
  describe: "auto (default: colour on a terminal), always or never",
};

export const INPUT: readonly Option[] = [
  {
    name: "inventory",
    group: "Input",
    value: "FILE",
    describe: "Also read this inventory: YAML, JSON, an RVTools or govc export; may be repeated",
  },
  {
    name: "allow-outside-paths",
    group: "Input",
    value: null,
    describe: "Also read certificate files that lie outside the folder of the deployment file",
  },
  {
    name: "now",
    group: "Input",
    value: "RFC3339",
    describe: "Judge as if it were this time, such as 2026-11-22T08:00:00Z",
  },
];

export const CONFIG: readonly Option[] = [
  {
    name: "config",
    group: "Input",
    value: "FILE",
    describe:
      "Follow this config, and trust it to load plugins; without it the nearest preflight.config.yaml or .json from the " +
      "deployment's folder upward, or what PREFLIGHT_CONFIG names",
  },
  { name: "no-config", group: "Input", value: null, describe: "Follow no config" },
];

export const WAIVERS: readonly Option[] = [
  {
    name: "waivers",
    group: "Waivers",
    value: "FILE",
    describe:
      "Take the waivers of this file; without it what the config names, or the nearest preflight.waivers.yaml or .json " +
      "from the deployment's folder upward",
  },
  { name: "no-waivers", group: "Waivers", value: null, describe: "Take the waivers of no file" },
  { name: "no-inline", group: "Waivers", value: null, describe: "Ignore directives in the comments of YAML files" },
  {
    name: "write-waivers",
    group: "Waivers",
    value: null,
    describe: "Add a waiver to the waivers file for all that stands open; needs --reason, --owner and --expires",
  },
  { name: "reason", group: "Waivers", value: "TEXT", describe: "Why what stands open is fine" },
  { name: "owner", group: "Waivers", value: "NAME", describe: "Who answers for it" },
  {
    name: "expires",
    group: "Waivers",
    value: "DATE",
    describe: "The last day on which it is fine, such as 2027-01-31",
  },
  { name: "ticket", group: "Waivers", value: "ID", describe: "Where it was agreed" },
];

export const NO_LIVE: Option = {
  name: "no-live",
  group: "Rules",
  value: null,
  describe: "Ask no server; the checks that would are skipped",
};

export const RULES: readonly Option[] = [
  {
    name: "only",
    group: "Rules",
    value: "ID|GROUP/*",
    describe: "Judge these rules and skip all others; may be repeated",
  },
  {
    name: "rule",
    group: "Rules",
    value: '"ID: SEVERITY"',
    describe: "Set a rule to off, info, warn or error; may be repeated",
  },
];

export const FROM: Option = {
  name: "from",
  group: "Servers",
  value: "NAME",
  describe: "What to call the place that asks, in evidence and reports (default: local)",
};

export const SYSTEM_RESOLVER: Option = {
  name: "system-resolver",
  group: "Servers",
  value: null,
  describe: "Where the deployment names no DNS server, ask those that this machine is configured with",
};

export const ASKING: readonly Option[] = [
  FROM,
  SYSTEM_RESOLVER,
  {
    name: "timeout",
    group: "Servers",
    value: "MS",
    describe:
      "Wait so long for each DNS or NTP answer (default: 2000); 1.5 times as long for a TCP connection, 2.5 times for " +
      "a TLS handshake",
  },
  {
    name: "retries",
    group: "Servers",
    value: "N",
    describe: "Ask a DNS or NTP server that stays silent so often again: 0 to 5 (default: 1)",
  },
  {
    name: "deadline",
    group: "Servers",
    value: "SECONDS",
    describe: "End the asking after so long (default: 30); what was not asked by then is undecided",
  },
  {
    name: "concurrency",
    group: "Servers",
    value: "N",
    describe: "Have so many questions of one kind open at once (default: DNS and TCP 64, TLS 256, NTP 10)",
  },
];

/** How a report is shown. */
export const SHOWING: readonly Option[] = [
  {
    name: "format",
    group: "Output",
    value: "NAME[=FILE]",
    offered: Object.keys(formats),
    describe: `${Object.keys(formats)
      .join(", ")
      .replace(/, (\w+)$/, " or $1")
      .replace("stylish", "stylish (default)")}, to standard output or into a file; may be repeated`,
  },
  {
    name: "sarif-include",
    group: "Output",
    value: "VERDICTS",
    offered: SARIF_INCLUSIONS,
    describe: `Also put these checks into SARIF, separated by commas: ${SARIF_INCLUSIONS.join(", ")}`,
  },
  {
    name: "sarif-category",
    group: "Output",
    value: "NAME",
    describe: "Category of the SARIF run, to tell several uploads of one commit apart",
  },
  {
    name: "quiet",
    group: "Output",
    value: null,
    describe: "Show errors only, in stylish, github and markdown; warnings still count",
  },
  {
    name: "all",
    group: "Output",
    value: null,
    describe: "List every finding in stylish, also those that say the same",
  },
  { name: "frames", group: "Output", value: null, describe: "Show the lines that each finding is about, in stylish" },
  COLOR,
];

/** How to log in to a vCenter Server or ESXi host. */
export const VSPHERE: readonly Option[] = [
  { name: "user", group: "vSphere", value: "NAME", describe: "Log in as this user (default: GOVC_USERNAME)" },
  {
    name: "password-file",
    group: "vSphere",
    value: "FILE",
    describe: "Take the password from this file, - is standard input (default: GOVC_PASSWORD, else it is asked for)",
  },
  {
    name: "ca",
    group: "vSphere",
    value: "FILE",
    describe: "Also trust the CA certificates in this PEM file; may be repeated (default: GOVC_TLS_CA_CERTS)",
  },
  {
    name: "thumbprint",
    group: "vSphere",
    value: "HEX",
    describe:
      "Trust the server's certificate by its SHA-256 or SHA-1 fingerprint, and no other; may be repeated " +
      "(default: GOVC_TLS_KNOWN_HOSTS)",
  },
  {
    name: "insecure",
    group: "vSphere",
    value: null,
    describe: "Do not check the server's certificate (GOVC_INSECURE)",
  },
  {
    name: "datacenter",
    group: "vSphere",
    value: "NAME",
    describe: "Read only this datacenter, by name or path (default: GOVC_DATACENTER, else all)",
  },
];
