import type { Cluster, Inventory } from "../../schema/inventory.generated.ts";
import { clusterOf, type ClusterRules, clusterRules } from "./clusters.ts";
import { Coverage } from "./coverage.ts";
import { datastoreOf, resourcePoolOf } from "./datastores.ts";
import { distributedPortGroupOf, distributedSwitchOf } from "./distributed-networks.ts";
import { hostOf } from "./hosts.ts";
import type { ListContext } from "./object-reader.ts";
import { hostEditions, licencesOf } from "./licences.ts";
import { type ManagedObject, property, type Source } from "./managed-objects.ts";
import { permissionsOf } from "./permissions.ts";
import { InventoryPaths } from "./inventory-paths.ts";
import { known, reference, str } from "./tree.ts";
import { virtualMachineOf } from "./virtual-machines.ts";

/** The lists of an inventory, and why values are not in them; who was asked, and when, is the importer's to add. */
export type Lists = Omit<Inventory, "collected_at" | "source" | "vcenter">;

/**
 * Makes inventory lists of the objects of one server. A value that is not known is left out, with a reason in `coverage`;
 * null and false stand only where the API says so.
 */
export function inventoryOf(source: Source): Lists {
  const { objects } = source;
  const coverage = new Coverage();
  const inventoryPaths = new InventoryPaths(objects);
  const context: ListContext = { source, coverage, inventoryPaths };
  /** Undefined when the source was not asked for such objects: an empty list says that there are none. */
  const all = <T>(
    list: string,
    types: readonly [string, ...string[]],
    read: (object: ManagedObject, name: string) => T,
  ): T[] | undefined => {
    const found = objects.of(...types);
    if (found.length === 0 && !source.isRequested(types[0], "name")) {
      coverage.whole(list, source.whyNotRequested(types[0], "name"));
      return undefined;
    }
    return found.flatMap((object) => {
      const name = inventoryPaths.nameOf(object.id);
      return name === undefined ? [] : [read(object, name)];
    });
  };

  /** A host in a cluster that the account may not see would seem to stand alone if there were no clusters. */
  const clusters = (): Cluster[] | undefined => {
    const found = all("clusters", ["ClusterComputeResource"], (object, name) => clusterOf(object, name, context));
    const isHidden = (host: ManagedObject) => inventoryPaths.clusterOf(host) === undefined;
    if (found?.length !== 0 || !objects.of("HostSystem").some(isHidden)) return found;
    coverage.whole("clusters", "the account may not read the cluster of a host");
    return undefined;
  };

  const editions = hostEditions(source);
  const machines = {
    ...context,
    clusterRules: machineRules(source),
    portGroupByKey: portGroupNames(source, inventoryPaths),
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
  };
  if (typeof source.licences === "string") coverage.whole("licences", source.licences);
  if (typeof source.permissions === "string") coverage.whole("permissions", source.permissions);
  return known({ coverage: coverage.toRecord(), ...lists });
}

/** What the cluster of a machine's host lays down for it. */
function machineRules({ objects }: Source): (machine: ManagedObject, host: ManagedObject | undefined) => ClusterRules {
  const rules = new Map(objects.of("ClusterComputeResource").map((cluster) => [cluster.id, clusterRules(cluster)]));
  return (machine, host) => {
    const cluster = host === undefined ? undefined : rules.get(reference(property(host, "parent")) ?? "");
    return cluster?.(machine.id) ?? { haRestartPriority: undefined, drsBehavior: undefined };
  };
}

/** Names of distributed port groups by their keys, by which the adapters of virtual machines refer to them. */
function portGroupNames({ objects }: Source, inventoryPaths: InventoryPaths): (key: string) => string | undefined {
  const names = new Map(
    objects
      .of("DistributedVirtualPortgroup")
      .map((group) => [str(property(group, "key")) ?? group.id, inventoryPaths.nameOf(group.id)]),
  );
  return (key) => names.get(key);
}
