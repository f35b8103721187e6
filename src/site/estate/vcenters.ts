import { recordOf } from "../core/description.ts";
import type { Document } from "../core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { type InventoryGaps, NO_INVENTORY } from "./inventory-gaps.ts";
import { complete, type PartialList } from "../core/partial-list.ts";
import { SiteObject } from "../core/site-object.ts";
import { canonicalName } from "../../values/network/host-name.ts";

type VcenterRecord = NonNullable<Inventory["vcenter"]>;

/** The server of an inventory: a vCenter Server or an ESXi host. */
export type Vcenter = SiteObject<VcenterRecord>;

/** The server of each inventory, including inventories without its name; a gap if there is no inventory. */
export function vcentersOf(inventories: readonly Document<Inventory>[], gaps: InventoryGaps): PartialList<Vcenter> {
  if (inventories.length === 0) return { items: [], missing: [NO_INVENTORY] };
  return complete(
    inventories.map((document) => {
      const record = document.value.vcenter ?? {};
      const sourceRef = { document, path: ["vcenter"] };
      return new SiteObject<VcenterRecord>({
        kind: "vcenter",
        name: record.address ?? document.path,
        descriptions: [{ record: recordOf(record), sourceRef }],
        sourceRef,
        missing: (object, path) => gaps.field("vcenter", object, path),
      });
    }),
  );
}

/** The canonical address of the vCenter of an inventory; undefined for any other document. */
export function vcenterOf({ kind, value }: Document): string | undefined {
  const address = kind === "inventory" ? (value as Inventory).vcenter?.address : undefined;
  return address === undefined ? undefined : canonicalName(address);
}

/** Whether two documents may be for one vCenter; one without a vCenter matches any. */
export function mayShareVcenter(one: Document, other: Document): boolean {
  const [a, b] = [vcenterOf(one), vcenterOf(other)];
  return one === other || a === undefined || b === undefined || a === b;
}
