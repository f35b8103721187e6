import type { DeploymentGaps } from "./deployment-gaps.ts";
import type { Account, Node, VmManager } from "./deployment-objects.ts";
import type { Document } from "./document.ts";
import type { Inventory } from "./inventory.generated.ts";
import type { InventoryGaps } from "./inventory-gaps.ts";
import { permissionsOf } from "./permissions.ts";
import { complete, type Roster } from "./roster.ts";

/** The account that deploys nodes automatically, with its permissions; a gap when it is needed and not named. */
export function deployingAccounts(
  nodes: Roster<Node>,
  manager: VmManager | null,
  gaps: DeploymentGaps,
  inventories: readonly Document<Inventory>[],
  inventoryGaps: InventoryGaps,
): Roster<Account> {
  if (nodes.items.length === 0) return { items: [], missing: nodes.missing };
  const account = manager?.read("account");
  if (manager === null || account?.known !== true) {
    return { items: [], missing: [gaps.absent(["vm_manager", "account"])] };
  }
  const groups = manager.read("account_groups");
  const principals = [account.value, ...(groups.known ? groups.value : [])];
  const datacenters = nodes.items.map((node) => node.plan.read("datacenter"));
  return complete([
    manager.accountNamed(account.value, {
      permissions: permissionsOf(principals, inventories, inventoryGaps),
      datacenters: [...new Set(datacenters.flatMap((name) => (name.known ? [name.value] : [])))],
    }),
  ]);
}
