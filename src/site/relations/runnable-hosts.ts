import { hardwareVersion } from "../../facts/hardware-versions.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { Host } from "../estate/estate-objects.ts";
import type { HostSet, HostSets } from "../estate/host-set.ts";
import { oncePer } from "../core/once.ts";
import type { Reach, Spreads } from "./spread.ts";
import { keptIn } from "../core/kept-reads.ts";

/** Finds the hosts that are not known to be unable to run a node, once for all nodes with the same requirements. */
export class RunnableHosts {
  readonly #sets: HostSets;
  readonly #spreads: Spreads;
  readonly #found = oncePer<HostSet, Map<string, HostSet>>(() => new Map());
  readonly #ids = new Map<Reach, number>();

  constructor(sets: HostSets, spreads: Spreads) {
    this.#sets = sets;
    this.#spreads = spreads;
  }

  /**
   * The hosts of `node.clusterHosts` without those that are known to lack its datastore, or to run only older hardware
   * versions. Its own host stays in any case: what is wrong there is an error of vm/placement-exists or
   * vm/hardware-version-runs-on-host. A missing value excludes no host. Nor does a network: removing a port group
   * from a host would otherwise remove the checks of that host too, and the gate could pass over a known defect.
   */
  of(node: Node): HostSet {
    const { clusterHosts: all } = node;
    // Without knowing whether the node has a VM, its plan may be out of date.
    if (all.hosts.items.length < 2 || !node.read("virtualMachine").known) return all;
    const { host: home } = node.hostPlacement;
    const lacking = this.#spreads
      .datastoresOf(node)
      .items.flatMap(({ reach }) => (reach.off.length > 0 ? [reach] : []));
    const version = hardwareVersionOf(node);
    const lowest = version === null ? undefined : all.hardware.items[0];
    const isTooNew = version !== null && lowest !== undefined && lowest.value.most < version;
    if (lacking.length === 0 && !isTooNew) return all;

    const excluded = () => {
      const hosts = new Set(lacking.flatMap(({ off }) => off.map(({ host }) => host)));
      if (isTooNew) for (const { value, host } of all.hardware.items) if (value.most < version) hosts.add(host);
      return hosts;
    };
    const key = JSON.stringify([lacking.map((reach) => this.#idOf(reach)), isTooNew ? version : null, home?.name]);
    return keptIn(this.#found(all), key, () => this.#without(excluded(), node));
  }

  #without(excluded: ReadonlySet<Host>, node: Node): HostSet {
    const { hosts } = node.clusterHosts;
    const { host: home } = node.hostPlacement;
    const items = hosts.items.filter((host) => host === home || !excluded.has(host));
    const none = {
      what: `none of the candidate hosts of node ${node.name} is known to have its datastore and to support its hardware version`,
      sourceRef: node.plan.sourceRefOf("datastore"),
    };
    const missing = items.length > 0 ? hosts.missing : [none, ...hosts.missing];
    return this.#sets.of({ items, missing }, none);
  }

  #idOf(reach: Reach): number {
    const id = this.#ids.get(reach) ?? this.#ids.size;
    this.#ids.set(reach, id);
    return id;
  }
}

/** Of its VM, or planned; null if it is not set or invalid. */
function hardwareVersionOf(node: Node): number | null {
  const machine = node.read("virtualMachine");
  const vm = machine.known ? machine.value : null;
  const written = vm === null ? node.plan.read("hardware_version") : vm.read("hardware_version");
  return written.known ? hardwareVersion(written.value) : null;
}
