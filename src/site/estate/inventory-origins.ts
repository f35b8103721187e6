import type { Inventory } from "../../schema/inventory.generated.ts";
import { recordOf } from "../core/description.ts";
import type { Document } from "../core/document.ts";
import { SiteObject } from "../core/site-object.ts";

/** The fields of an inventory as a whole. */
export interface InventoryFields {
  readonly collected_at?: string;
  /** What collected it; absent in an inventory that is written by hand. */
  readonly source?: Inventory["source"];
}

/** An inventory as a subject, for rules about the origin of data. */
export class InventoryOrigin extends SiteObject<InventoryFields> {
  /** Whether this run has read it from its server. */
  readonly isLive: boolean;

  constructor(
    readonly document: Document<Inventory>,
    name: string,
  ) {
    const sourceRef = { document, path: [] };
    super({
      ...{ kind: "inventory", name, sourceRef },
      descriptions: [{ record: recordOf(document.value), sourceRef }],
      missing: (_, path) => ({ what: missingTime(document, name), sourceRef: { document, path } }),
    });
    this.isLive = document.isLive === true;
  }
}

/** The value to write, and why the source does not contain it, if the inventory states that. */
function missingTime({ value: { coverage = {}, source } }: Document<Inventory>, name: string): string {
  const isExport = source?.kind !== undefined && source.kind !== "manual" && source.kind !== "vsphere";
  const fix = isExport
    ? "import it with preflight inventory import --collected-at TIME"
    : "set collected_at in it, such as 2026-11-22T08:00:00Z";
  const reason = coverage["collected_at"];
  return `inventory ${name} has no collection time; ${fix}${reason === undefined ? "" : ` (${reason})`}`;
}

/** One for each inventory. A workbook of several servers makes several, distinguished by server. */
export function inventoryOrigins(inventories: readonly Document<Inventory>[]): readonly InventoryOrigin[] {
  const taken = new Map<string, number>();
  return inventories.map((document) => {
    const { path } = document;
    const isAlone = inventories.filter((other) => other.path === path).length === 1;
    const server = document.value.vcenter?.address;
    const base = isAlone || server === undefined ? path : `${path} (${server})`;
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return new InventoryOrigin(document, count === 1 ? base : `${base} #${count}`);
  });
}
