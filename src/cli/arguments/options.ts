import { formats } from "../../report/format.ts";
import { SARIF_INCLUSIONS } from "../../report/format-options.ts";
import * as values from "./option-values.ts";

/**
 * An option: source of the parser, the help text, the completion scripts and the types of arguments. The table of
 * commands lists the commands that have it.
 */
export interface OptionRow {
  readonly short?: string;
  readonly group: Group;
  /**
   * `flag`: no value. `value`: one value; if given twice, the last one counts. `list`: repeatable. `optional`: the
   * value may be omitted; it must be joined to the option with `=`, so that the next word is not taken for it.
   */
  readonly kind: "flag" | "value" | "list" | "optional";
  /** Placeholder for its value in the help text. */
  readonly value?: string;
  /** The only valid values. */
  readonly choices?: readonly string[];
  /** Its default, for an option with choices. */
  readonly default?: string;
  /** Values that shells suggest; others are valid too. */
  readonly offered?: readonly string[];
  /** Whether one value may contain several, separated by commas. */
  readonly isSeparated?: boolean;
  readonly parse?: (text: string) => unknown;
  /** Continues the sentence that starts with the option. */
  readonly describe: string;
  /** The option without which this one has no effect, in commands that have it. */
  readonly needs?: string;
  /** Options that are required with it, and a hint. */
  readonly requires?: { readonly options: readonly string[]; readonly hint: string };
  /** Options with the opposite meaning. */
  readonly opposites?: readonly string[];
  /** Options that cannot be combined with it, each with a hint. */
  readonly notWith?: Readonly<Record<string, string>>;
}

export const GROUPS = ["Input", "Rules", "Servers", "vSphere", "Output", "Fixing", "Gate", "Waivers", "Other"] as const;
type Group = (typeof GROUPS)[number];

const NEEDS_VCENTER = { group: "vSphere", needs: "vcenter" } as const;
const DECIDED_BY_POLICY = "the policy includes it; omit one of them";
const OF_NEW_WAIVERS = { group: "Waivers", kind: "value", needs: "write-waivers" } as const;

/** Every option of every command, by name. */
export const OPTIONS = {
  help: { short: "h", group: "Other", kind: "flag", describe: "Print this help" },
  version: { short: "v", group: "Other", kind: "flag", describe: "Print the version" },
  site: {
    group: "Input",
    kind: "list",
    value: "NAME",
    parse: values.anyText,
    describe: "Check only this site of the project; repeatable",
  },
  inventory: {
    short: "i",
    group: "Input",
    kind: "list",
    value: "FILE",
    parse: values.anyText,
    describe: "Additional inventory: YAML, JSON, an RVTools or govc export; repeatable",
  },
  "no-inventory": {
    group: "Input",
    kind: "flag",
    opposites: ["inventory"],
    describe: "Ignore inventories that are found beside the deployment",
  },
  "allow-outside-paths": {
    group: "Input",
    kind: "flag",
    describe: "Allow the deployment and a discovered config to refer to files outside the repository",
  },
  now: {
    group: "Input",
    kind: "value",
    value: "RFC3339",
    parse: values.time,
    describe: "Evaluate as of this time, such as 2026-11-22T08:00:00Z",
  },
  config: {
    short: "c",
    group: "Input",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe:
      "Use this config and trust it to load plugins (default: PREFLIGHT_CONFIG, else the nearest preflight.config.yaml or " +
      ".json in the deployment's folder or above)",
  },
  "no-config": { group: "Input", kind: "flag", opposites: ["config"], describe: "Do not use a config" },
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
      "Use config, waivers and approved plan from this config file or folder only, and trust it to load plugins; list and " +
      "ignore those beside the deployment, directives and environment: test. none selects the built-in defaults",
  },
  evidence: {
    group: "Input",
    kind: "list",
    value: "FILE",
    parse: values.anyText,
    describe: "Use answers recorded by preflight probe and contact no servers; repeatable",
  },
  "max-age": {
    group: "Input",
    kind: "value",
    value: "AGE",
    parse: values.maxAge,
    needs: "evidence",
    describe: "Maximum age of recorded answers: a number and s, m, h or d, such as 4h, or none (default: 7d)",
  },
  "no-live": {
    group: "Rules",
    kind: "flag",
    notWith: {
      evidence: "--evidence contacts no servers either; omit --no-live, or omit --evidence to skip live checks",
    },
    describe: "Skip checks that contact servers",
  },
  only: {
    group: "Rules",
    kind: "list",
    value: "ID|GROUP/*",
    isSeparated: true,
    parse: values.anyText,
    describe: "Run only these rules, by id, group (vm) or glob (dns/srv-*); repeatable",
  },
  rule: {
    group: "Rules",
    kind: "list",
    value: '"ID: SEVERITY"',
    parse: values.anyText,
    describe: "Set the severity of a rule, group or glob: off, info, warn or error; repeatable",
  },
  "print-config": {
    group: "Rules",
    kind: "optional",
    value: "[SUBJECT]",
    describe:
      "Print the effective settings and their origins instead of running checks, in general or for a subject such as " +
      "node:oslo-conf01; as text or with --format json",
  },
  from: {
    group: "Servers",
    kind: "value",
    value: "NAME",
    parse: values.vantagePoint,
    notWith: { evidence: "the evidence already contains its vantage point; use --from with preflight probe" },
    describe: "Name of this vantage point, shown in evidence and reports (default: local)",
  },
  "require-vantage": {
    group: "Servers",
    kind: "flag",
    describe: "Make live checks inconclusive if they ran outside their network, according to vantage_points",
  },
  "system-resolver": {
    group: "Servers",
    kind: "flag",
    notWith: {
      evidence: "the evidence already contains its DNS servers; use --system-resolver with preflight probe",
    },
    describe: "Query this machine's DNS servers where the deployment declares none",
  },
  "allow-probe": {
    group: "Servers",
    kind: "list",
    value: "CIDR[:PORT]",
    parse: values.allowedTargets,
    notWith: { evidence: "--evidence contacts no servers; use --allow-probe with preflight probe" },
    describe:
      "Allow probes of these addresses (loopback, link-local, metadata) or ports (other than 53, 123, 443, 5061); " +
      "repeatable",
  },
  timeout: {
    group: "Servers",
    kind: "value",
    value: "MS",
    parse: values.wholeNumber({ unit: " of milliseconds", least: 1, most: 60_000 }),
    describe: "Timeout per DNS or NTP query in milliseconds (default: 2000); TCP 1.5 ×, TLS 2.5 ×",
  },
  retries: {
    group: "Servers",
    kind: "value",
    value: "N",
    parse: values.wholeNumber({ least: 0, most: 5 }),
    describe: "Number of retries for an unanswered DNS or NTP query, 0 to 5 (default: 1)",
  },
  deadline: {
    group: "Servers",
    kind: "value",
    value: "SECONDS",
    // One day.
    parse: values.seconds({ least: 1, most: 86_400 }),
    describe:
      "Overall time limit for live checks in seconds (default: 30); checks with unanswered queries become inconclusive",
  },
  concurrency: {
    group: "Servers",
    kind: "value",
    value: "N",
    parse: values.wholeNumber({ least: 1, most: 1000 }),
    describe: "Maximum concurrent queries per protocol (default: DNS, NTP and TCP 64, TLS 256)",
  },
  vcenter: {
    group: "vSphere",
    kind: "value",
    value: "URL",
    parse: values.anyText,
    describe: "Additional inventory, read live from this vCenter Server or ESXi host",
  },
  server: {
    group: "vSphere",
    kind: "value",
    value: "URL",
    parse: values.anyText,
    describe: "Name or URL of the vCenter Server or ESXi host (default: GOVC_URL)",
  },
  // There is no option for a password: other users of the machine can read a command line.
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
    describe: "Read the password from this file, or - for standard input (default: GOVC_PASSWORD, else a prompt)",
  },
  ca: {
    ...NEEDS_VCENTER,
    kind: "list",
    value: "FILE",
    parse: values.anyText,
    describe: "Also trust the CA certificates in this PEM file; repeatable (default: GOVC_TLS_CA_CERTS)",
  },
  thumbprint: {
    ...NEEDS_VCENTER,
    kind: "list",
    value: "HEX",
    parse: values.thumbprint,
    describe:
      "Trust only the server certificate with this SHA-256 or SHA-1 fingerprint; repeatable " +
      "(default: GOVC_TLS_KNOWN_HOSTS)",
  },
  insecure: {
    ...NEEDS_VCENTER,
    kind: "flag",
    notWith: {
      ca: "--ca is safer; omit --insecure",
      thumbprint: "--thumbprint is safer; omit --insecure",
    },
    describe: "Do not verify the server's certificate (GOVC_INSECURE)",
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
    describe:
      "Replace names of hosts and VMs that are not in this deployment file with pseudonyms; verdicts do not change",
  },
  "collected-at": {
    group: "Input",
    kind: "value",
    value: "TIME",
    parse: values.collectedAt,
    describe:
      "Collection time of exports without a time (govc) or time zone (RVTools), such as 2026-11-22T08:00:00Z; import only",
  },
  output: {
    short: "o",
    group: "Output",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe: "Write the evidence to this file instead of standard output",
  },
  format: {
    short: "f",
    group: "Output",
    kind: "list",
    value: "NAME[=FILE]",
    offered: Object.keys(formats),
    parse: values.anyText,
    describe: `${Object.keys(formats)
      .join(", ")
      .replace(/, (\w+)$/, " or $1")
      .replace("stylish", "stylish (default)")}, to standard output or a file; repeatable`,
  },
  explain: {
    group: "Output",
    kind: "flag",
    describe:
      "Add what each check read to JSON and HTML reports: values, facts, options (HTML always has it for checks that did " +
      "not pass)",
  },
  shell: {
    group: "Output",
    kind: "value",
    value: "SHELL",
    choices: ["govc", "powercli", "esxcli"],
    default: "govc",
    describe: "Write commands for govc (default), PowerCLI, or esxcli in the shell of each host",
  },
  ci: {
    group: "Output",
    kind: "value",
    value: "SYSTEM",
    choices: ["github", "gitlab", "azure", "jenkins"],
    notWith: { inventory: "write the pipeline by itself", vcenter: "write the pipeline by itself" },
    describe: "Write only the pipeline for this CI system: github, gitlab, azure or jenkins",
  },
  json: { group: "Output", kind: "flag", describe: "Print the list of rules as JSON" },
  markdown: { group: "Output", kind: "flag", describe: "Print the list of rules as a Markdown table" },
  "sarif-include": {
    group: "Output",
    kind: "list",
    value: "VERDICTS",
    offered: SARIF_INCLUSIONS,
    isSeparated: true,
    parse: values.sarifInclusion,
    describe: `Include these verdicts in SARIF in addition to failures, comma-separated: ${SARIF_INCLUSIONS.join(", ")}`,
  },
  "sarif-category": {
    group: "Output",
    kind: "value",
    value: "NAME",
    parse: values.sarifCategory,
    describe: "Category of the SARIF run, which distinguishes several uploads for one commit",
  },
  quiet: {
    short: "q",
    group: "Output",
    kind: "flag",
    describe: "Show errors only (stylish, github and markdown); warnings still count",
  },
  all: {
    group: "Output",
    kind: "flag",
    describe: "List every finding instead of grouping equal ones (stylish); waive warnings too (--write-waivers)",
  },
  stats: {
    group: "Output",
    kind: "flag",
    describe: "Print the duration of phases, rules and queries to standard error",
  },
  frames: { group: "Output", kind: "flag", describe: "Show the source lines of each finding (stylish)" },
  color: {
    group: "Output",
    kind: "value",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    default: "auto",
    describe: "Use of color: auto (default: on a terminal), always or never",
  },
  fix: {
    group: "Fixing",
    kind: "flag",
    notWith: { vcenter: "write the inventory with preflight inventory pull, then give it with --inventory" },
    describe: "Write automatic fixes to the deployment file, then check it; --only limits the rules",
  },
  "fix-dry-run": {
    group: "Fixing",
    kind: "flag",
    opposites: ["fix"],
    notWith: {
      format: "--fix-dry-run prints a diff and no report; omit --format",
      vcenter: "write the inventory with preflight inventory pull, then give it with --inventory",
      "write-waivers": "--fix-dry-run writes nothing; use one after the other",
    },
    describe: "Print what --fix would change as a unified diff and exit with 1 if there is a change; write nothing",
  },
  "max-warnings": {
    group: "Gate",
    kind: "value",
    value: "N",
    parse: values.count,
    describe: "Fail the gate if there are more than N warnings",
  },
  inconclusive: {
    group: "Gate",
    kind: "value",
    value: "EFFECT",
    choices: ["fail", "warn", "ignore"],
    describe: "Effect of inconclusive checks on the gate: fail (default), warn (each counts as a warning) or ignore",
  },
  "baseline-plan": {
    group: "Gate",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe:
      "Fail the gate if a check of this plan (preflight plan --format json) is no longer evaluated or has been relaxed",
  },
  "compare-to": {
    group: "Gate",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe: "Also show what is different from this saved report (--format json): fixed, new, still failing and so on",
  },
  "fail-on": {
    group: "Gate",
    kind: "value",
    value: "WHICH",
    choices: ["new", "any"],
    needs: "compare-to",
    describe:
      "Exit with 1 when the comparison has new findings, newly inconclusive or no longer evaluated checks (new), or when " +
      "any findings or inconclusive checks remain (any); warnings and infos count",
  },
  waivers: {
    group: "Waivers",
    kind: "value",
    value: "FILE",
    parse: values.anyText,
    describe:
      "Use the waivers in this file (default: the file that the config refers to, else the nearest preflight.waivers.yaml " +
      "or .json in the deployment's folder or above)",
  },
  "no-waivers": {
    group: "Waivers",
    kind: "flag",
    opposites: ["waivers", "write-waivers"],
    describe: "Do not use a waivers file",
  },
  "no-inline": { group: "Waivers", kind: "flag", describe: "Ignore waiver directives in YAML comments" },
  "write-waivers": {
    group: "Waivers",
    kind: "flag",
    requires: {
      options: ["reason", "owner", "expires"],
      hint: 'write --reason "WHY" --owner NAME --expires YYYY-MM-DD',
    },
    describe:
      "Add waivers for everything that fails the gate to the waivers file; requires --reason, --owner and --expires",
  },
  reason: { ...OF_NEW_WAIVERS, value: "TEXT", parse: values.line, describe: "Reason of new waivers" },
  owner: { ...OF_NEW_WAIVERS, value: "NAME", parse: values.line, describe: "Owner of new waivers" },
  expires: {
    ...OF_NEW_WAIVERS,
    value: "DATE",
    parse: values.day,
    describe: "Last day of new waivers, such as 2027-01-31",
  },
  ticket: {
    group: "Output",
    kind: "value",
    value: "ID",
    parse: values.line,
    describe: "Change ticket, shown in reports and in new waivers",
  },
  "run-by": {
    group: "Output",
    kind: "value",
    value: "NAME",
    parse: values.line,
    describe:
      "Person or job that runs the check, shown in reports; ci takes both from the variables of the CI system (default: not shown)",
  },
  "docs-url": {
    group: "Output",
    kind: "value",
    value: "URL",
    parse: values.docsUrl,
    describe:
      "Base URL of the documentation, linked from SARIF: a folder that has rules/ID.html, or a URL with {rule} for the id " +
      "(default: the homepage of the package, if it has one)",
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

export type OptionName = keyof typeof OPTIONS;

/** An option as a command has it. */
export interface Option extends OptionRow {
  readonly name: string;
}

/** The type of the parsed values by kind of option. */
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

/** The parsed values of these options. */
export type OptionValues<Name extends OptionName> = {
  readonly [Key in Name]: ValueOf<(typeof OPTIONS)[Key]>;
};
