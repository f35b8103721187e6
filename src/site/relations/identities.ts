import { canonicalIp } from "../../values/network/ip-address.ts";
import { canonicalMac } from "../../values/network/mac-address.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { VirtualMachine, VirtualMachineRecord } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import { type Missing, distinctGaps } from "../core/missing.ts";
import { sharesWithNodes } from "./shares-with-nodes.ts";
import type { NodeMachines } from "./node-machine.ts";
import { isAgent } from "./occupancy.ts";
import { once } from "../core/once.ts";
import type { PartialList } from "../core/partial-list.ts";
import type { SiteObject } from "../core/site-object.ts";

/** A network adapter with its MAC address, of a VM or (the first one) of a node that has no VM yet. */
export interface Adapter {
  readonly owner: VirtualMachine | Node;
  /** Position among the adapters of its owner. */
  readonly index: number;
  /** Null when the VM is no node's. */
  readonly node: Node | null;
  readonly at: readonly [object: SiteObject, field: "mac_address"];
}

/**
 * The identities of VMs: their nodes, their UUIDs, their MAC and IP addresses. In each answer the nodes' VMs come
 * first, in the order of the deployment, then all others. A value missing from a VM counts only if the VM has something
 * in common with a node: a host, cluster, datastore, network or address. Templates and vSphere's own agents are
 * omitted. Computed in one pass, in time linear in nodes and VMs.
 */
export class Identities {
  readonly #owners = new Map<VirtualMachine, Node>();
  readonly #byUuid = new Map<string, VirtualMachine[]>();
  readonly #byMac = new Map<string, Adapter[]>();
  readonly #byAddress = new Map<string, VirtualMachine[]>();
  readonly #firstNode: Node | undefined;
  readonly #uuidGaps: readonly Missing[];
  readonly #macGaps: readonly Missing[];
  /** UUIDs and MAC addresses that are missing of VMs which have nothing in common with any node. */
  readonly remoteGaps: Readonly<Record<"uuid" | "mac", readonly Missing[]>>;

  constructor(nodes: readonly Node[], estate: Estate, machines: NodeMachines) {
    this.#firstNode = nodes[0];
    const uuidGaps: Missing[] = [];
    const macGaps: Missing[] = [];
    const remote = { uuid: [] as Missing[], mac: [] as Missing[] };
    const isNear = once(() => sharesWithNodes(nodes, estate));
    const add = (machine: VirtualMachine, node: Node | null) => {
      const uuid = machine.read("uuid");
      if (uuid.known) put(this.#byUuid, uuidKey(uuid.value), machine);
      const ofUuid = uuid.known ? [] : uuid.missing;
      const ofMac = this.#addAdapters(machine, node);
      if (ofUuid.length > 0 || ofMac.length > 0) {
        const near = node !== null || isNear()(machine);
        (near ? uuidGaps : remote.uuid).push(...ofUuid);
        (near ? macGaps : remote.mac).push(...ofMac);
      }
      for (const address of addressesOf(machine)) put(this.#byAddress, address, machine);
    };
    for (const node of nodes) {
      const machine = node.read("virtualMachine");
      if (!machine.known) {
        // If several VMs have its name, none can be identified as the node's; one with another name is not its VM.
        if (machines.candidates(node).named.length === 0) this.#addPlanned(node);
      } else if (machine.value === null) this.#addPlanned(node);
      else if (!this.#owners.has(machine.value)) {
        this.#owners.set(machine.value, node);
        add(machine.value, node);
      }
    }
    for (const machine of estate.virtualMachines.items) {
      const template = machine.read("template");
      if (this.#owners.has(machine) || (template.known && template.value) || isAgent(machine)) continue;
      add(machine, null);
    }
    this.remoteGaps = { uuid: distinctGaps(remote.uuid), mac: distinctGaps(remote.mac) };
    this.#uuidGaps = distinctGaps([...uuidGaps, ...estate.unlistedMachines]);
    this.#macGaps = distinctGaps([...macGaps, ...estate.unlistedMachines]);
  }

  /** The first node that a VM belongs to; undefined when it is no node's. */
  ownerOf(machine: VirtualMachine): Node | undefined {
    return this.#owners.get(machine);
  }

  /** The first node that has a VM, or else the first: what concerns no node is reported there. */
  get firstNode(): Node | undefined {
    const [owner] = this.#owners.values();
    return owner ?? this.#firstNode;
  }

  /** The VMs with that UUID, in whatever notation. */
  withUuid(uuid: string): PartialList<VirtualMachine> {
    return { items: this.#byUuid.get(uuidKey(uuid)) ?? [], missing: this.#uuidGaps };
  }

  /** The adapters with that MAC address, in the form in which they compare. */
  withMac(mac: string): PartialList<Adapter> {
    return { items: this.#byMac.get(mac) ?? [], missing: this.#macGaps };
  }

  /** The VMs that report an IP address, given in its canonical form. A VM need not report all that it has. */
  withAddress(address: string): readonly VirtualMachine[] {
    return this.#byAddress.get(address) ?? [];
  }

  #addPlanned(node: Node): void {
    const written = node.plan.read("mac_address");
    const mac = written.known ? canonicalMac(written.value) : null;
    if (mac !== null) put(this.#byMac, mac, { owner: node, index: 0, node, at: [node.plan, "mac_address"] });
  }

  /** Returns the gaps of the VM's adapters. An address that cannot be read is no gap: it equals no other. */
  #addAdapters(machine: VirtualMachine, node: Node | null): readonly Missing[] {
    const nics = machine.entries("nics");
    if (!nics.known) return nics.missing;
    return nics.value.flatMap((nic, index) => {
      const written = nic.read("mac_address");
      if (!written.known) return written.missing;
      const mac = canonicalMac(written.value);
      if (mac !== null) put(this.#byMac, mac, { owner: machine, index, node, at: [nic, "mac_address"] });
      return [];
    });
  }
}

/** The 32 hexadecimal digits; VMware writes them with hyphens, or in pairs with spaces. */
function uuidKey(uuid: string): string {
  const digits = uuid.toLowerCase().replaceAll(/[\s{}-]/g, "");
  return digits === "" ? uuid : digits;
}

/** In any inventory that describes the VM. */
function addressesOf({ descriptions }: VirtualMachine): ReadonlySet<string> {
  const records = descriptions as readonly { readonly record: Partial<VirtualMachineRecord> }[];
  return new Set(records.flatMap(({ record }) => (record.ip_addresses ?? []).flatMap((it) => canonicalIp(it) ?? [])));
}

function put<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
