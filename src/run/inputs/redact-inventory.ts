import { readDocument } from "../../input/files/read-document.ts";
import { redacted } from "../../inventory/redact.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";

/**
 * Replaces the names of hosts and VMs that are not in a deployment with pseudonyms; without a deployment, inventories
 * are unchanged. Throws PreflightErrors if the deployment cannot be read.
 */
export async function redactor(
  deployment: string | undefined,
  cwd: string,
): Promise<(inventory: Inventory) => Inventory> {
  if (deployment === undefined) return (inventory) => inventory;
  const { value, inputs } = await readDocument<Deployment>("deployment", deployment, { cwd });
  if (value === null) throw new PreflightErrors(inputs.errors);
  return (inventory) => redacted(inventory, value.value);
}
