import { canonicalName } from "../../values/network/host-name.ts";
import type { Document } from "../core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";

/** The address of the vCenter that an inventory comes from, as names compare; undefined for any other document. */
export function vcenterOf({ kind, value }: Document): string | undefined {
  const address = kind === "inventory" ? (value as Inventory).vcenter?.address : undefined;
  return address === undefined ? undefined : canonicalName(address);
}

/** Whether two documents may speak of one vCenter; one that does not name its own goes with any. */
export function mayShareVcenter(one: Document, other: Document): boolean {
  const [a, b] = [vcenterOf(one), vcenterOf(other)];
  return one === other || a === undefined || b === undefined || a === b;
}
