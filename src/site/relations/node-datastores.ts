import { canonicalName } from "../../values/network/host-name.ts";
import type { Datastore } from "../estate/datastores.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { Estate } from "../estate/estate.ts";
import { complete, type PartialList } from "../core/partial-list.ts";
import { ownName, type SiteObject } from "../core/site-object.ts";

/** A reference to a datastore: a disk of a node's VM, or its plan. */
export type DatastoreUser = SiteObject<{ readonly datastore?: string }>;

/**
 * The datastores that a name means for a node: the one called so, or all of a datastore cluster. Of several with one name
 * (local ones often have it), those that the host of its VM reaches, else those that its candidate hosts reach.
 */
export function datastoresOf(node: Node, user: DatastoreUser, name: string, estate: Estate): PartialList<Datastore> {
  const { datastores } = estate;
  const called = datastores.called(name);
  if (called.items.length === 1) return complete(called.items);
  if (called.items.length === 0) {
    const members = datastores.inCluster(name);
    if (members.length > 0) return complete(members);
    const nowhere = estate.gaps.object("datastore", name, user.sourceRefOf("datastore"));
    // Planned so, it fails vm/placement-exists.
    return { items: [], missing: called.missing.length > 0 ? called.missing : [{ ...nowhere, isUnusable: true }] };
  }
  const hosts = hostNames(node);
  const reach = called.items.map((datastore) => ({ datastore, from: datastores.hostsOf(datastore) }));
  const near = reach.filter(({ from }) => from.known && hosts.some((host) => from.value.has(host)));
  const gaps = reach.flatMap(({ from }) => (from.known ? [] : from.missing));
  if (near.length === 0 && gaps.length === 0) {
    gaps.push(estate.gaps.object("datastore", name, user.sourceRefOf("datastore")));
  }
  return { items: near.map(({ datastore }) => datastore), missing: gaps };
}

function hostNames(node: Node): readonly string[] {
  const machine = node.read("virtualMachine");
  const host = machine.known ? machine.value?.read("onHost") : undefined;
  const hosts = host?.known === true ? [host.value] : node.clusterHosts.hosts.items;
  return hosts.map((each) => canonicalName(ownName(each)));
}

/** Whether storage of that type decides how disks are provisioned: vSAN, vVols and NFS do. */
export function decidesFormat(type: string): boolean {
  return /^(vsan|vvol|nfs)/i.test(type.trim());
}
