import { formats } from "../../report/format.ts";
import { SARIF_INCLUSIONS } from "../../report/format-options.ts";
import * as values from "./option-values.ts";

/**
 * An option: what the parser, the help text, the completion scripts and the types of arguments are made from. Which
 * commands have it is in the table of commands.
 */
export interface OptionRow {
  readonly short?: string;
  readonly group: Group;
  /**
   * `flag`: no value. `value`: one value, the last one where it is given twice. `list`: may be repeated. `optional`: the
   * value may be left out; it is then joined to the option by `=`, so that no other word is taken for it.
   */
  readonly kind: "flag" | "value" | "list" | "optional";
  /** What stands for its value in the help text. */
  readonly value?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** Its value where the option is not given, of those with choices. */
  readonly default?: string;
  /** Values that shells offer; others are taken too. */
  readonly offered?: readonly string[];
  /** Whether one value may name several, separated by commas. */
  readonly isSeparated?: boolean;
  readonly parse?: (text: string) => unknown;
  /** Continues the sentence that starts with the option. */
  readonly describe: string;
  /** The option without which this one is of no use, in commands that have it. */
  readonly needs?: string;
  /** Options that must be given too, and how. */
  readonly requires?: { readonly options: readonly string[]; readonly hint: string };
  /** Options that say the opposite. */
  readonly opposites?: readonly string[];
  /** Options that cannot be given too, each with what to do about it. */
  readonly notWith?: Readonly<Record<string, string>>;
}

export const GROUPS = ["Input", "Rules", "Servers", "vSphere", "Output", "Gate", "Waivers", "Other"] as const;
type Group = (typeof GROUPS)[number];

const NEEDS_VCENTER = { group: "vSphere", needs: "vcenter" } as const;
const DECIDED_BY_POLICY = "the policy decides that; omit one of them";
const OF_NEW_WAIVERS = { group: "Waivers", kind: "value", needs: "write-waivers" } as const;

/** Every option of every command, by name. */
export const OPTIONS = {
  help: { short: "h", group: "Other", kind: "flag", describe: "Print this help" },
  version: { group: "Other", kind: "flag", describe: "Print the version" },
  inventory: {
    group: "Input",
    kind: "list",
    value: "FILE",
    parse: values.anyText,
    describe: "Also read this inventory: YAML, JSON, an RVTools or govc export; may be repeated",
  },
  "allow-outside-paths": {
    group: "Input",
    kind: "flag",
    describe: "Read files outside the repository that the deployment or a found config refers to",
  },
  now: {
    group: "Input",
    kind: "value",
    value: "RFC3339",
    parse: values.time,
    describe: "Evaluate as if it were this time, such as 2026-11-22T08:00:00Z",
  },
  config: {
    group: "Input",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe:
      "Follow this config, and trust it to load plugins; without it the nearest preflight.config.yaml or .json from the " +
      "deployment's folder upward, or what PREFLIGHT_CONFIG names",
  },
  "no-config": { group: "Input", kind: "flag", opposites: ["config"], describe: "Follow no config" },
  policy: {
    group: "Input",
    kind: "value",
    value: "FILE|DIR|none",
    parse: values.anyText,
    notWith: {
      config: DECIDED_BY_POLICY,
      "no-config": DECIDED_BY_POLICY,
      waivers: DECIDED_BY_POLICY,
      "no-waivers": DECIDED_BY_POLICY,
      "no-inline": DECIDED_BY_POLICY,
    },
    describe:
      "Take config, waivers and approved plan from this config file or folder only, and trust it to load plugins; ignore " +
      "those beside the deployment, directives and environment: test, and list them. none uses the built-in defaults",
  },
  evidence: {
    group: "Input",
    kind: "list",
    value: "FILE",
    parse: values.anyText,
    describe: "Evaluate by what preflight probe recorded, and ask nobody; may be repeated",
  },
  "max-age": {
    group: "Input",
    kind: "value",
    value: "AGE",
    parse: values.maxAge,
    needs: "evidence",
    describe:
      "Ignore recorded answers that are older than this: a number and s, m, h or d, such as 4h, or none (default: 7d)",
  },
  "no-live": {
    group: "Rules",
    kind: "flag",
    notWith: {
      evidence: "--evidence asks nobody either; leave --no-live away, or --evidence to skip what needs answers",
    },
    describe: "Ask no server; the checks that would are skipped",
  },
  only: {
    group: "Rules",
    kind: "list",
    value: "ID|GROUP/*",
    isSeparated: true,
    parse: values.anyText,
    describe: "Evaluate these rules and skip all others; may be repeated",
  },
  rule: {
    group: "Rules",
    kind: "list",
    value: '"ID: SEVERITY"',
    parse: values.anyText,
    describe: "Set a rule to off, info, warn or error; may be repeated",
  },
  "print-config": {
    group: "Rules",
    kind: "optional",
    value: "[SUBJECT]",
    describe:
      "Evaluate nothing; print every setting and where it comes from, in general or for a subject such as " +
      "node:oslo-conf01, as text or with --format json",
  },
  from: {
    group: "Servers",
    kind: "value",
    value: "NAME",
    parse: values.vantagePoint,
    notWith: { evidence: "the evidence names the place where it was recorded; give --from to preflight probe" },
    describe: "What to call the place that asks, in evidence and reports (default: local)",
  },
  "require-vantage": {
    group: "Servers",
    kind: "flag",
    describe: "Make live checks inconclusive that ran outside the network they are about, by vantage_points",
  },
  "system-resolver": {
    group: "Servers",
    kind: "flag",
    notWith: {
      evidence: "the evidence holds the DNS servers of its place; give --system-resolver to preflight probe",
    },
    describe: "Where the deployment names no DNS server, ask those that this machine is configured with",
  },
  "allow-probe": {
    group: "Servers",
    kind: "list",
    value: "CIDR[:PORT]",
    parse: values.allowedTargets,
    notWith: { evidence: "no server is contacted where evidence is replayed; give --allow-probe to preflight probe" },
    describe:
      "Also contact these addresses (loopback, link-local, metadata) or ports (other than 53, 123, 443, 5061); may be " +
      "repeated",
  },
  timeout: {
    group: "Servers",
    kind: "value",
    value: "MS",
    parse: values.wholeNumber({ unit: " of milliseconds", least: 1, most: 60_000 }),
    describe:
      "Wait so long for each DNS or NTP answer (default: 2000); 1.5 times as long for a TCP connection, 2.5 times for " +
      "a TLS handshake",
  },
  retries: {
    group: "Servers",
    kind: "value",
    value: "N",
    parse: values.wholeNumber({ least: 0, most: 5 }),
    describe: "Ask a DNS or NTP server that stays silent so often again: 0 to 5 (default: 1)",
  },
  deadline: {
    group: "Servers",
    kind: "value",
    value: "SECONDS",
    // A day.
    parse: values.seconds({ least: 1, most: 86_400 }),
    describe: "End the asking after so long (default: 30); what was not asked by then is inconclusive",
  },
  concurrency: {
    group: "Servers",
    kind: "value",
    value: "N",
    parse: values.wholeNumber({ least: 1, most: 1000 }),
    describe: "Have so many questions of one kind open at once (default: DNS, NTP and TCP 64, TLS 256)",
  },
  vcenter: {
    group: "vSphere",
    kind: "value",
    value: "URL",
    parse: values.anyText,
    describe: "Also read the inventory of this vCenter Server or ESXi host, as preflight inventory pull does",
  },
  server: {
    group: "vSphere",
    kind: "value",
    value: "URL",
    parse: values.anyText,
    describe: "Name or URL of the vCenter Server or ESXi host (default: GOVC_URL)",
  },
  // There is none for a password: other users of the machine can read a command line.
  user: {
    ...NEEDS_VCENTER,
    kind: "value",
    value: "NAME",
    parse: values.anyText,
    describe: "Log in as this user (default: GOVC_USERNAME)",
  },
  "password-file": {
    ...NEEDS_VCENTER,
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe: "Take the password from this file, - is standard input (default: GOVC_PASSWORD, else it is asked for)",
  },
  ca: {
    ...NEEDS_VCENTER,
    kind: "list",
    value: "FILE",
    parse: values.anyText,
    describe: "Also trust the CA certificates in this PEM file; may be repeated (default: GOVC_TLS_CA_CERTS)",
  },
  thumbprint: {
    ...NEEDS_VCENTER,
    kind: "list",
    value: "HEX",
    parse: values.thumbprint,
    describe:
      "Trust the server's certificate by its SHA-256 or SHA-1 fingerprint, and no other; may be repeated " +
      "(default: GOVC_TLS_KNOWN_HOSTS)",
  },
  insecure: {
    ...NEEDS_VCENTER,
    kind: "flag",
    notWith: {
      ca: "--ca is safer; leave --insecure away",
      thumbprint: "--thumbprint is safer; leave --insecure away",
    },
    describe: "Do not check the server's certificate (GOVC_INSECURE)",
  },
  datacenter: {
    ...NEEDS_VCENTER,
    kind: "value",
    value: "NAME",
    parse: values.anyText,
    describe: "Read only this datacenter, by name or path (default: GOVC_DATACENTER, else all)",
  },
  redact: {
    group: "Output",
    kind: "value",
    value: "DEPLOYMENT",
    parse: values.anyText,
    describe: "Write pseudonyms for hosts and VMs that this deployment file does not name; verdicts stay the same",
  },
  "collected-at": {
    group: "Input",
    kind: "value",
    value: "TIME",
    parse: values.collectedAt,
    describe:
      "When the exports were collected, such as 2026-11-22T08:00:00Z, for those that do not have their time (govc) or its " +
      "zone (RVTools); of import only",
  },
  output: {
    short: "o",
    group: "Output",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe: "Write the evidence into this file instead of standard output",
  },
  format: {
    group: "Output",
    kind: "list",
    value: "NAME[=FILE]",
    offered: Object.keys(formats),
    parse: values.anyText,
    describe: `${Object.keys(formats)
      .join(", ")
      .replace(/, (\w+)$/, " or $1")
      .replace("stylish", "stylish (default)")}, to standard output or into a file; may be repeated`,
  },
  json: { group: "Output", kind: "flag", describe: "List the rules as JSON" },
  markdown: { group: "Output", kind: "flag", describe: "List the rules as a Markdown table" },
  "sarif-include": {
    group: "Output",
    kind: "list",
    value: "VERDICTS",
    offered: SARIF_INCLUSIONS,
    isSeparated: true,
    parse: values.sarifInclusion,
    describe: `Also put these checks into SARIF, separated by commas: ${SARIF_INCLUSIONS.join(", ")}`,
  },
  "sarif-category": {
    group: "Output",
    kind: "value",
    value: "NAME",
    parse: values.sarifCategory,
    describe: "Category of the SARIF run, to tell several uploads of one commit apart",
  },
  quiet: {
    group: "Output",
    kind: "flag",
    describe: "Show errors only, in stylish, github and markdown; warnings still count",
  },
  all: { group: "Output", kind: "flag", describe: "List every finding in stylish, also those that say the same" },
  stats: {
    group: "Output",
    kind: "flag",
    describe: "Print on standard error which phases, rules and queries took how long",
  },
  frames: { group: "Output", kind: "flag", describe: "Show the lines that each finding is about, in stylish" },
  color: {
    group: "Output",
    kind: "value",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    default: "auto",
    describe: "auto (default: colour on a terminal), always or never",
  },
  "max-warnings": {
    group: "Gate",
    kind: "value",
    value: "N",
    parse: values.count,
    describe: "Fail the gate when there are more than N warnings",
  },
  inconclusive: {
    group: "Gate",
    kind: "value",
    value: "EFFECT",
    choices: ["fail", "warn", "ignore"],
    describe: "What an inconclusive check does: fail (default) fails the gate, warn counts as a warning, ignore",
  },
  "baseline-plan": {
    group: "Gate",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe:
      "Fail the gate when a check of this plan (preflight plan --format json) is no longer evaluated or is milder than in it",
  },
  waivers: {
    group: "Waivers",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe:
      "Take the waivers of this file; without it what the config names, or the nearest preflight.waivers.yaml or .json " +
      "from the deployment's folder upward",
  },
  "no-waivers": {
    group: "Waivers",
    kind: "flag",
    opposites: ["waivers", "write-waivers"],
    describe: "Take the waivers of no file",
  },
  "no-inline": { group: "Waivers", kind: "flag", describe: "Ignore directives in the comments of YAML files" },
  "write-waivers": {
    group: "Waivers",
    kind: "flag",
    requires: {
      options: ["reason", "owner", "expires"],
      hint: 'write --reason "WHY" --owner NAME --expires YYYY-MM-DD',
    },
    describe: "Add waivers for what fails the gate to the waivers file; needs --reason, --owner and --expires",
  },
  reason: { ...OF_NEW_WAIVERS, value: "TEXT", parse: values.line, describe: "Why the waived checks may fail" },
  owner: { ...OF_NEW_WAIVERS, value: "NAME", parse: values.line, describe: "Who answers for it" },
  expires: {
    ...OF_NEW_WAIVERS,
    value: "DATE",
    parse: values.day,
    describe: "The last day on which it is fine, such as 2027-01-31",
  },
  ticket: { ...OF_NEW_WAIVERS, value: "ID", parse: values.line, describe: "Where it was agreed" },
} as const satisfies Readonly<Record<string, OptionRow>>;

export type OptionName = keyof typeof OPTIONS;

/** An option as a command has it. */
export interface Option extends OptionRow {
  readonly name: string;
}

/** What values of a kind of option become. */
type ParsedBy<Parse> = Parse extends (text: string) => infer Value ? Exclude<Value, values.InvalidValue> : never;
type OneValue<Row> = Row extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : Row extends { readonly parse: infer Parse }
    ? ParsedBy<Parse>
    : string;
type ValueOf<Row> = Row extends { readonly kind: "flag" }
  ? boolean
  : Row extends { readonly kind: "list" }
    ? readonly OneValue<Row>[]
    : Row extends { readonly default: string }
      ? OneValue<Row>
      : OneValue<Row> | undefined;

/** The values of these options. */
export type OptionValues<Name extends OptionName> = {
  readonly [Key in Name]: ValueOf<(typeof OPTIONS)[Key]>;
};
