import { wrap } from "../../report/text/flow.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName, optionsOf } from "./commands.ts";
import { GROUPS, type Option } from "./options.ts";

/** Wider lines are hard to read. */
const WIDEST = 100;
/** Below this width, descriptions go below what they describe. */
const COLUMNS_FROM = 60;

const FILES = "Files are YAML or JSON; - is standard input.";

/** What to collect with govc for the most complete inventory; also in docs/inventory/govc.md. */
export const GOVC_COMMANDS = [
  ["govc about -json", "about.json"],
  ["govc collect -xml -wait 5s -type Folder / name parent", "folders.xml"],
  ["govc collect -xml -wait 5s -type Datacenter / name parent", "datacenters.xml"],
  ["govc collect -xml -wait 5s -type ComputeResource / name parent host summary configurationEx", "clusters.xml"],
  ["govc collect -xml -wait 5s -type HostSystem / name parent vm runtime summary hardware config", "hosts.xml"],
  ["govc collect -xml -wait 5s -type DistributedVirtualSwitch / name parent uuid config summary", "switches.xml"],
  ["govc collect -xml -wait 5s -type DistributedVirtualPortgroup / name parent key config", "port-groups.xml"],
  ["govc collect -xml -wait 5s -type Network / name parent summary", "networks.xml"],
  ["govc collect -xml -wait 5s -type Datastore / name parent host vm summary info", "datastores.xml"],
  ["govc collect -xml -wait 5s -type StoragePod / name parent", "datastore-clusters.xml"],
  ["govc collect -xml -wait 5s -type ResourcePool / name parent owner", "resource-pools.xml"],
  [
    "govc collect -xml -wait 5s -type VirtualMachine / name parent runtime config guest.ipAddress guest.net rootSnapshot",
    "vms.xml",
  ],
  ["govc license.assigned.ls -json", "licenses.json"],
  ["govc permissions.ls -json", "permissions.json"],
  [
    'govc find / -type h | while read -r h; do echo "host: $h"; date -u +"asked: %FT%T.%3NZ"; govc host.date.info -json -host "$h" < /dev/null; date -u +"answered: %FT%T.%3NZ"; done',
    "host-times.txt",
  ],
] as const;

/** Examples of each command: the line, and its purpose. */
export const EXAMPLES: Readonly<Partial<Record<CommandName, readonly (readonly [string, string])[]>>> = {
  check: [
    [
      "preflight deployment.yaml --inventory inventory.json",
      "Run all checks, including live checks of DNS, NTP, TCP and TLS",
    ],
    ["preflight deployment.yaml --inventory inventory.json --no-live", "Only checks that do not contact servers"],
    ["preflight deployment.yaml --vcenter vcenter01.vc.example.com", "Read the inventory from vCenter"],
    ["preflight deployment.yaml --format sarif=preflight.sarif", "Also write SARIF for code scanning"],
    [
      'preflight deployment.yaml --only "vm/*" --rule "vm/memory-multiple-of-4: warn"',
      "Only one group, with one rule as a warning",
    ],
  ],
  plan: [
    ["preflight plan deployment.yaml --format json", "The plan as JSON"],
    ["preflight plan deployment.yaml --format csv --from jump-oslo", "The connections for a firewall request"],
  ],
  probe: [
    ["preflight probe deployment.yaml --from jump-oslo -o evidence.json", "On a machine with access to the servers"],
    ["preflight deployment.yaml --evidence evidence.json", "Then on any machine"],
  ],
  why: [
    [
      "preflight why vm/memory-multiple-of-4 node:oslo-conf01 deployment.yaml --inventory inventory.json",
      "A rule and a subject as reports name them",
    ],
    [
      "preflight why time/ntp-reachable ntp1.vc.example.com deployment.yaml --evidence evidence.json",
      "With the answers that preflight probe recorded; without them the queries are listed",
    ],
  ],
  selftest: [
    ["preflight selftest deployment.yaml --inventory inventory.json", "All rules"],
    ['preflight selftest deployment.yaml --inventory inventory.json --only "vm/*" --format json', "One group, as JSON"],
  ],
  report: [
    ["preflight report report.json", "Show a saved report without its input files"],
    ["preflight report report.json --format sarif=preflight.sarif", "Convert it to another format"],
  ],
  compare: [
    ["preflight compare before.json after.json", "What a change window fixed, and what it broke"],
    ["preflight compare before.json after.json --format markdown", "For the ticket"],
  ],
  inventory: [
    [
      "preflight inventory pull --server vcenter01.vc.example.com --user reader@vsphere.local -o inventory.json",
      "Prompts for the password",
    ],
    ["preflight inventory pull > inventory.json", "Server, user and password from govc's variables (GOVC_URL …)"],
    ["preflight inventory import estate.xlsx -o inventory.json", "All tabs of an RVTools workbook"],
    ["preflight inventory import rvtools-csv/ -o inventory.json", "A folder of RVTools_tab*.csv files"],
    ["preflight inventory import govc/ -o inventory.json", "A folder with the output of these commands:"],
    ...GOVC_COMMANDS.map(([command, file]) => [`${command} > govc/${file}`, ""] as const),
  ],
  deployment: [
    [
      "preflight deployment import state.json -o deployment.yaml",
      "Output of terraform show -json (provider pexip/infinity)",
    ],
    [
      "preflight deployment import worker_vm.json system_location.json",
      "JSON responses of /api/admin/configuration/v1/",
    ],
  ],
  schema: [
    ["preflight schema deployment > deployment.schema.json", "For completion and validation of YAML in an editor"],
  ],
};

/** The help of the whole program, or of one command. */
export function helpText(name: CommandName | null, width: number): string {
  const columns = Math.min(width, WIDEST);
  const command = COMMANDS[name ?? "check"];
  const takesDeployment = command.usage.includes("<deployment>");
  const blocks = [
    name === null
      ? wrap("preflight checks a Pexip Infinity deployment on VMware vSphere before it is deployed.", columns)
      : wrap(`${command.describe}.`, columns),
    wrap(`Usage: preflight ${usageLine(name)}`, columns),
    ...(name === null ? [commands(columns)] : []),
    ...(takesDeployment ? [wrap(FILES, columns)] : []),
    ...optionGroups(name ?? "check", columns),
    ...examples(name ?? "check", columns),
    ...(hasOwnExitCodes(name) ? [wrap(exitCodes(name), columns)] : []),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The usage of a command, without the name of the program. */
export function usageLine(name: CommandName | null): string {
  const { usage: words } = COMMANDS[name ?? "check"];
  const call = name === null || name === "check" ? words.replace("check", "[check]") : words;
  return optionsOf(name ?? "check").some(({ group }) => group !== "Other") ? `${call} [options]` : call;
}

/** Whether a command evaluates or compares, so that it has more exit codes than success and failure. */
export function hasOwnExitCodes(name: CommandName | null): boolean {
  return COMMANDS[name ?? "check"].usage.includes("<deployment>") || name === "report" || name === "compare";
}

/** One sentence with the exit codes of a command. */
export function exitCodes(name: CommandName | null): string {
  if (name === "plan") return "Exit codes: 0 success, 2 invalid usage or input.";
  if (name === "probe")
    return "Exit codes: 0 all queries completed, 2 not all queries completed, or invalid usage or input.";
  if (name === "why") return "Exit codes: 0 success, whatever the verdict, 2 invalid usage or input.";
  if (name === "selftest")
    return "Exit codes: 0 no rule stayed silent, 1 a rule passed despite an injected error, 2 invalid usage or input.";
  if (name === "compare")
    return "Exit codes: 0 success, 1 by --fail-on, 2 invalid usage, or reports that cannot be compared.";
  if (name === "report") return "Exit codes: those of the saved run; 2 also for a file that is not a report.";
  return "Exit codes: 0 gate passed, 1 gate failed, 2 no verdict (invalid usage or input, or an incomplete run).";
}

function commands(width: number): string[] {
  const rows = COMMAND_NAMES.map((name) => [COMMANDS[name].usage, COMMANDS[name].describe] as const);
  return ["Commands:", ...table(rows, longest(rows), width)];
}

function optionGroups(command: CommandName, width: number): string[][] {
  const rows = optionsOf(command).map((option) => [call(option), option.describe, option.group] as const);
  return GROUPS.flatMap((group) => {
    const members = rows.filter((row) => row[2] === group);
    return members.length === 0 ? [] : [[`${group}:`, ...table(members, longest(rows), width)]];
  });
}

/** `-i, --inventory FILE` */
export function call({ name, short, value }: Option): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

type Row = readonly [term: string, text: string, ...rest: unknown[]];

function longest(rows: readonly Row[]): number {
  return Math.max(...rows.map(([term]) => term.length));
}

/** Two columns, the first `left` wide; on a narrow terminal the second goes below the first. */
function table(rows: readonly Row[], left: number, width: number): string[] {
  return rows.flatMap(([term, text]) => {
    if (width < COLUMNS_FROM) return [`  ${term}`, ...indented(text, 6, width)];
    const [first = "", ...rest] = indented(text, left + 4, width);
    return [`  ${term.padEnd(left)}  ${first.trimStart()}`, ...rest];
  });
}

/** Commands are not wrapped, so that they can be copied. */
function examples(name: CommandName, width: number): string[][] {
  const known = EXAMPLES[name] ?? [];
  if (known.length === 0) return [];
  return [["Examples:", ...known.flatMap(([command, text]) => [`  ${command}`, ...indented(text, 6, width)])]];
}

function indented(text: string, indent: number, width: number): string[] {
  return wrap(text, width - indent).map((line) => " ".repeat(indent) + line);
}
