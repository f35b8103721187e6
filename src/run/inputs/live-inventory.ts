import { createHash } from "node:crypto";
import { NO_INPUTS, onlyErrors, type Read } from "../../input/source/run-inputs.ts";
import type { Document } from "../../site/core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import type { CheckOptions } from "../options.ts";

/** The server of a run, and how to read it. */
export type LiveInventoryOptions = Pick<CheckOptions, "vcenter" | "onRead" | "signal" | "interruptible">;

/**
 * Reads the inventory of a run's server, if it has one: as the only document, or none. It has the server's name as
 * path, and its values have no source locations.
 *
 * @param account the deploying account, whose privileges are read if permissions cannot be listed
 */
export async function readLiveInventory(
  { vcenter, onRead, signal = new AbortController().signal, interruptible = (work) => work() }: LiveInventoryOptions,
  account: string | undefined,
): Promise<Read<readonly Document<Inventory>[]>> {
  if (vcenter === undefined) return { value: [], inputs: NO_INPUTS };
  // Loaded on demand: most runs read only files.
  const { pull } = await import("../pull.ts");
  try {
    const value = await interruptible(() =>
      pull({ ...vcenter, account, signal, ...(onRead && { onProgress: onRead }) }),
    );
    const sha256 = createHash("sha256").update(JSON.stringify(value)).digest("hex");
    const hash = { kind: "inventory", path: vcenter.server.displayAddress, sha256 } as const;
    const nowhere = { secrets: [], directives: [], locate: () => null, locateKey: () => null };
    return { value: [{ ...hash, value, isLive: true, ...nowhere }], inputs: { ...NO_INPUTS, hashes: [hash] } };
  } catch (error) {
    if (error instanceof PreflightError) return { value: [], inputs: onlyErrors([error]) };
    throw error;
  }
}
