import type { Permission } from "../../schema/inventory.generated.ts";
import type { Source } from "./managed-objects.ts";
import type { InventoryPaths } from "./inventory-paths.ts";
import { bool, known, list, reference, str, type Tree } from "./tree.ts";

/** Undefined if the source could not read them. */
export function permissionsOf(
  { permissions, objects }: Source,
  inventoryPaths: InventoryPaths,
): Permission[] | undefined {
  if (typeof permissions === "string") return undefined;
  const roles = new Map(permissions.roles.map((role) => [str(role, "roleId"), role]));
  return permissions.all.map((permission) => {
    const role = roles.get(str(permission, "roleId"));
    const id = reference(permission, "entity");
    const entity = objects.get(id);
    // The path of a folder shows whether it is above or below a datacenter.
    const path = entity?.type === "Folder" ? inventoryPaths.pathOf(entity) : undefined;
    return known({
      principal: str(permission, "principal"),
      role: str(role, "name"),
      entity: path ?? inventoryPaths.nameOf(id),
      entity_type: str(permission, "entity.type"),
      propagate: bool(permission, "propagate"),
      privileges: privilegesOf(role),
      is_effective: bool(permission, "isEffective"),
    });
  });
}

function privilegesOf(role: Tree | undefined): string[] | undefined {
  return role === undefined ? undefined : list(role, "privilege").flatMap((id) => str(id) ?? []);
}
