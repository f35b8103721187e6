import { type NewestHardware, newestHardware } from "../facts/hardware-versions.ts";
import type { Node } from "../site/deployment-objects.ts";
import type { Host } from "../site/estate-objects.ts";
import { hardwareVersion } from "../values/hardware-version.ts";
import type { At, RuleContext } from "./rule.ts";

type Context = Pick<RuleContext<Record<string, string>>, "need" | "inconclusive">;

/** A number of a node's virtual hardware, and where it stands. */
export interface HardwareValue {
  readonly value: number;
  readonly at: At;
}

// All three: what the node's VM has; what is planned while it has none. A gap of the VM is never filled from the plan.

/** The vCPUs of a node. */
export function cpusOf(node: Node, { need }: Pick<Context, "need">): HardwareValue {
  const machine = need(node, "virtualMachine");
  return machine === null
    ? { value: need(node, "vm_cpu_count"), at: [node, "vm_cpu_count"] }
    : { value: need(machine, "cpus"), at: [machine, "cpus"] };
}

/** The memory of a node, in MB. */
export function memoryOf(node: Node, { need }: Pick<Context, "need">): HardwareValue {
  const machine = need(node, "virtualMachine");
  return machine === null
    ? { value: need(node, "vm_system_memory"), at: [node, "vm_system_memory"] }
    : { value: need(machine, "memory_mb"), at: [machine, "memory_mb"] };
}

/** The virtual hardware version of a node. */
export function hardwareVersionOf(node: Node, { need, inconclusive }: Context): HardwareValue {
  const machine = need(node, "virtualMachine");
  const written = machine === null ? need(node.plan, "hardware_version") : need(machine, "hardware_version");
  const value = hardwareVersion(written);
  if (value === null) return inconclusive(`${JSON.stringify(written)} cannot be read as a hardware version`);
  return { value, at: [machine ?? node.plan, "hardware_version"] };
}

/** The newest hardware version that a host runs; an ESXi version that the table does not have is undecided. */
export function newestHardwareOf(host: Host, { need, inconclusive }: Context): NewestHardware {
  const esxi = need(host, "esxi");
  const newest = newestHardware(esxi);
  if (newest !== undefined) return newest;
  const update = esxi.update === null || esxi.update === 0 ? "" : ` update ${esxi.update}`;
  return inconclusive(
    `this program does not know which hardware versions ESXi ${esxi.major}.${esxi.minor}${update} on ${host.name} runs`,
  );
}

/** Ends the check: the verdict hangs on the update level of a host's ESXi, which the inventory does not tell. */
export function undecidedUpdate(host: Host, { least, most }: NewestHardware, { need, inconclusive }: Context): never {
  need(host, "api_version");
  return inconclusive(
    `the inventory does not tell the update level of ESXi on ${host.name}, whose newest hardware version is ${least} or ${most}`,
  );
}
