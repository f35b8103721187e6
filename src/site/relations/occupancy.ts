import type { Node } from "../deployment/deployment-objects.ts";
import { type Cluster, Host, type VirtualMachine } from "../estate/estate-objects.ts";
import type { Estate } from "../estate/estate.ts";
import type { Missing } from "../core/missing.ts";
import type { NodeMachines } from "./node-machine.ts";
import { type PartialList, union } from "../core/partial-list.ts";
import { type Field, ownName } from "../core/site-object.ts";

/** A node of this deployment on a host: by its VM, or by `vm.host` while it has none. */
export interface Tenant {
  readonly node: Node;
  /** Null when the node is not deployed yet. */
  readonly machine: VirtualMachine | null;
}

/**
 * Which machines are on which host, computed for the whole site at once, in time linear in nodes, VMs and hosts.
 *
 * Nodes count whether or not they run now. Other VMs count only while they are powered on. A node that is planned for a
 * cluster, not for a host, is on no host yet.
 */
export class Occupancy {
  readonly #ours = new PerHost<Tenant>();
  readonly #foreign = new PerHost<VirtualMachine>();
  readonly #estate: Estate;

  constructor(nodes: readonly Node[], estate: Estate, machines: NodeMachines) {
    this.#estate = estate;
    const taken = new Set<VirtualMachine>();
    const disputed = new Map<VirtualMachine, readonly Missing[]>();
    for (const node of nodes) {
      const machine = node.read("virtualMachine");
      if (!machine.known) {
        const { named, similar, template } = machines.candidates(node);
        for (const candidate of [...named, ...similar.keys()]) disputed.set(candidate, machine.missing);
        // A template does not run, and a VM of another name may be foreign: then the node is still to come, where it is
        // planned.
        if (template !== null || similar.size > 0) this.#addPlanned(node, machine.missing);
        else if (named.length === 0) this.#ours.addGaps(null, machine.missing);
      } else if (machine.value === null) {
        this.#addPlanned(node);
      } else if (!taken.has(machine.value)) {
        taken.add(machine.value);
        put(this.#ours, machine.value, { node, machine: machine.value }, []);
      }
    }
    for (const machine of estate.virtualMachines.items) {
      const dispute = taken.has(machine) ? undefined : disputed.get(machine);
      if (dispute !== undefined) put(this.#ours, machine, null, dispute);
      if (!taken.has(machine) && !isAgent(machine)) this.#addForeign(machine, dispute ?? []);
    }
  }

  /** The nodes of this deployment on a host; each VM once, though two nodes may claim it. */
  ours(host: Host): PartialList<Tenant> {
    return this.#ours.on(host);
  }

  /**
   * The powered-on VMs on a host that are not this deployment's. vSphere's own agents (`vCLS (1)`) and templates are
   * omitted. A VM that may run there is a gap, and so is a host whose VMs no inventory lists.
   */
  foreign(host: Host): PartialList<VirtualMachine> {
    const unlisted = { items: [], missing: this.#unlisted(host) };
    return union([this.#foreign.on(host), unlisted]);
  }

  #addPlanned(node: Node, gaps: readonly Missing[] = []): void {
    const name = node.plan.read("host");
    if (!name.known) return;
    const datacenter = node.plan.read("datacenter");
    const scope = datacenter.known ? datacenter.value : undefined;
    const host = this.#estate.host(name.value, scope, node.plan.sourceRefOf("host"));
    if (!host.known) this.#ours.addGaps(null, host.missing);
    else if (gaps.length > 0) this.#ours.addGaps(host.value, gaps);
    else this.#ours.add(host.value, { node, machine: null });
  }

  #addForeign(machine: VirtualMachine, dispute: readonly Missing[]): void {
    const template = machine.read("template");
    const power = machine.read("power_state");
    if ((template.known && template.value) || (power.known && power.value !== "poweredOn")) return;
    put(this.#foreign, machine, machine, [...dispute, ...(power.known ? [] : power.missing)]);
  }

  /** Why the VMs of a host may not be listed: a list covers only hosts of the vCenter that it comes from. */
  #unlisted(host: Host): readonly Missing[] {
    if (host.descriptions.length === 0) return [this.#estate.gaps.object("host", host.name, host.sourceRef)];
    return this.#estate.missingMachinesOf(host);
  }
}

/** Items by host, and the gaps that may hide more of them on one host, in one cluster, or (null) anywhere. */
class PerHost<T> {
  readonly #items = new Map<Host, T[]>();
  /** By their text, each once: a thousand VMs without a host are one gap. */
  readonly #gaps = new Map<Host | Cluster | null, Map<string, Missing>>();

  add(host: Host, item: T): void {
    const group = this.#items.get(host);
    if (group === undefined) this.#items.set(host, [item]);
    else group.push(item);
  }

  addGaps(scope: Host | Cluster | null, missing: readonly Missing[]): void {
    const gaps = this.#gaps.get(scope) ?? new Map<string, Missing>();
    this.#gaps.set(scope, gaps);
    for (const gap of missing) if (!gaps.has(gap.what)) gaps.set(gap.what, gap);
  }

  on(host: Host): PartialList<T> {
    const cluster = host.read("inCluster");
    // A host without a cluster value may be in any of them.
    const scopes = cluster.known
      ? [host, cluster.value, null]
      : [...this.#gaps.keys()].filter((scope) => scope === host || !(scope instanceof Host));
    const missing = new Map(scopes.flatMap((scope) => [...(this.#gaps.get(scope) ?? [])]));
    return { items: this.#items.get(host) ?? [], missing: [...missing.values()] };
  }
}

/** Assigns an item to its VM's host; with gaps, or without a known host, only the gaps are recorded. */
function put<T>(tally: PerHost<T>, machine: VirtualMachine, item: T | null, gaps: readonly Missing[]): void {
  const host = machine.read("onHost");
  if (!host.known) tally.addGaps(clusterOf(machine.read("inCluster")), host.missing);
  else if (gaps.length > 0) tally.addGaps(host.value, gaps);
  else if (item !== null) tally.add(host.value, item);
}

function clusterOf(cluster: Field<Cluster | null>): Cluster | null {
  return cluster.known ? cluster.value : null;
}

/** `vCLS (1)`, and from vSphere 7.0 U3 on `vCLS-` with a UUID. */
const AGENT = /^vCLS(?: ?\(\d+\)|-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** vSphere Cluster Services: VMs that vCenter runs in every cluster (vSphere 7.0 U1 and later). */
export function isAgent(machine: VirtualMachine): boolean {
  return AGENT.test(ownName(machine));
}
