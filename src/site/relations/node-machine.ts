import { canonicalName } from "../../values/network/host-name.ts";
import { canonicalIp } from "../../values/network/ip-address.ts";
import { canonicalMac } from "../../values/network/mac-address.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { VirtualMachine, VirtualMachineRecord } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import { type Missing, positionsOf } from "../core/missing.ts";
import { groupBy } from "../core/names.ts";
import { once } from "../core/once.ts";
import { type Field, known, ownName, unknown } from "../core/site-object.ts";

/** A property that a VM of another name shares with a node. */
const TRAITS = ["hostname", "FQDN", "address", "MAC address"] as const;
type Trait = (typeof TRAITS)[number];

/** The VMs that may be a node's. */
interface Candidates {
  /** Those with the name that it gives; in its datacenter, if any is there. */
  readonly named: readonly VirtualMachine[];
  /** If there is none: those of another name that share a property with the node, and which. */
  readonly similar: ReadonlyMap<VirtualMachine, readonly Trait[]>;
  /** The template that the node names, where there is no VM to take instead; null in all other cases. */
  readonly template: VirtualMachine | null;
}

/**
 * Which VM is a node's: the one called `vm.name`; where that is not given, the one called like the node, its hostname or its
 * FQDN. Without one the node is not deployed yet, unless a VM of another name has its hostname, FQDN, address or MAC address:
 * that may be the node's VM, or a foreign VM that uses what is the node's. Taken for the node's, it would hide that
 * conflict and every error of the plan.
 *
 * A VM that is called like another node is that node's. A template is no VM, but one that the node names may have been its
 * VM, or become it: it counts where `vm.name` names it and no VM, or where nothing else fits.
 */
export class NodeMachines {
  readonly #estate: Estate;
  readonly #nodes: () => readonly Node[];
  readonly #index = once(() => indexOf(this.#estate.virtualMachines.items));
  readonly #owners = once(
    () =>
      new Map(
        this.#nodes().flatMap((node) =>
          namesOf(node).flatMap((key) => this.#at(key).map((machine) => [machine, node] as const)),
        ),
      ),
  );

  constructor(estate: Estate, nodes: () => readonly Node[]) {
    this.#estate = estate;
    this.#nodes = nodes;
  }

  /** The node's VM; null when it is not deployed yet. */
  of(node: Node): Field<VirtualMachine | null> {
    const { named, similar, template } = this.candidates(node);
    if (template !== null) return unknown(isTemplate(template, node));
    if (similar.size > 0) return unknown(isOfOtherName(similar, node), ...this.#estate.unlistedMachines);
    const [first, second] = named;
    if (first === undefined) {
      return this.#estate.unlistedMachines.length > 0 ? unknown(...this.#estate.unlistedMachines) : known(null);
    }
    if (second === undefined) {
      const datacenter = node.plan.read("datacenter");
      return datacenter.known && !isIn(first, datacenter.value)
        ? unknown(isElsewhere(first, node, datacenter.value))
        : known(first);
    }
    const positions = positionsOf(named.map(({ sourceRef }) => sourceRef));
    const found = named.map(({ name }) => name).join(", ");
    return unknown({
      what: `more than one VM matches node ${node.name}: ${found} (${positions}); ${telling(node, named)}`,
      sourceRef: second.sourceRef,
    });
  }

  /** What `of` chooses from. */
  candidates(node: Node): Candidates {
    const datacenter = node.plan.read("datacenter");
    const keys = namesOf(node);
    const all = this.#at(keys.find((key) => this.#index().machines.has(key)) ?? "");
    const here = datacenter.known ? all.filter((machine) => isIn(machine, datacenter.value)) : all;
    const named = here.length > 0 ? here : all;
    const none = new Map<VirtualMachine, readonly Trait[]>();
    if (named.length > 0) return { named, similar: none, template: null };
    const template = this.#template(node, keys);
    if (template !== null && node.plan.read("name").known) return { named, similar: none, template };
    const similar = this.#similar(node);
    if (similar.size > 0) return { named, similar, template: null };
    return {
      named,
      similar,
      template: template ?? this.#template(node, [ownName(node), ...hostnamesOf(node)].map(nameKey)),
    };
  }

  #similar(node: Node): ReadonlyMap<VirtualMachine, readonly Trait[]> {
    const similar = new Map<VirtualMachine, Trait[]>();
    for (const { trait, key } of keysOf(node)) {
      for (const machine of this.#at(key)) {
        if ((this.#owners().get(machine) ?? node) !== node) continue;
        const traits = similar.get(machine);
        if (traits === undefined) similar.set(machine, [trait]);
        else traits.push(trait);
      }
    }
    return similar;
  }

  #template(node: Node, keys: readonly string[]): VirtualMachine | null {
    const datacenter = node.plan.read("datacenter");
    const found = keys.flatMap((key) => this.#index().templates.get(key) ?? []);
    return found.find((template) => !datacenter.known || isIn(template, datacenter.value)) ?? null;
  }

  #at(key: string): readonly VirtualMachine[] {
    return this.#index().machines.get(key) ?? [];
  }
}

/** Possible names of the node's VM, of which the first that any VM has counts: only `vm.name`, if it is set. */
function namesOf(node: Node): readonly string[] {
  const planned = node.plan.read("name");
  return (planned.known ? [planned.value] : [ownName(node), ...hostnamesOf(node)]).map(nameKey);
}

function hostnamesOf(node: Node): readonly string[] {
  return [node.read("hostname"), node.read("fqdn")].flatMap((name) => (name.known ? [name.value] : []));
}

function isTemplate(template: VirtualMachine, node: Node): Missing {
  const sourceRef = template.sourceRefOf("template");
  const named = `VM ${template.name} of node ${node.name} is a template (${positionsOf([sourceRef])})`;
  return { what: `${named}; convert it to a virtual machine, or set vm.name to the node's VM`, sourceRef };
}

function isElsewhere(machine: VirtualMachine, node: Node, datacenter: string): Missing {
  const own = machine.read("datacenter");
  const where = `VM ${machine.name} is in datacenter ${own.known ? own.value : ""}`;
  return {
    what: `${where}, but vm.datacenter of node ${node.name} is ${datacenter}; correct vm.datacenter or vm.name`,
    sourceRef: node.plan.sourceRefOf("datacenter"),
  };
}

/** The differences between several VMs of one name. */
function telling(node: Node, machines: readonly VirtualMachine[]): string {
  const own = new Set(machines.map((machine) => machine.read("datacenter")).map((it) => (it.known ? it.value : "")));
  return own.size === machines.length && !node.plan.read("datacenter").known
    ? "set vm.datacenter"
    : "remove the duplicate, or set vm.name to another VM";
}

function isOfOtherName(similar: ReadonlyMap<VirtualMachine, readonly Trait[]>, node: Node): Missing {
  const names = [...similar.keys()].map(({ name }) => name).join(", ");
  const traits = new Set([...similar.values()].flat());
  const listed = TRAITS.filter((trait) => traits.has(trait)).join(" and ");
  const has = similar.size === 1 ? `VM ${names} has` : `VMs ${names} have`;
  const it = similar.size === 1 ? "it" : "them";
  const planned = node.plan.read("name");
  return {
    what: `no VM is named ${planned.known ? planned.value : ownName(node)}, but ${has} the ${listed} of node ${node.name}; set vm.name or rename ${it}`,
    sourceRef: node.plan.sourceRefOf("name"),
  };
}

interface Index {
  readonly machines: ReadonlyMap<string, readonly VirtualMachine[]>;
  readonly templates: ReadonlyMap<string, readonly VirtualMachine[]>;
}

function indexOf(all: readonly VirtualMachine[]): Index {
  const machines = new Map<string, VirtualMachine[]>();
  const add = (key: string, machine: VirtualMachine) => {
    const group = machines.get(key);
    if (group === undefined) machines.set(key, [machine]);
    else if (group.at(-1) !== machine) group.push(machine);
  };
  const templates: VirtualMachine[] = [];
  for (const machine of all) {
    const template = machine.read("template");
    if (template.known && template.value) {
      templates.push(machine);
      continue;
    }
    // A value in any description finds it: it is not undeployed because inventories differ in an address.
    for (const { record } of machine.descriptions as readonly { readonly record: Partial<VirtualMachineRecord> }[]) {
      if (record.name !== undefined) add(nameKey(record.name), machine);
      for (const address of record.ip_addresses ?? []) add(addressKey(address), machine);
      for (const { mac_address: mac } of record.nics ?? [])
        if (mac !== undefined && canonicalMac(mac) !== null) add(macKey(mac), machine);
    }
  }
  return { machines, templates: groupBy(templates, (template) => nameKey(ownName(template))) };
}

/** The properties that a VM of another name may share with a node. */
function keysOf(node: Node): readonly { readonly trait: Trait; readonly key: string }[] {
  const key = (trait: Trait, field: Field<string>, keyOf: (value: string) => string) =>
    field.known ? [{ trait, key: keyOf(field.value) }] : [];
  return [
    ...key("hostname", node.read("hostname"), nameKey),
    ...key("FQDN", node.read("fqdn"), nameKey),
    ...key("address", node.read("address"), addressKey),
    ...key("MAC address", node.plan.read("mac_address"), macKey),
  ];
}

const nameKey = (name: string) => `name ${canonicalName(name)}`;
const addressKey = (address: string) => `address ${canonicalIp(address) ?? address}`;
const macKey = (mac: string) => `mac ${canonicalMac(mac) ?? mac}`;

function isIn(machine: VirtualMachine, datacenter: string): boolean {
  const own = machine.read("datacenter");
  return !own.known || canonicalName(own.value) === canonicalName(datacenter);
}
