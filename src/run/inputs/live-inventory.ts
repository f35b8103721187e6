import { createHash } from "node:crypto";
import type { Document } from "../../site/core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import type { PullOptions } from "../pull.ts";
import type { ReadInput } from "./read-input.ts";

/** An inventory that was read from a server, or why it could not be. */
export type LiveInventory =
  | { readonly document: Document<Inventory>; readonly input: ReadInput; readonly error: null }
  | { readonly document: null; readonly input: null; readonly error: PreflightError };

/** Reads the inventory of a server for a run. It is called by the server's name, and its values stand in no text. */
export async function liveInventory(options: PullOptions): Promise<LiveInventory> {
  // Most runs read files alone.
  const { pull } = await import("../pull.ts");
  try {
    const value = await pull(options);
    const base = {
      kind: "inventory",
      path: options.server.displayAddress,
      sha256: createHash("sha256").update(JSON.stringify(value)).digest("hex"),
    } as const;
    const document: Document<Inventory> = {
      ...base,
      text: "",
      value,
      secrets: [],
      directives: [],
      locate: () => null,
      locateKey: () => null,
    };
    return { document, input: base, error: null };
  } catch (error) {
    if (error instanceof PreflightError) return { document: null, input: null, error };
    throw error;
  }
}
