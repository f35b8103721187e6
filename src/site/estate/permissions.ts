import { samePrincipal } from "../../values/principal.ts";
import { recordOf } from "../core/description.ts";
import type { Document } from "../core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { type InventoryGaps, NO_INVENTORY } from "./inventory-gaps.ts";
import type { PartialList } from "../core/partial-list.ts";
import { SiteObject } from "../core/site-object.ts";

type PermissionRecord = NonNullable<Inventory["permissions"]>[number];

/** A permission of the inventory: principal, privileges and entity. */
export type Permission = SiteObject<PermissionRecord>;

/**
 * The permissions of a user and its groups; a gap when no inventory lists permissions, or when one does not name its
 * principal.
 */
export function permissionsOf(
  principals: readonly string[],
  inventories: readonly Document<Inventory>[],
  gaps: InventoryGaps,
): PartialList<Permission> {
  if (inventories.length === 0) return { items: [], missing: [NO_INVENTORY] };
  if (inventories.every(({ value }) => value.permissions === undefined)) {
    return { items: [], missing: [gaps.list("permissions")] };
  }
  const all = inventories.flatMap((document) =>
    (document.value.permissions ?? []).map((record, index) => permission(document, record, index, gaps)),
  );
  const owners = all.map((each) => ({ each, owner: each.read("principal") }));
  return {
    items: owners.flatMap(({ each, owner }) =>
      owner.known && principals.some((name) => samePrincipal(name, owner.value)) ? [each] : [],
    ),
    missing: [
      ...owners.flatMap(({ owner }) => (owner.known ? [] : owner.missing)),
      ...inventories.flatMap((document) => gaps.incomplete("permissions", document) ?? []),
    ],
  };
}

function permission(
  document: Document<Inventory>,
  record: PermissionRecord,
  index: number,
  gaps: InventoryGaps,
): Permission {
  const sourceRef = { document, path: ["permissions", index] };
  return new SiteObject<PermissionRecord>({
    kind: "permission",
    name: `permissions[${index}]`,
    descriptions: [{ record: recordOf(record), sourceRef }],
    sourceRef,
    missing: (object, path) => gaps.field("permissions", object, path),
  });
}
