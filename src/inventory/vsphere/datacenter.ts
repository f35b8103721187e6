import { canonicalName } from "../../values/network/host-name.ts";
import { type ManagedObject, type ManagedObjects, property } from "../mapping/managed-objects.ts";
import { InventoryPaths } from "../mapping/inventory-paths.ts";
import { reference, str } from "../mapping/tree.ts";
import type { Reference } from "./soap-message.ts";

/** A datacenter, with its path: itself and all folders above it. */
interface Found {
  readonly datacenter: Reference;
  readonly chain: readonly Reference[];
}

/** The datacenters with a name or path (`/Europe/Oslo-DC`), in the encoding of the vSphere Client or of the API. */
export function findDatacenter(objects: ManagedObjects, wanted: string): readonly Found[] {
  const inventoryPaths = new InventoryPaths(objects);
  const text = wanted.trim().replace(/(?<=.)\/$/, "");
  return objects.of("Datacenter").flatMap((object) => {
    const own = [str(property(object, "name")), inventoryPaths.nameOf(object.id), inventoryPaths.pathOf(object)];
    if (!own.some((name) => name !== undefined && canonicalName(name) === canonicalName(text))) return [];
    return [{ datacenter: referenceTo(object), chain: chainOf(object, objects) }];
  });
}

function chainOf(object: ManagedObject, objects: ManagedObjects): readonly Reference[] {
  const chain: Reference[] = [];
  for (let step: ManagedObject | undefined = object; step !== undefined && chain.length < 100;) {
    chain.push(referenceTo(step));
    step = objects.get(reference(property(step, "parent")));
  }
  return chain;
}

function referenceTo({ type, id }: ManagedObject): Reference {
  return { type, id };
}
