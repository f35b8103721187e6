import { samePrincipal } from "../../values/principal.ts";
import type { Document } from "../core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { type InventoryGaps, NO_INVENTORY } from "./inventory-gaps.ts";
import type { Roster } from "../core/partial-list.ts";
import { SiteObject } from "../core/site-object.ts";

type PermissionRecord = NonNullable<Inventory["permissions"]>[number];

/** A permission of the inventory: who may do what, and where. */
export type Permission = SiteObject<PermissionRecord>;

/**
 * The permissions of a user and its groups; a gap when no inventory lists permissions, or when one does not say whose it
 * is.
 */
export function permissionsOf(
  principals: readonly string[],
  inventories: readonly Document<Inventory>[],
  gaps: InventoryGaps,
): Roster<Permission> {
  if (inventories.length === 0) return { items: [], missing: [NO_INVENTORY] };
  if (inventories.every(({ value }) => value.permissions === undefined)) {
    return { items: [], missing: [gaps.list("permissions")] };
  }
  const all = inventories.flatMap((document) =>
    (document.value.permissions ?? []).map((record, index) => permission(document, record, index, gaps)),
  );
  const holders = all.map((each) => ({ each, holder: each.read("principal") }));
  return {
    items: holders.flatMap(({ each, holder }) =>
      holder.known && principals.some((name) => samePrincipal(name, holder.value)) ? [each] : [],
    ),
    missing: holders.flatMap(({ holder }) => (holder.known ? [] : holder.missing)),
  };
}

function permission(
  document: Document<Inventory>,
  record: PermissionRecord,
  index: number,
  gaps: InventoryGaps,
): Permission {
  const place = { document, path: ["permissions", index] };
  return new SiteObject<PermissionRecord>({
    kind: "permission",
    name: `permissions[${index}]`,
    descriptions: [{ record: { ...record }, place }],
    place,
    missing: (object, path) => gaps.field("permissions", object, path),
  });
}
