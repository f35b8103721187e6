import { canonicalName } from "../../values/network/host-name.ts";
import type { SourceRef } from "../core/missing.ts";
import { oncePer } from "../core/once.ts";
import { type EntryOf, ownName, type SiteObject } from "../core/site-object.ts";
import type { Cluster, ClusterFields, Host } from "./estate-objects.ts";

/** A VM/Host rule that is in force. */
export type VmHostRule = SiteObject<EntryOf<ClusterFields["vm_host_rules"]>>;

/**
 * The mandatory VM/Host rules of clusters by virtual machine. Such rules bind HA as well as DRS, also while DRS is off. A
 * rule that is not enabled, or that should be followed only, keeps no machine from a host; nor does one whose groups are
 * not known.
 */
export class VmHostRules {
  readonly #byMachine = oncePer((cluster: Cluster): ReadonlyMap<string, readonly VmHostRule[]> => {
    const byMachine = new Map<string, VmHostRule[]>();
    const rules = cluster.entries("vm_host_rules");
    for (const rule of rules.known ? rules.value : []) {
      const [enabled, mandatory] = [rule.read("enabled"), rule.read("mandatory")];
      const machines = rule.read("virtual_machines");
      if (!enabled.known || !enabled.value || !mandatory.known || !mandatory.value || !machines.known) continue;
      for (const name of new Set(machines.value.map(canonicalName))) {
        const group = byMachine.get(name);
        if (group === undefined) byMachine.set(name, [rule]);
        else group.push(rule);
      }
    }
    return byMachine;
  });

  /** The rules that bind a virtual machine of a cluster. */
  of(cluster: Cluster, machine: string): readonly VmHostRule[] {
    return this.#byMachine(cluster).get(canonicalName(machine)) ?? [];
  }
}

/** A restriction of a VM to some hosts of its cluster: a VM/Host rule, or `vm.only_hosts` of a node without a VM. */
export interface HostLimit {
  /** Equal text = the same limit. */
  readonly key: string;
  readonly allows: (host: Host) => boolean;
  /** Its origin: `VM/Host rule pexip-hosts`. */
  readonly by: string;
  readonly sourceRef: SourceRef;
}

/** A rule as a limit. */
export function limitOf(rule: VmHostRule): HostLimit {
  const by = `VM/Host rule ${rule.name}`;
  return { key: rule.name, allows: (host) => allows(rule, host), by, sourceRef: rule.sourceRef };
}

/** Whether a rule allows its machines to run on a host. */
function allows(rule: VmHostRule, host: Host): boolean {
  const name = canonicalName(ownName(host));
  const includes = (field: "affine_hosts" | "anti_affine_hosts"): boolean | null => {
    const hosts = rule.read(field);
    return hosts.known ? hosts.value.some((each) => canonicalName(each) === name) : null;
  };
  return includes("affine_hosts") !== false && includes("anti_affine_hosts") !== true;
}
