import type { Coverage } from "./coverage.ts";
import type { Source } from "./managed-objects.ts";
import type { InventoryPaths } from "./inventory-paths.ts";

/** What reading an object of any list takes. */
export interface ListContext {
  readonly source: Source;
  readonly coverage: Coverage;
  readonly inventoryPaths: InventoryPaths;
}
