import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import { overlap } from "../../src/values/network/ipv4-subnet.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";

/**
 * Ends the check where an address of the node is somebody else's too: it says nothing then about what stands beside it.
 * network/unique-address fails at one of the two, and is shown as the cause.
 */
export function trustAddress(
  node: Node,
  field: "address" | "secondary_address",
  { site, inconclusive }: Pick<RuleContext<Record<string, string>>, "site" | "inconclusive">,
): void {
  const wrong = site.relations.addressConflicts.of(node, field)?.wrong;
  if (wrong !== undefined) inconclusive(`${wrong.inFull} is not its alone`, wrong.at);
}

/** Ends the check where the two subnets of a node overlap: network/secondary-interface fails. */
export function trustSubnets(
  node: Node,
  { known, inconclusive }: Pick<RuleContext<Record<string, string>>, "known" | "inconclusive">,
): void {
  const [primary, secondary] = [known(node, "primaryInterface"), known(node, "secondaryInterface")];
  if (primary === undefined || secondary == null || !overlap(primary.subnet, secondary.subnet)) return;
  inconclusive(`the second interface of node ${node.name} is in the subnet of the first`, [node, "secondary_address"]);
}
