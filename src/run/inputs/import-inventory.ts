import type { Readable } from "node:stream";
import { readStreams } from "../../input/source/read-streams.ts";
import { isInventory } from "../../input/validation/validators.generated.ts";
import { importFiles } from "../../inventory/import-files.ts";
import type { ImportNote } from "../../inventory/files/imported.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { PreflightError } from "../../values/preflight-error.ts";

export interface ImportOptions {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly stdin?: Readable;
}

/** What was made of exports of other programs; no inventory when something is wrong with one of them. */
export interface ImportResult {
  readonly inventories: readonly { readonly path: string; readonly value: Inventory }[];
  readonly notes: readonly ImportNote[];
  readonly errors: readonly PreflightError[];
}

/** Makes inventories of RVTools exports and output of govc: one for each export, and for each server in it. */
export async function importInventory({ paths, cwd, stdin }: ImportOptions): Promise<ImportResult> {
  const streams = await readStreams(paths, { cwd, ...(stdin !== undefined && { stdin }) });
  if (streams.errors.length > 0) return { inventories: [], notes: [], errors: streams.errors };
  const { inventories, notes, errors } = await importFiles(paths, { cwd, streams: streams.bytes });
  for (const { path, value } of inventories) {
    // What is written here is read again by a check, which would say that the user made a mistake.
    if (!isInventory(value)) throw new Error(`${path}: ${JSON.stringify(isInventory.errors?.slice(0, 3))}`);
  }
  return { inventories, notes, errors };
}
