import { canonicalName } from "../../values/network/host-name.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import type { Account, Node, VmManager } from "./deployment-objects.ts";
import type { Document } from "../core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { InventoryGaps } from "../estate/inventory-gaps.ts";
import { datacenterOf } from "../estate/named-objects.ts";
import { permissionsOf } from "../estate/permissions.ts";
import { complete, type PartialList, union } from "../core/partial-list.ts";

/** The account that deploys nodes automatically, with its permissions; a gap if it is needed and not set. */
export function deployingAccounts(
  nodes: PartialList<Node>,
  manager: VmManager | null,
  gaps: DeploymentGaps,
  inventories: readonly Document<Inventory>[],
  inventoryGaps: InventoryGaps,
): PartialList<Account> {
  if (nodes.items.length === 0) return { items: [], missing: nodes.missing };
  const account = manager?.read("account");
  if (manager === null || account?.known !== true) {
    return { items: [], missing: [gaps.absent(["vm_manager", "account"])] };
  }
  const groups = manager.read("account_groups");
  const principals = [account.value, ...(groups.known ? groups.value : [])];
  const only = onlyDatacenter(inventories);
  return complete([
    manager.accountNamed(account.value, {
      permissions: permissionsOf(principals, inventories, inventoryGaps),
      datacenters: distinct(union(nodes.items.map((node) => datacenterOfNode(node, only)))),
      onlyDatacenter: only,
    }),
  ]);
}

/** The datacenter of a node: that of its VM, its plan or its planned host or cluster, otherwise the only one. */
function datacenterOfNode(node: Node, only: string | null): PartialList<string> {
  const found = datacenterOfMachine(node) ?? datacenterOfPlan(node) ?? only;
  if (found !== null) return complete([found]);
  const what = `the datacenter of node ${node.name} is unknown; set vm.datacenter`;
  return { items: [], missing: [{ what, sourceRef: node.plan.sourceRefOf("datacenter") }] };
}

function datacenterOfMachine(node: Node): string | undefined {
  const machine = node.read("virtualMachine");
  return machine.known && machine.value !== null ? datacenterOf(machine.value) : undefined;
}

function datacenterOfPlan(node: Node): string | undefined {
  const planned = node.plan.read("datacenter");
  if (planned.known) return planned.value;
  const { host, cluster } = node.hostPlacement;
  const ofHost = host === null ? undefined : datacenterOf(host);
  return ofHost ?? (cluster === null ? undefined : datacenterOf(cluster));
}

/** The datacenter of the inventories, if it is known to be the only one. */
function onlyDatacenter(inventories: readonly Document<Inventory>[]): string | null {
  const names = inventories.map(({ value }) => value.datacenters?.map(({ name }) => name));
  const [first, ...others] = names.flatMap((list) => list ?? [undefined]);
  if (first === undefined) return null;
  return others.every((name) => name !== undefined && canonicalName(name) === canonicalName(first)) ? first : null;
}

function distinct({ items, missing }: PartialList<string>): PartialList<string> {
  return {
    items: [...new Map(items.toReversed().map((name) => [canonicalName(name), name])).values()].toReversed(),
    missing,
  };
}
