import type { Datastore, ResourcePool } from "../../schema/inventory.generated.ts";
import { type ListContext, ObjectReader } from "./object-reader.ts";
import { type ManagedObject, property } from "./managed-objects.ts";
import { whyUnreadable } from "./inventory-paths.ts";
import { at, bool, known, list, reference, str } from "./tree.ts";

export function datastoreOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths }: ListContext,
): Datastore {
  const reader = new ObjectReader(source, coverage, "datastores", object, name);
  const parent = source.objects.get(reference(property(object, "parent")));
  const hosts = reader.take("hosts", "host", (mounts) => {
    // A mount that is inaccessible or read-only is of no use to a virtual machine.
    const usable = list(mounts).filter(
      (mount) =>
        bool(mount, "mountInfo.accessible") !== false &&
        bool(mount, "mountInfo.mounted") !== false &&
        str(mount, "mountInfo.accessMode") !== "readOnly",
    );
    // A host that cannot be read may mount it; the others are known to.
    const unnamed = usable.find((mount) => inventoryPaths.nameOf(reference(mount, "key")) === undefined);
    if (unnamed !== undefined) {
      const reason = whyUnreadable(at(unnamed, "key"), source, "a host that has it");
      coverage.incomplete(`datastores[${name}].hosts`, reason);
    }
    return usable.flatMap((mount) => inventoryPaths.nameOf(reference(mount, "key")) ?? []);
  });
  const cluster =
    parent === undefined ? undefined : parent.type === "StoragePod" ? inventoryPaths.nameOf(parent.id) : null;
  if (cluster === undefined) {
    const above = property(object, "parent");
    const reason = above === undefined ? reader.reason("parent") : whyUnreadable(above, source, "what contains it");
    reader.noteMissing("datastore_cluster", reason);
  }
  return known({
    name,
    type: reader.take("type", "summary.type", str),
    ssd: reader.take("ssd", "info.vmfs.ssd", bool),
    local: reader.take("local", "info.vmfs.local", bool),
    hosts,
    datastore_cluster: cluster,
  });
}

export function resourcePoolOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths }: ListContext,
): ResourcePool {
  const reader = new ObjectReader(source, coverage, "resource_pools", object, name);
  const [path, cluster] = [inventoryPaths.pathOf(object), inventoryPaths.clusterOf(object)];
  return known({
    name,
    path: reader.orMissing("path", path, () => inventoryPaths.whyNoPath(object, source)),
    cluster: reader.orMissing("cluster", cluster, () => inventoryPaths.whyNoCluster(object, source)),
  });
}
