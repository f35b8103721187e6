import type { Readable } from "node:stream";
import type { Read } from "../../input/source/run-inputs.ts";
import { readStreams } from "../../input/source/read-streams.ts";
import { isInventory } from "../../input/validation/validators.generated.ts";
import { importFiles } from "../../inventory/import-files.ts";
import type { Imported } from "../../inventory/files/imported.ts";

export interface ImportOptions {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly stdin?: Readable | undefined;
}

/** Makes inventories of RVTools exports and output of govc: one for each export, and for each server in it. */
export async function importInventory({ paths, cwd, stdin }: ImportOptions): Promise<Read<Imported>> {
  const streams = await readStreams(paths, { cwd, stdin });
  if (streams.inputs.errors.length > 0) return { value: { inventories: [], notes: [] }, inputs: streams.inputs };
  const imported = await importFiles(paths, { cwd, streams: streams.value.bytes });
  for (const { path, value } of imported.value.inventories) {
    // What is written here is read again by a check, which would say that the user made a mistake.
    if (!isInventory(value)) throw new Error(`${path}: ${JSON.stringify(isInventory.errors?.slice(0, 3))}`);
  }
  return imported;
}
