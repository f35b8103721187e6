import type { At } from "../../src/engine/api/rule.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { Site } from "../../src/site/site.ts";

/** An address of a node as a value that findings depend on; with the claim that is likelier wrong where two share it. */
export function addressValues(node: Node, field: "address" | "secondary_address", site: Site): readonly At[] {
  const conflict = site.relations.addressConflicts.of(node, field);
  return conflict === undefined ? [[node, field]] : [[node, field], conflict.wrong.at];
}

/** The values that put a node into its subnets. */
export function interfaceValues(node: Node, site: Site): readonly At[] {
  return [
    ...addressValues(node, "address", site),
    [node, "netmask"],
    ...addressValues(node, "secondary_address", site),
    [node, "secondary_netmask"],
  ];
}
