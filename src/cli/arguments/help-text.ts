import { wrap } from "../../report/text/flow.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName, optionsOf } from "./commands.ts";
import { GROUPS, type Option } from "./options.ts";

/** Wider lines are hard to read. */
const WIDEST = 100;
/** Below this, descriptions stand under what they describe. */
const COLUMNS_FROM = 60;

const FILES = "Files are YAML or JSON; the name - stands for standard input.";

/** What to collect with govc, so that all is known that it can tell; also in docs/inventory.md. */
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
  ["govc license.assigned.ls -json", "licences.json"],
  ["govc permissions.ls -json", "permissions.json"],
  [
    'govc find / -type h | while read -r h; do echo "host: $h"; date -u +"asked: %FT%T.%3NZ"; govc host.date.info -json -host "$h" < /dev/null; date -u +"answered: %FT%T.%3NZ"; done',
    "host-times.txt",
  ],
] as const;

const EXAMPLES: Readonly<Partial<Record<CommandName, readonly (readonly [string, string])[]>>> = {
  check: [
    ["preflight deployment.yaml --inventory inventory.json", "Check everything; ask the DNS, NTP and VMware servers"],
    ["preflight deployment.yaml --inventory inventory.json --no-live", "Only what the files can tell"],
    ["preflight deployment.yaml --vcenter vcenter01.vc.example.com", "The inventory straight from vCenter"],
    ["preflight deployment.yaml --format sarif=preflight.sarif", "Also write SARIF, for code scanning"],
    ['preflight deployment.yaml --only "vm/*" --rule "vm/memory-multiple-of-4: warn"', "One group, one rule milder"],
  ],
  plan: [
    ["preflight plan deployment.yaml --format json", "The plan for another program"],
    ["preflight plan deployment.yaml --format csv --from jump-oslo", "The connections, for whoever opens the firewall"],
  ],
  probe: [
    ["preflight probe deployment.yaml --from jump-oslo -o evidence.json", "On a machine that reaches the servers"],
    ["preflight deployment.yaml --evidence evidence.json", "Then, on any other machine"],
  ],
  selftest: [
    ["preflight selftest deployment.yaml --inventory inventory.json", "All rules"],
    ['preflight selftest deployment.yaml --inventory inventory.json --only "vm/*" --format json', "One group, as JSON"],
  ],
  report: [
    ["preflight report report.json", "Read it again, without the files that it is about"],
    ["preflight report report.json --format sarif=preflight.sarif", "In another format"],
  ],
  inventory: [
    [
      "preflight inventory pull --server vcenter01.vc.example.com --user reader@vsphere.local -o inventory.json",
      "Asks for the password",
    ],
    ["preflight inventory pull > inventory.json", "Server, user and password as govc takes them: GOVC_URL …"],
    ["preflight inventory import estate.xlsx -o inventory.json", "All tabs of an RVTools workbook"],
    ["preflight inventory import rvtools-csv/ -o inventory.json", "A folder of RVTools_tab*.csv files"],
    ["preflight inventory import govc/ -o inventory.json", "A folder with what these commands print:"],
    ...GOVC_COMMANDS.map(([command, file]) => [`${command} > govc/${file}`, ""] as const),
  ],
  deployment: [
    [
      "preflight deployment import state.json -o deployment.yaml",
      "What terraform show -json prints; provider pexip/infinity",
    ],
    ["preflight deployment import worker_vm.json system_location.json", "JSON of /api/admin/configuration/v1/"],
  ],
  schema: [["preflight schema deployment > deployment.schema.json", "For an editor that completes and checks YAML"]],
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
    wrap(`Usage: preflight ${usage(name)}`, columns),
    ...(name === null ? [commands(columns)] : []),
    ...(takesDeployment ? [wrap(FILES, columns)] : []),
    ...optionGroups(name ?? "check", columns),
    ...examples(name ?? "check", columns),
    ...(takesDeployment || name === "report" ? [wrap(exitCodes(name), columns)] : []),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function usage(name: CommandName | null): string {
  const { usage: words } = COMMANDS[name ?? "check"];
  const call = name === null || name === "check" ? words.replace("check", "[check]") : words;
  return optionsOf(name ?? "check").some(({ group }) => group !== "Other") ? `${call} [options]` : call;
}

function exitCodes(name: CommandName | null): string {
  if (name === "plan") return "Exit codes: 0 planned, 2 bad usage or input.";
  if (name === "probe") return "Exit codes: 0 every question was asked, 2 not every one, or bad usage or input.";
  if (name === "selftest") {
    return "Exit codes: 0 no rule stayed silent, 1 a rule passed in spite of an error, 2 bad usage or input.";
  }
  if (name === "report") return "Exit codes: those of the run that is shown; 2 also for a file that is no report.";
  return "Exit codes: 0 gate passed, 1 gate failed, 2 no verdict (bad usage or input, or a run that broke off).";
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

function call({ name, short, value }: Option): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

type Row = readonly [term: string, text: string, ...rest: unknown[]];

function longest(rows: readonly Row[]): number {
  return Math.max(...rows.map(([term]) => term.length));
}

/** Two columns, the first `left` wide; on a narrow terminal the second stands below the first. */
function table(rows: readonly Row[], left: number, width: number): string[] {
  return rows.flatMap(([term, text]) => {
    if (width < COLUMNS_FROM) return [`  ${term}`, ...indented(text, 6, width)];
    const [first = "", ...rest] = indented(text, left + 4, width);
    return [`  ${term.padEnd(left)}  ${first.trimStart()}`, ...rest];
  });
}

/** Commands stay whole, so that they can be copied. */
function examples(name: CommandName, width: number): string[][] {
  const known = EXAMPLES[name] ?? [];
  if (known.length === 0) return [];
  return [["Examples:", ...known.flatMap(([command, text]) => [`  ${command}`, ...indented(text, 6, width)])]];
}

function indented(text: string, indent: number, width: number): string[] {
  return wrap(text, width - indent).map((line) => " ".repeat(indent) + line);
}
