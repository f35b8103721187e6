import { type PullOptions as VspherePullOptions, pullInventory } from "../inventory/vsphere/pull.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import { version } from "./version.ts";

export type PullOptions = Omit<VspherePullOptions, "toolVersion">;

/**
 * Reads the estate of a vCenter Server or ESXi host into an inventory. Needs the role Read-only and changes nothing.
 * Throws PreflightError in one sentence.
 */
export function pull(options: PullOptions): Promise<Inventory> {
  return pullInventory({ ...options, toolVersion: version });
}
