import { canonicalName } from "../../values/network/host-name.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { NamedKind } from "../estate/inventory-names.ts";
import type { SiteObject } from "../core/site-object.ts";
import type { Spread } from "./spread.ts";

const PLANNED = [
  ["datacenter", "datacenter"],
  ["cluster", "cluster"],
  ["host", "host"],
  ["resource_pool", "resource pool"],
  ["datastore", "datastore"],
  ["network", "network"],
  ["secondary_network", "network"],
] as const;

const POSITIONS = ["datacenter", "cluster", "host"] as const;

/** A name of an object that a node is placed on. */
export interface PlacedName {
  readonly kind: NamedKind;
  readonly name: string;
  readonly at: readonly [object: SiteObject, field: string];
}

/** The names in a node's plan, and those of its VM that the plan does not have. */
export function placedNames(node: Node, { networks, datastores }: Spread): readonly PlacedName[] {
  const names = new Map<string, PlacedName>();
  const add = (kind: NamedKind, name: string | null | undefined, at: PlacedName["at"]) => {
    if (name == null) return;
    const key = `${kind} ${canonicalName(name)}`;
    if (!names.has(key)) names.set(key, { kind, name, at });
  };
  for (const [key, kind] of PLANNED) add(kind, node.plan.valueOrUndefined(key), [node.plan, key]);
  const vm = node.valueOrUndefined("virtualMachine");
  if (vm != null) for (const kind of POSITIONS) add(kind, vm.valueOrUndefined(kind), [vm, kind]);
  for (const { kind, name, namedAt } of datastores.items) add(kind, name, namedAt);
  for (const { kind, name, namedAt } of networks.items) add(kind, name, namedAt);
  return [...names.values()];
}
