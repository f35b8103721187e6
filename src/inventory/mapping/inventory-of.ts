import type { Cluster, Inventory } from "../../schema/inventory.generated.ts";
import { clusterOf, clusterRules, hostsWithEvc } from "./clusters.ts";
import { Coverage } from "./coverage.ts";
import { datastoreOf, resourcePoolOf } from "./datastores.ts";
import { distributedPortGroupOf, distributedSwitchOf } from "./distributed-networks.ts";
import { hostOf } from "./hosts.ts";
import type { ListContext } from "./object-reader.ts";
import { hostEditions, licencesOf } from "./licences.ts";
import { Listing, topLevelList } from "./listing.ts";
import { type ManagedObject, type ManagedObjects, property, type Source } from "./managed-objects.ts";
import { permissionsOf } from "./permissions.ts";
import { InventoryPaths, whyUnreadable } from "./inventory-paths.ts";
import { at, known, list, reference, str, type Tree } from "./tree.ts";
import { type MachineContext, virtualMachineOf } from "./virtual-machines.ts";

/** The lists of an inventory, and the reasons for missing values; the importer adds the server and the time. */
export type Lists = Omit<Inventory, "collected_at" | "source" | "vcenter">;

/**
 * Creates inventory lists from the objects of one server. An unknown value is omitted, with a reason in `coverage`;
 * null and false are used only if the API returns them.
 */
export function inventoryOf(source: Source): Lists {
  const { objects } = source;
  const coverage = new Coverage();
  const inventoryPaths = new InventoryPaths(objects);
  const context: ListContext = { source, coverage, inventoryPaths };
  const unlisted = referencedObjects(source, context);
  /** Undefined if the source did not request such objects: an empty list means that there are none. */
  const all = <T>(
    key: string,
    types: readonly [string, ...string[]],
    read: (object: ManagedObject, name: string) => T,
  ): T[] | undefined => {
    const found = objects.of(...types);
    if (found.length === 0 && !source.isRequested(types[0], "name") && !unlisted.has(key)) {
      coverage.whole(key, source.whyNotRequested(types[0], "name"));
      return undefined;
    }
    const listing = new Listing<T>();
    for (const object of found) {
      const name = inventoryPaths.nameOf(object.id);
      if (name === undefined) listing.addUnnamed(whyUnnamed(object, source));
      else listing.add(read(object, name));
    }
    for (const reason of unlisted.get(key) ?? []) listing.gap(reason);
    const gap = source.incomplete?.(key);
    if (gap !== undefined) listing.gap(gap);
    return topLevelList(key, listing, coverage);
  };

  /** Without clusters, a host in a cluster that the account may not see would seem to be standalone. */
  const clusters = (): Cluster[] | undefined => {
    const hostWithEvc = hostsWithEvc(source, inventoryPaths);
    const found = all("clusters", ["ClusterComputeResource"], (object, name) =>
      clusterOf(object, name, { ...context, hostWithEvc }),
    );
    const hidden = objects.of("HostSystem").find((host) => inventoryPaths.clusterOf(host) === undefined);
    if (found?.length !== 0 || hidden === undefined) return found;
    coverage.whole("clusters", whyClusterHidden(hidden, source, inventoryPaths));
    return undefined;
  };

  const editions = hostEditions(source);
  const machines = {
    ...context,
    clusterRules: machineRules(source),
    portGroupByKey: portGroupNames(source, inventoryPaths),
    segmentById: segmentNames(source, inventoryPaths),
    whyNoNetwork: networkReasons(source),
  };
  const lists = {
    licences: licencesOf(source),
    datacenters: all("datacenters", ["Datacenter"], (_, name) => ({ name })),
    clusters: clusters(),
    hosts: all("hosts", ["HostSystem"], (object, name) => hostOf(object, name, { ...context, editions })),
    distributed_switches: all(
      "distributed_switches",
      ["DistributedVirtualSwitch", "VmwareDistributedVirtualSwitch"],
      (object, name) => distributedSwitchOf(object, name, context),
    ),
    distributed_port_groups: all("distributed_port_groups", ["DistributedVirtualPortgroup"], (object, name) =>
      distributedPortGroupOf(object, name, context),
    ),
    datastores: all("datastores", ["Datastore"], (object, name) => datastoreOf(object, name, context)),
    resource_pools: all("resource_pools", ["ResourcePool", "VirtualApp"], (object, name) =>
      resourcePoolOf(object, name, context),
    ),
    virtual_machines: all("virtual_machines", ["VirtualMachine"], (object, name) =>
      virtualMachineOf(object, name, machines),
    ),
    permissions: permissionsOf(source, inventoryPaths),
    nsx_segments: segmentsOf(source, inventoryPaths),
  };
  if (typeof source.licences === "string") coverage.whole("licences", source.licences);
  if (typeof source.permissions === "string") coverage.whole("permissions", source.permissions);
  if (typeof source.permissions !== "string" && source.permissions.unknownPropagation !== undefined) {
    coverage.whole("permissions.propagate", source.permissions.unknownPropagation);
  }
  if (typeof source.permissions !== "string" && source.permissions.incomplete !== undefined) {
    coverage.incomplete("permissions", source.permissions.incomplete);
  }
  return known({ coverage: coverage.toRecord(), incomplete: coverage.incompleteLists, ...lists });
}

function whyClusterHidden(host: ManagedObject, source: Source, inventoryPaths: InventoryPaths): string {
  const parent = property(host, "parent");
  const isListed = parent === undefined || source.objects.get(reference(parent)) !== undefined;
  return isListed ? inventoryPaths.whyNoCluster(host, source) : whyUnreadable(parent, source, "the cluster of a host");
}

function whyUnnamed({ faults, type }: ManagedObject, { whyNotRequested, isRequested }: Source): string {
  const fault = faults.get("name");
  if (fault !== undefined) return `type ${type} (${fault})`;
  return isRequested(type, "name")
    ? `type ${type}, which the account has no permission to read`
    : `type ${type} (${whyNotRequested(type, "name")})`;
}

/** The lists to which objects refer, by the properties with the references. */
const REFERENCES: readonly (readonly [type: string, path: string, list: string, target: readonly string[]])[] = [
  ["Datastore", "vm", "virtual_machines", ["VirtualMachine"]],
  ["ClusterComputeResource", "host", "hosts", ["HostSystem"]],
  ["VirtualMachine", "runtime.host", "hosts", ["HostSystem"]],
  ["VirtualMachine", "datastore", "datastores", ["Datastore"]],
];

/**
 * Why lists do not contain objects to which others refer, by list. vCenter's count of a host's VMs concerns only that
 * host. A type without any object in the source was not requested.
 */
function referencedObjects(
  source: Source,
  { coverage, inventoryPaths }: ListContext,
): ReadonlyMap<string, readonly string[]> {
  const { objects } = source;
  const types = new Set(objects.types);
  const lists = new Map<string, string[]>();
  for (const [type, path, list, targets] of REFERENCES) {
    if (!targets.some((target) => types.has(target))) continue;
    for (const object of objects.of(type)) {
      const missing = missingReferences(property(object, path), objects);
      if (missing === 0) continue;
      const owner = inventoryPaths.nameOf(object.id) ?? object.id;
      const reason = `${path} of ${owner} refers to ${missing} that ${missing === 1 ? "is" : "are"} not listed`;
      lists.set(list, [...(lists.get(list) ?? []), reason]);
    }
  }
  // Segments are networks like port groups: one without a name may be the network in question.
  const unnamed = objects.of("OpaqueNetwork").filter(({ id }) => inventoryPaths.nameOf(id) === undefined);
  const [segment] = unnamed;
  if (segment !== undefined) {
    const reason = `${unnamed.length === 1 ? "an entry" : `${unnamed.length} entries`} of ${whyUnnamed(segment, source)} `;
    lists.set("distributed_port_groups", [`${reason}${unnamed.length === 1 ? "has" : "have"} no name`]);
  }
  if (!types.has("VirtualMachine")) return lists;
  for (const host of objects.of("HostSystem")) {
    const missing = missingReferences(property(host, "vm"), objects);
    const name = inventoryPaths.nameOf(host.id);
    if (missing > 0 && name !== undefined) {
      coverage.incomplete(`hosts[${name}].virtual_machines`, `the host has ${missing} more than are listed`);
    }
  }
  return lists;
}

function missingReferences(value: Tree | undefined, objects: ManagedObjects): number {
  const references = reference(value) === undefined ? list(value) : [value ?? null];
  return references.filter((each) => {
    const id = reference(each);
    return id !== undefined && objects.get(id) === undefined;
  }).length;
}

/** Networks managed by NSX: opaque ones, and distributed port groups created by NSX. */
function segmentsOf({ objects }: Source, inventoryPaths: InventoryPaths): { readonly name: string }[] | undefined {
  const opaque = objects.of("OpaqueNetwork");
  const groups = objects
    .of("DistributedVirtualPortgroup")
    .filter((group) => str(property(group, "config.backingType"))?.toLowerCase() === "nsx");
  const names = [...opaque, ...groups].flatMap(({ id }) => inventoryPaths.nameOf(id) ?? []);
  return names.length === 0 ? undefined : [...new Set(names)].map((name) => ({ name }));
}

/** The settings for a machine in the cluster of its host. */
function machineRules({ objects }: Source): MachineContext["clusterRules"] {
  const rules = new Map(objects.of("ClusterComputeResource").map((cluster) => [cluster.id, clusterRules(cluster)]));
  return (machine, host) => {
    const cluster = host === undefined ? undefined : rules.get(reference(property(host, "parent")) ?? "");
    return cluster?.(machine.id);
  };
}

/** Names of distributed port groups by key, with which the adapters of virtual machines refer to them. */
function portGroupNames({ objects }: Source, inventoryPaths: InventoryPaths): (key: string) => string | undefined {
  const names = new Map(
    objects
      .of("DistributedVirtualPortgroup")
      .map((group) => [str(property(group, "key")) ?? group.id, inventoryPaths.nameOf(group.id)]),
  );
  return (key) => names.get(key);
}

/** Why the networks of adapters are unknown. */
function networkReasons(source: Source): (nic: Tree) => string {
  const { objects } = source;
  return (nic) => {
    // One without a readable id may be the one to which the adapter refers.
    const segment = str(nic, "backing.opaqueNetworkId");
    const hidden = objects.of("OpaqueNetwork").find((network) => {
      const id = str(property(network, "summary.opaqueNetworkId"));
      return segment !== undefined && (id === undefined || id === segment);
    });
    const key = str(nic, "backing.port.portgroupKey");
    const group = objects
      .of("DistributedVirtualPortgroup")
      .find((each) => (str(property(each, "key")) ?? each.id) === key);
    const faults = hidden?.faults ?? group?.faults;
    const fault = faults?.get("name") ?? faults?.get("summary");
    return fault ?? whyUnreadable(at(nic, "backing.network"), source, "the network of the adapter");
  };
}

/** Names of opaque networks by the ids with which adapters refer to them. */
function segmentNames({ objects }: Source, inventoryPaths: InventoryPaths): (id: string) => string | undefined {
  const names = new Map(
    objects
      .of("OpaqueNetwork")
      .map((network) => [str(property(network, "summary.opaqueNetworkId")), inventoryPaths.nameOf(network.id)]),
  );
  return (id) => names.get(id);
}
