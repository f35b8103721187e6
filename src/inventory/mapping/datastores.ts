import type { Datastore, ResourcePool } from "../../schema/inventory.generated.ts";
import { type ListContext, ObjectReader } from "./object-reader.ts";
import { type ManagedObject, property } from "./managed-objects.ts";
import { bool, known, list, reference, str } from "./tree.ts";

export function datastoreOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths }: ListContext,
): Datastore {
  const reader = new ObjectReader(source, coverage, "datastores", object, name);
  const parent = source.objects.get(reference(property(object, "parent")));
  const hosts = reader.take("hosts", "host", (mounts) => {
    // What is mounted and cannot be reached, or not written, is of no use to a virtual machine.
    const usable = list(mounts).filter(
      (mount) =>
        bool(mount, "mountInfo.accessible") !== false &&
        bool(mount, "mountInfo.mounted") !== false &&
        str(mount, "mountInfo.accessMode") !== "readOnly",
    );
    const names = usable.map((mount) => inventoryPaths.nameOf(reference(mount, "key")));
    const known = names.filter((host) => host !== undefined);
    // The other hosts are known to have it.
    if (known.length < names.length) {
      coverage.incomplete(`datastores[${name}].hosts`, "the account has no permission to read a host that has it");
    }
    return known;
  });
  const cluster =
    parent === undefined ? undefined : parent.type === "StoragePod" ? inventoryPaths.nameOf(parent.id) : null;
  if (cluster === undefined) reader.noteMissing("datastore_cluster", reader.reason("parent"));
  return known({
    name,
    type: reader.take("type", "summary.type", str),
    ssd: reader.take("ssd", "info.vmfs.ssd", bool),
    local: reader.take("local", "info.vmfs.local", bool),
    hosts,
    datastore_cluster: cluster,
  });
}

export function resourcePoolOf(object: ManagedObject, name: string, { inventoryPaths }: ListContext): ResourcePool {
  return known({ name, path: inventoryPaths.pathOf(object), cluster: inventoryPaths.clusterOf(object) });
}
