import type { EsxiVersion } from "../../src/facts/esxi-version.ts";
import { hardwareVersion, type NewestHardware } from "../../src/facts/hardware-versions.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { Host, VirtualMachine } from "../../src/site/estate/estate-objects.ts";
import type { At, RuleContext } from "../../src/engine/api/rule.ts";

type Reading = Pick<RuleContext<Record<string, string>>, "site" | "need" | "known" | "each">;
type Context = Reading & Pick<RuleContext<Record<string, string>>, "inconclusive">;

/** A number of a node's virtual hardware, with its source location. */
export interface HardwareValue {
  readonly value: number;
  readonly at: At;
}

/**
 * The VM that a rule about the virtual hardware of a node evaluates; null if it evaluates the plan: the node has no VM,
 * or that is unknown. A wrong plan then fails. A correct plan passes if there is no inventory at all, because the plan
 * is what will be deployed; if an inventory does not show whether there is a VM, the check is inconclusive.
 */
export function machineOrPlan(node: Node, { site, known, each }: Omit<Reading, "need">): VirtualMachine | null {
  const machine = known(node, "virtualMachine");
  if (machine !== undefined) return machine;
  const open = node.read("virtualMachine");
  if (site.estate.isInventoried && !open.known) each({ items: [], missing: open.missing }, () => undefined);
  return null;
}

/** Whether the deployment gives no size, and the node has its VM: then the VM's is the only one. */
export function isLeftToMachine(
  node: Node,
  field: "vm_cpu_count" | "vm_system_memory",
  { known }: Pick<Reading, "known">,
): boolean {
  return known(node, field) === undefined && known(node, "virtualMachine") != null;
}

// All three: what the node's VM has, else what is planned. A gap of the VM is never filled from the plan.

/** The vCPUs of a node. */
export function cpusOf(node: Node, context: Reading): HardwareValue {
  const { need } = context;
  const machine = machineOrPlan(node, context);
  return machine === null
    ? { value: need(node, "vm_cpu_count"), at: [node, "vm_cpu_count"] }
    : { value: need(machine, "cpus"), at: [machine, "cpus"] };
}

/** The memory of a node, in MB. */
export function memoryOf(node: Node, context: Reading): HardwareValue {
  const { need } = context;
  const machine = machineOrPlan(node, context);
  return machine === null
    ? { value: need(node, "vm_system_memory"), at: [node, "vm_system_memory"] }
    : { value: need(machine, "memory_mb"), at: [machine, "memory_mb"] };
}

/** The virtual hardware version of a node. */
export function hardwareVersionOf(node: Node, context: Context): HardwareValue {
  const { need, inconclusive } = context;
  const machine = machineOrPlan(node, context);
  const written = machine === null ? need(node.plan, "hardware_version") : need(machine, "hardware_version");
  const value = hardwareVersion(written);
  if (value === null) return inconclusive(`${JSON.stringify(written)} is not a valid hardware version`);
  return { value, at: [machine ?? node.plan, "hardware_version"] };
}

/** Ends the check: the verdict depends on the update level of a host's ESXi, or on an ESXi newer than the table. */
export function inconclusiveHardware(
  host: Host,
  { least, most }: NewestHardware,
  { need, inconclusive }: Pick<Context, "need" | "inconclusive">,
): never {
  if (most === Infinity) {
    const esxi = esxiOf(host, need(host, "esxi"));
    return inconclusive(`${esxi} is newer than this program's table; it supports at least hardware version ${least}`);
  }
  need(host, "api_version");
  return inconclusive(
    `the update level of ESXi on ${host.name} is not in the inventory; its newest hardware version is ${least} or ${most}`,
  );
}

function esxiOf(host: Host, { major, minor, update }: EsxiVersion): string {
  return `ESXi ${major}.${minor}${update === null || update === 0 ? "" : ` update ${update}`} on ${host.name}`;
}
