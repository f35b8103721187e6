import type { CommandShell } from "../../engine/api/command-table.ts";
import type { Check, RunReport } from "../../schema/report.generated.ts";
import { terminal } from "../text/escape.ts";
import { counted, locationText, subjectName } from "../text/wording.ts";
import { type Change, changesOf, isCertainName, isRun, type MachineChanges, type ScriptChanges } from "./changes.ts";
import { posixScript } from "./posix-script.ts";
import { powerShellScript } from "./powershell-script.ts";
import type { ScriptDialect } from "./script-dialect.ts";

/**
 * A script from the failed checks of a report, to be reviewed before use: it prints its steps, and runs them only on
 * request. Names come from files and may be hostile; each is quoted for the shell, and escaped in comments.
 */
export function* remediationScript(report: RunReport, shell: CommandShell): Generator<string> {
  const dialect = shell === "powercli" ? powerShellScript : posixScript(shell);
  const writer = new ScriptWriter(dialect, shell);
  for (const line of writer.lines(report, changesOf(report, shell))) yield `${line}\n`;
}

class ScriptWriter {
  readonly #rules = new Map<string, RunReport["rules"][number]>();

  constructor(
    readonly dialect: ScriptDialect,
    readonly shell: CommandShell,
  ) {}

  *lines(report: RunReport, changes: ScriptChanges): Generator<string> {
    for (const rule of report.rules) this.#rules.set(rule.id, rule);
    const { prologue, epilogue, openHost, closeHost } = this.dialect;
    const [shebang = "", ...rest] = prologue;
    yield shebang;
    yield* this.#header(report, changes);
    yield* rest;
    if (changes.shared.length > 0) yield* heading("Clusters, distributed switches, permissions and DNS");
    for (const change of changes.shared) yield* this.#change(change);
    for (const { host, changes: own, machines } of changes.hosts) {
      yield* heading(host === null ? "VMs whose host is not known" : `ESXi host ${terminal(host)}`);
      yield* openHost(host);
      for (const change of own) yield* this.#change(change);
      for (const machine of machines) yield* this.#machine(machine);
      yield* closeHost;
    }
    yield* this.#leftOver(changes);
    yield* epilogue;
  }

  *#header(report: RunReport, changes: ScriptChanges): Generator<string> {
    const { tool, started_at, inputs, profile, summary } = report;
    yield `# Fixes for the failed checks of a run of ${tool.name} ${terminal(tool.version)}, started ${started_at} (profile ${terminal(profile)}).`;
    yield `# Gate: ${terminal(summary.gate_reason)}`;
    for (const { path, sha256 } of inputs) yield `#   ${terminal(path)}, SHA-256 ${sha256}`;
    yield "#";
    yield "# Read every line before you use it. Names in it come from the files above. preflight never runs it.";
    for (const line of this.dialect.usage) yield `# ${line}`;
    const { consequences, withoutCommand } = changes;
    if (consequences.length > 0)
      yield `# Not included: ${counted(consequences.length, "failed check")} that another failed check causes.`;
    if (withoutCommand.length > 0)
      yield `# Listed at the end: ${counted(withoutCommand.length, "failed check")} without a command.`;
    if (summary.inconclusive > 0) {
      const count = counted(summary.inconclusive, "inconclusive check");
      yield `# Does not cover ${count}: provide the missing values first.`;
    }
    yield "";
  }

  *#machine(machine: MachineChanges): Generator<string> {
    const { node, vm, isConferencing, running, inMaintenance, off, cycledFor } = machine;
    const noun = isConferencing ? "Conferencing Node" : "Management Node";
    const name = vm === null ? "" : ` (VM ${terminal(vm)})`;
    yield "";
    yield `# --- ${noun} ${terminal(node)}${name}`;
    for (const change of running) yield* this.#change(change);
    const isInterrupted = [...inMaintenance, ...off].some(isRun) || cycledFor.length > 0;
    if (!isInterrupted) {
      if (inMaintenance.length > 0) yield "# The next change requires Pexip maintenance mode on the node.";
      for (const change of inMaintenance) yield* this.#change(change);
      if (off.length > 0) yield "# The next change requires a backup, and the VM to be powered off.";
      for (const change of off) yield* this.#change(change);
      return;
    }
    const { manual } = this.dialect;
    if (isConferencing) {
      yield manual(`Put node ${terminal(node)} into Pexip maintenance mode.`);
      yield manual(`Wait until no conferences run on node ${terminal(node)}.`);
    }
    for (const change of inMaintenance) yield* this.#change(change);
    if (off.some(isRun) || cycledFor.length > 0) yield* this.#powerCycle(machine, name);
    else for (const change of off) yield* this.#change(change);
    if (isConferencing) {
      yield manual(`Check that node ${terminal(node)} is running, then leave Pexip maintenance mode.`);
    }
  }

  *#powerCycle({ node, vm, off, cycledFor }: MachineChanges, name: string): Generator<string> {
    const { manual, shutDown, powerOn } = this.dialect;
    if (cycledFor.length > 0) {
      const rules = cycledFor.flatMap(({ checks }) => checks.map(({ rule }) => rule));
      yield `# The VM needs a power cycle to see the changes for ${terminal([...new Set(rules)].join(", "))}; a reboot is not enough.`;
    }
    const isCertain = vm !== null && isCertainName(vm, this.shell);
    const what = `node ${terminal(node)}${name}`;
    yield isCertain && shutDown !== null
      ? shutDown(vm)
      : manual(`Shut down the guest of ${what}, and wait until its VM is powered off.`);
    if (off.length > 0) yield manual(`Take a backup of ${what}.`);
    for (const change of off) yield* this.#change(change);
    yield isCertain && powerOn !== null ? powerOn(vm) : manual(`Power on the VM of ${what}.`);
  }

  *#change(change: Change): Generator<string> {
    const { definition, checks, line, obstacle, values } = change;
    yield "";
    for (const check of checks) yield* this.#reason(check);
    if (definition?.warning !== undefined) yield `# WARNING: ${definition.warning}`;
    if (obstacle !== null) {
      if (definition?.before !== undefined) yield `# Before: ${definition.before}`;
      yield `# Not run (${obstacle}):`;
      yield `#   ${terminal(line === "" ? JSON.stringify(values) : line)}`;
      return;
    }
    if (definition?.before !== undefined) yield this.dialect.manual(definition.before);
    const names = new Set(checks.map(({ rule, subject }) => `${terminal(rule)} for ${subjectName(subject)}`));
    yield* this.dialect.run([...names].join("; "), line);
  }

  *#reason({ rule, subject, findings, location }: Check): Generator<string> {
    yield `# ${terminal(rule)} for ${subjectName(subject)}`;
    for (const finding of findings) {
      const at = finding.location ?? location;
      yield `#   ${terminal(finding.message)}${at === null ? "" : ` (${locationText(at)})`}`;
    }
    const source = this.#rules.get(rule)?.source;
    if (source !== undefined) {
      yield `#   Source: ${terminal(source.document)}, "${terminal(source.section)}" (${source.wording.replaceAll("-", " ")})`;
    }
  }

  *#leftOver({ shared, hosts, withoutCommand }: ScriptChanges): Generator<string> {
    if (shared.length + hosts.length === 0) yield "# No failed check has a command.";
    if (withoutCommand.length === 0) return;
    yield* heading("Failed checks without a command");
    for (const check of withoutCommand) {
      yield "";
      yield* this.#reason(check);
      yield `#   Fix: ${terminal((check.remediation ?? "").replaceAll("\n", " "))}`;
    }
  }
}

function heading(text: string): readonly string[] {
  return ["", `# === ${text}`];
}
