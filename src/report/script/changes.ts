import { commandLine, type CommandValue, definitionOf } from "../../engine/api/command.ts";
import {
  COMMAND_SHELLS,
  type CommandDefinition,
  type CommandForm,
  type CommandShell,
} from "../../engine/api/command-table.ts";
import type { Check, CheckCommand, RunReport, Topology } from "../../schema/report.generated.ts";
import { terminal } from "../text/escape.ts";

type Values = Readonly<Record<string, CommandValue>>;

/** One command of the script, with the failed checks that it fixes. */
export interface Change {
  /** Null for a command of a plugin, or of a table row that this version does not have. */
  readonly definition: CommandDefinition | null;
  readonly values: Values;
  /** The line for the shell of the script, or else for another shell. */
  readonly line: string;
  readonly form: CommandForm;
  /** Why the line is only a comment; null for one that the script runs. */
  readonly obstacle: string | null;
  readonly checks: readonly Check[];
}

/** A node whose VM is changed or needs a power cycle. */
export interface MachineChanges {
  readonly node: string;
  readonly isConferencing: boolean;
  /** Its VM; null if the report does not name it. */
  readonly vm: string | null;
  /** Changes while it is running, then in Pexip maintenance mode, then while it is powered off. */
  readonly running: readonly Change[];
  readonly inMaintenance: readonly Change[];
  readonly off: readonly Change[];
  /** Changes of its host or cluster that take effect only after a power cycle. */
  readonly cycledFor: readonly Change[];
}

interface HostChanges {
  /** Null for VMs whose host is unknown. */
  readonly host: string | null;
  readonly changes: readonly Change[];
  readonly machines: readonly MachineChanges[];
}

/** The actions of a script, in order. */
export interface ScriptChanges {
  readonly shared: readonly Change[];
  readonly hosts: readonly HostChanges[];
  /** Failed checks that have no command. */
  readonly withoutCommand: readonly Check[];
  /** Failed checks that are a consequence of another failure. */
  readonly consequences: readonly Check[];
}

/** The changes required by a report's failed checks, deduplicated, grouped by host, in a safe order. */
export function changesOf({ checks, topology }: RunReport, shell: CommandShell): ScriptChanges {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const roots = failed.filter(({ root_causes }) => root_causes.length === 0);
  const changes = distinct(
    highestOnly(roots.flatMap((check) => (check.commands ?? []).map((command) => changeOf(command, check, shell)))),
  );
  const nodes = new NodeChanges(contradictionsAsComments(changes), topology);
  return {
    shared: nodes.shared,
    hosts: nodes.hosts(),
    withoutCommand: roots.filter(({ commands = [] }) => commands.length === 0),
    consequences: failed.filter(({ root_causes }) => root_causes.length > 0),
  };
}

/** Whether the script runs it. */
export function isRun({ obstacle }: Change): boolean {
  return obstacle === null;
}

function changeOf({ id, text = "", values }: CheckCommand, check: Check, shell: CommandShell): Change {
  const definition = id === null ? undefined : definitionOf(id);
  if (definition === undefined) {
    const obstacle = id === null ? "a command of a plugin" : `this version has no command ${terminal(id)}`;
    return { definition: null, values, line: text, form: "text", obstacle, checks: [check] };
  }
  const form = formFor(definition, shell);
  const line = commandLine(form, definition.lines[form] ?? "", values);
  const shared = { definition, values, form, checks: [check] };
  if (line === null) return { ...shared, line: "", obstacle: "a value of it is not in the report" };
  return { ...shared, line, obstacle: obstacleOf(definition, form, shell, values) };
}

function formFor({ lines }: CommandDefinition, shell: CommandShell): CommandForm {
  if (lines[shell] !== undefined) return shell;
  return COMMAND_SHELLS.find((other) => lines[other] !== undefined) ?? "text";
}

function obstacleOf(
  { lines, unconfirmed = [] }: CommandDefinition,
  form: CommandForm,
  shell: CommandShell,
  values: Values,
): string | null {
  if (form === "text") return "it is not a command";
  if (form !== shell) return `no syntax for ${shell} is confirmed; this is for ${form}`;
  if (unconfirmed.includes(form)) return "its syntax is not confirmed; try it on one object first, and run it yourself";
  if (/<[^>]+>/.test(lines[form] ?? "")) return "complete it, and run it yourself";
  return Object.entries(values).some(([name, value]) => isUncertain(name, value, form))
    ? "a name in it may be taken for a pattern, a path or an option; run it yourself"
    : null;
}

/** Names by which a shell looks an object up; govc and PowerCLI take wildcards in them. */
const LOOKED_UP = new Set(["vm", "host", "cluster", "group", "network", "disk", "datacenter_path"]);

/** Whether a name may match something other than this one object, however it is quoted. */
function isUncertain(name: string, value: CommandValue, shell: CommandShell): boolean {
  if (typeof value === "number") return !Number.isSafeInteger(value);
  if (typeof value !== "string") return value.some((word) => !/^[\w.]+$/.test(word));
  if (value.trim() === "" || value.startsWith("-") || terminal(value) !== value) return true;
  if (!LOOKED_UP.has(name)) return false;
  return /[*?[\]`\\]/.test(value) || (shell === "govc" && name !== "datacenter_path" && /[/%]/.test(value));
}

/** Of commands that differ only in a value of which the highest suffices, the one with the highest. */
function highestOnly(changes: readonly Change[]): readonly Change[] {
  const kept: Change[] = [];
  for (const change of changes) {
    const by = change.definition?.highest;
    const index = by === undefined ? -1 : kept.findIndex((other) => differOnlyIn(by, change, other));
    const other = kept[index];
    if (by === undefined || other === undefined) kept.push(change);
    else {
      const checks = [...other.checks, ...change.checks];
      const higher = Number(change.values[by]) > Number(other.values[by]) ? change : other;
      kept[index] = { ...higher, checks };
    }
  }
  return kept;
}

function differOnlyIn(name: string, a: Change, b: Change): boolean {
  const rest = ({ values }: Change) => JSON.stringify({ ...values, [name]: null });
  return a.definition === b.definition && rest(a) === rest(b);
}

/** Each line once, with all checks that require it; the definition with a preceding step wins. */
function distinct(changes: readonly Change[]): readonly Change[] {
  const byLine = new Map<string, Change>();
  for (const change of changes) {
    const key = JSON.stringify([change.form, change.line, change.line === "" ? change.values : change.values["host"]]);
    const other = byLine.get(key);
    const isMoreCareful = change.definition?.before !== undefined;
    const definition = isMoreCareful ? change.definition : (other?.definition ?? change.definition);
    byLine.set(key, { ...change, definition, checks: [...(other?.checks ?? []), ...change.checks] });
  }
  return [...byLine.values()];
}

/** Commands that set one property of one object to different values are not run. */
function contradictionsAsComments(changes: readonly Change[]): readonly Change[] {
  const objectOf = ({ definition, checks: [check] }: Change) =>
    definition?.sets === undefined ? null : `${definition.sets} ${check?.subject.name ?? ""}`;
  return changes.map((change) => {
    const object = objectOf(change);
    const isContradicted = object !== null && changes.some((other) => other !== change && objectOf(other) === object);
    const obstacle = "another step sets the same property to a different value; choose one, and run it yourself";
    return isContradicted ? { ...change, obstacle } : change;
  });
}

type TopologyNode = Pick<Topology["nodes"][number], "name" | "role" | "host" | "vm"> & {
  readonly cluster?: string | null;
};

/** Changes, by the object that they belong to. */
class NodeChanges {
  readonly shared: readonly Change[];
  readonly #byHost = new Map<string | null, Change[]>();
  readonly #byNode = new Map<string, Change[]>();
  readonly #cycled = new Map<string, Change[]>();
  readonly #nodes: readonly TopologyNode[];

  constructor(changes: readonly Change[], topology: Topology | null) {
    this.#nodes = topology?.nodes ?? [];
    const clusterOf = new Map(topology?.hosts.map(({ name, cluster }) => [name, cluster] as const));
    this.shared = changes.filter(({ definition }) => definition === null || definition.scope === "shared");
    for (const change of changes) {
      const [check] = change.checks;
      const host = hostOf(change);
      if (change.definition?.scope === "host") push(this.#byHost, host, change);
      if (change.definition?.scope === "vm") push(this.#byNode, check?.subject.name ?? "", change);
      if (change.definition?.power !== "power-cycle" || !isRun(change)) continue;
      const isConcerned =
        change.definition.scope === "host"
          ? (node: TopologyNode) => node.host === host
          : (node: TopologyNode) =>
              node.cluster === check?.subject.name || clusterOf.get(node.host ?? "") === check?.subject.name;
      for (const node of this.#nodes.filter(isConcerned)) {
        if (node.vm !== undefined) push(this.#cycled, node.name, change);
      }
    }
  }

  hosts(): readonly HostChanges[] {
    const named = [...this.#byNode.keys(), ...this.#cycled.keys()];
    const unplaced = named.filter((name) => !this.#nodes.some((node) => node.name === name));
    const others: readonly TopologyNode[] = [...new Set(unplaced)].map((name) => {
      return { name, role: "conferencing", host: null };
    });
    const all = [...this.#nodes, ...others].filter(({ name }) => named.includes(name));
    const hosts = new Set([...this.#byHost.keys(), ...all.map(({ host }) => host)]);
    return [...hosts].map((host) => ({
      host,
      changes: this.#byHost.get(host) ?? [],
      machines: all.filter((node) => node.host === host).map((node) => this.#machine(node)),
    }));
  }

  #machine({ name, role, vm }: Pick<TopologyNode, "name" | "role" | "vm">): MachineChanges {
    const changes = this.#byNode.get(name) ?? [];
    const needing = (power: CommandDefinition["power"]) =>
      changes.filter(({ definition }) => definition?.power === power);
    return {
      ...{ node: name, isConferencing: role === "conferencing", vm: vm ?? vmOf(changes) },
      ...{ running: needing("none"), inMaintenance: needing("maintenance"), off: needing("off") },
      cycledFor: this.#cycled.get(name) ?? [],
    };
  }
}

function vmOf(changes: readonly Change[]): string | null {
  const vm = changes[0]?.values["vm"];
  return typeof vm === "string" ? vm : null;
}

/** The host of a change, by its name in the topology if the check's subject is a host. */
function hostOf({ values, checks: [check] }: Change): string | null {
  if (check?.subject.kind === "host") return check.subject.name;
  const host = values["host"];
  return typeof host === "string" ? host : null;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Whether the VM of a command can be looked up by its name alone. */
export function isCertainName(vm: string, shell: CommandShell): boolean {
  return !isUncertain("vm", vm, shell);
}
