import { canonicalName } from "../values/host-name.ts";
import { canonicalIp } from "../values/ip-address.ts";
import type { Node } from "./deployment-objects.ts";
import type { VirtualMachine } from "./estate-objects.ts";
import type { Estate } from "./estate.ts";
import { type Field, known, ownName, unknown } from "./site-object.ts";

type Finder = (node: Node) => Field<VirtualMachine | null>;

/** How to find a node's VM: the one that fits it, see `machineCandidates`. None: not deployed yet. Two: a gap. */
export function machineFinder(estate: Estate): Finder {
  const candidatesOf = machineCandidates(estate);
  return (node) => {
    if (estate.virtualMachines.missing.length > 0) return unknown(...estate.virtualMachines.missing);
    const found = candidatesOf(node);
    const [first, second] = found;
    if (first === undefined) return known(null);
    if (second === undefined) return known(first);
    return unknown({
      what: `more than one VM fits node ${node.name}: ${found.map((vm) => vm.name).join(", ")}; name it in vm.name`,
      place: second.place,
    });
  };
}

/**
 * The VMs that fit a node: by `vm.name`, else the node's name, its hostname, its FQDN, its address, its MAC address; the
 * first of these that fits any VM decides. Templates are no VMs.
 */
export function machineCandidates(estate: Estate): (node: Node) => readonly VirtualMachine[] {
  const index = new Map<string, VirtualMachine[]>();
  const add = (key: string, machine: VirtualMachine) => {
    const group = index.get(key) ?? [];
    if (!group.includes(machine)) group.push(machine);
    index.set(key, group);
  };
  for (const machine of estate.virtualMachines.items) {
    const template = machine.read("template");
    if (template.known && template.value) continue;
    add(nameKey(ownName(machine)), machine);
    const addresses = machine.read("ip_addresses");
    for (const address of addresses.known ? addresses.value : []) add(addressKey(address), machine);
    const nics = machine.read("nics");
    for (const nic of nics.known ? nics.value : [])
      if (nic.mac_address !== undefined) add(macKey(nic.mac_address), machine);
  }

  return (node) => {
    const datacenter = node.plan.read("datacenter");
    for (const key of keysOf(node)) {
      const found = index.get(key) ?? [];
      const here = found.length > 1 && datacenter.known ? found.filter((vm) => isIn(vm, datacenter.value)) : found;
      if (here.length > 0) return here;
    }
    return [];
  };
}

function keysOf(node: Node): readonly string[] {
  const keys: string[] = [];
  const push = (field: Field<string>, key: (text: string) => string) => {
    if (field.known) keys.push(key(field.value));
  };
  push(node.plan.read("name"), nameKey);
  keys.push(nameKey(ownName(node)));
  push(node.read("hostname"), nameKey);
  push(node.read("fqdn"), nameKey);
  push(node.read("address"), addressKey);
  push(node.plan.read("mac_address"), macKey);
  return keys;
}

const nameKey = (name: string) => `name ${canonicalName(name)}`;
const addressKey = (address: string) => `address ${canonicalIp(address) ?? address}`;
const macKey = (mac: string) => `mac ${mac.toLowerCase().replaceAll(/[^0-9a-f]/g, "")}`;

function isIn(machine: VirtualMachine, datacenter: string): boolean {
  const own = machine.read("datacenter");
  return !own.known || canonicalName(own.value) === canonicalName(datacenter);
}
