import { type PullOptions as VspherePullOptions, pullInventory } from "../inventory/vsphere/pull.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import { version } from "./version.ts";

export type PullOptions = Omit<VspherePullOptions, "toolVersion">;

/**
 * Reads a vCenter Server or ESXi host into an inventory. Requires the role Read-only and changes nothing. Throws
 * PreflightError with one sentence.
 */
export function pull(options: PullOptions): Promise<Inventory> {
  return pullInventory({ ...options, toolVersion: version });
}
