import { canonicalName } from "../../values/network/host-name.ts";
import { canonicalIp } from "../../values/network/ip-address.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { VirtualMachine, VirtualMachineRecord } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import { type Missing, positionsOf } from "../core/missing.ts";
import { groupBy } from "../core/names.ts";
import { once } from "../core/once.ts";
import { type Field, known, ownName, unknown } from "../core/site-object.ts";

type Finder = (node: Node) => Field<VirtualMachine | null>;

/** The VMs that fit a node. */
export interface Candidates {
  readonly machines: readonly VirtualMachine[];
  /** What they have in common with the node: its name or one of its addresses. */
  readonly by: "name" | "address" | "MAC address";
  /** The template that the node names, where there is no VM to take instead; null in all other cases. */
  readonly template: VirtualMachine | null;
}

/**
 * How to find a node's VM: the one that fits it, see `machineCandidates`. None: not deployed yet. Two: a gap. Another gap
 * is one that only holds the node's address while `vm.name` says what the VM is called: it was renamed, or it is a
 * foreign VM that has taken the address.
 */
export function machineFinder(estate: Estate, nodes: () => readonly Node[]): Finder {
  const candidatesOf = machineCandidates(estate, nodes);
  return (node) => {
    const { machines, by, template } = candidatesOf(node);
    if (template !== null) return unknown(isTemplate(template, node));
    const [first, second] = machines;
    if (first === undefined)
      return estate.unlistedMachines.length > 0 ? unknown(...estate.unlistedMachines) : known(null);
    const name = node.plan.read("name");
    const found = machines.map((vm) => vm.name).join(", ");
    if (by !== "name" && name.known) {
      const those = second === undefined ? `VM ${found} holds` : `VMs ${found} hold`;
      const fix = `correct vm.name if that is the node's VM, else free the ${by}`;
      return unknown({
        what: `no VM is called ${name.value}, as vm.name of node ${node.name} says, but ${those} the node's ${by}; ${fix}`,
        sourceRef: node.plan.sourceRefOf("name"),
      });
    }
    if (second === undefined) return known(first);
    const positions = positionsOf(machines.map(({ sourceRef }) => sourceRef));
    return unknown({
      what: `more than one VM fits node ${node.name}: ${found} (${positions}); name it in vm.name`,
      sourceRef: second.sourceRef,
    });
  };
}

function isTemplate(template: VirtualMachine, node: Node): Missing {
  const sourceRef = template.sourceRefOf("template");
  const named = `VM ${template.name}, which node ${node.name} names, is a template (${positionsOf([sourceRef])})`;
  return { what: `${named}; convert it to a virtual machine, or give the name of the node's VM in vm.name`, sourceRef };
}

/**
 * The VMs that fit a node: by `vm.name`, else the node's name, its hostname, its FQDN, its address, its MAC address; the
 * first of these that fits any VM decides. A template is no VM, but one that the node names may have been its VM, or
 * become it: it counts where `vm.name` names it and no VM, or where nothing else fits. A VM that is called like another node is that node's:
 * one address given to two nodes must not make one of them evaluated by the other's VM.
 */
export function machineCandidates(estate: Estate, nodes: () => readonly Node[]): (node: Node) => Candidates {
  const index = new Map<string, VirtualMachine[]>();
  const add = (key: string, machine: VirtualMachine) => {
    const group = index.get(key) ?? [];
    if (!group.includes(machine)) group.push(machine);
    index.set(key, group);
  };
  const templates: VirtualMachine[] = [];
  for (const machine of estate.virtualMachines.items) {
    const template = machine.read("template");
    if (template.known && template.value) {
      templates.push(machine);
      continue;
    }
    // What any description says of it finds it: inventories that differ in an address do not make it undeployed.
    for (const { record } of machine.descriptions as readonly { readonly record: Partial<VirtualMachineRecord> }[]) {
      if (record.name !== undefined) add(nameKey(record.name), machine);
      for (const address of record.ip_addresses ?? []) add(addressKey(address), machine);
      for (const { mac_address: mac } of record.nics ?? []) if (mac !== undefined) add(macKey(mac), machine);
    }
  }

  const ownersByName = once(
    () =>
      new Map(
        nodes().flatMap((owner) =>
          namesOf(owner).flatMap((key) => (index.get(key) ?? []).map((owned) => [owned, owner] as const)),
        ),
      ),
  );
  const templatesByName = once(() => groupBy(templates, (template) => nameKey(ownName(template))));
  const templateOf = (node: Node, keys: readonly string[]): VirtualMachine | null => {
    const datacenter = node.plan.read("datacenter");
    const found = keys.flatMap((key) => templatesByName().get(key) ?? []);
    return found.find((template) => !datacenter.known || isIn(template, datacenter.value)) ?? null;
  };
  const isNamedByOther = (machine: VirtualMachine, node: Node) => (ownersByName().get(machine) ?? node) !== node;

  return (node) => {
    const datacenter = node.plan.read("datacenter");
    const planned = node.plan.read("name");
    const plannedKey = planned.known ? nameKey(planned.value) : null;
    for (const { key, by } of keysOf(node)) {
      const template = key === plannedKey && !index.has(key) ? templateOf(node, [key]) : null;
      if (template !== null) return { machines: [], by, template };
      const fitting = index.get(key) ?? [];
      const found = by === "name" ? fitting : fitting.filter((machine) => !isNamedByOther(machine, node));
      if (found.length === 0) continue;
      const here = datacenter.known ? found.filter((vm) => isIn(vm, datacenter.value)) : found;
      return { machines: here.length > 0 ? here : found, by, template: null };
    }
    return { machines: [], by: "name", template: templateOf(node, namesOf(node)) };
  };
}

function keysOf(node: Node): readonly (Pick<Candidates, "by"> & { readonly key: string })[] {
  const address = node.read("address");
  const mac = node.plan.read("mac_address");
  return [
    ...namesOf(node).map((key) => ({ key, by: "name" as const })),
    ...(address.known ? [{ key: addressKey(address.value), by: "address" as const }] : []),
    ...(mac.known ? [{ key: macKey(mac.value), by: "MAC address" as const }] : []),
  ];
}

function namesOf(node: Node): readonly string[] {
  const named = (field: Field<string>) => (field.known ? [nameKey(field.value)] : []);
  return [
    ...named(node.plan.read("name")),
    nameKey(ownName(node)),
    ...named(node.read("hostname")),
    ...named(node.read("fqdn")),
  ];
}

const nameKey = (name: string) => `name ${canonicalName(name)}`;
const addressKey = (address: string) => `address ${canonicalIp(address) ?? address}`;
const macKey = (mac: string) => `mac ${mac.toLowerCase().replaceAll(/[^0-9a-f]/g, "")}`;

function isIn(machine: VirtualMachine, datacenter: string): boolean {
  const own = machine.read("datacenter");
  return !own.known || canonicalName(own.value) === canonicalName(datacenter);
}
