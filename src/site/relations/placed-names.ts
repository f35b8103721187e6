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

/** A name that says what a node is placed on. */
export interface PlacedName {
  readonly kind: NamedKind;
  readonly name: string;
  readonly at: readonly [object: SiteObject, field: string];
}

/** The names in a node's plan, and those of its VM that the plan does not have. */
export function placedNames(node: Node, { networks, datastores }: Spread): readonly PlacedName[] {
  const planned = PLANNED.flatMap(([key, kind]): readonly PlacedName[] => {
    const name = node.plan.read(key);
    return name.known ? [{ kind, name: name.value, at: [node.plan, key] }] : [];
  });
  const used = [...datastores.items, ...networks.items].map(({ kind, name, namedAt }) => ({ kind, name, at: namedAt }));
  const names = new Map<string, PlacedName>();
  for (const placed of [...planned, ...positionOf(node), ...used]) {
    const key = `${placed.kind} ${canonicalName(placed.name)}`;
    if (!names.has(key)) names.set(key, placed);
  }
  return [...names.values()];
}

function positionOf(node: Node): readonly PlacedName[] {
  const machine = node.read("virtualMachine");
  if (!machine.known || machine.value === null) return [];
  const { value: vm } = machine;
  return (["datacenter", "cluster", "host"] as const).flatMap((kind): readonly PlacedName[] => {
    const name = vm.read(kind);
    return name.known && name.value !== null ? [{ kind, name: name.value, at: [vm, kind] }] : [];
  });
}
