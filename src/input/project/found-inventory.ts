import { dirname, resolve } from "node:path";
import { fileInFolder } from "../policy/find-config.ts";
import { boundaryOf, UntrustedPath } from "../source/untrusted-path.ts";
import { PreflightError } from "../../values/preflight-error.ts";

/** What an inventory is called where it is found beside the deployment. */
const INVENTORY_NAMES = ["inventory.yaml", "inventory.yml", "inventory.json", "inventory.xlsx"] as const;

/**
 * The inventory beside a deployment file, absolute; null when there is none. Throws a PreflightError when there are two, or
 * when it is a link out of the repository.
 */
export function foundInventory(deployment: string, cwd: string, allowOutsidePaths: boolean): string | null {
  if (deployment === "-") return null;
  const folder = dirname(resolve(cwd, deployment));
  const file = oneInFolder(folder, cwd);
  // A deployment with the name of an inventory is an error, which is reported when it is read.
  if (file === null || file === resolve(cwd, deployment)) return null;
  const boundary = allowOutsidePaths ? null : boundaryOf(folder);
  const refusal = new UntrustedPath({ written: file, folder, boundary, location: null }).refusal();
  if (refusal !== null) throw refusal;
  return file;
}

function oneInFolder(folder: string, cwd: string): string | null {
  try {
    return fileInFolder(INVENTORY_NAMES, folder, cwd);
  } catch (error) {
    if (!(error instanceof PreflightError) || error.code !== "two-configs") throw error;
    const hint = "name the ones to use with --inventory FILE, or ignore them with --no-inventory";
    throw new PreflightError("two-inventories", error.message, null, hint);
  }
}
