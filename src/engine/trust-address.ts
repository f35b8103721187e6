import type { Node } from "../site/deployment-objects.ts";
import type { RuleContext } from "./rule.ts";

/**
 * Ends the check where an address of the node is somebody else's too: it says nothing then about what stands beside it.
 * network/unique-address fails at one of the two, and is shown as the cause.
 */
export function trustAddress(
  node: Node,
  field: "address" | "secondary_address",
  { site, inconclusive }: Pick<RuleContext<Record<string, string>>, "site" | "inconclusive">,
): void {
  const wrong = site.addressConflicts.of(node, field)?.wrong;
  if (wrong !== undefined) inconclusive(`${wrong.inFull} is not its alone`, wrong.at);
}
