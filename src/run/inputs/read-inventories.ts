import type { Readable } from "node:stream";
import type { Budget } from "../../input/source/budget.ts";
import { readDocument } from "../../input/files/read-document.ts";
import { merge, NO_INPUTS, type Read, type RunInputs } from "../../input/source/run-inputs.ts";
import { readStreams } from "../../input/source/read-streams.ts";
import { kindOf } from "../../inventory/files/given-files.ts";
import type { ImportContext, ImportedInventory } from "../../inventory/files/imported.ts";
import type { Document } from "../../site/core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { Path } from "../../values/location.ts";

interface Context {
  readonly cwd: string;
  readonly stdin?: Readable | undefined;
  /** What the run may still read. */
  readonly budget?: Budget | undefined;
}

/**
 * Reads the files of `--inventory`: inventory documents directly, exports of other programs through the importer, which
 * is loaded only for those. The kind of a file is detected from its content. Null if one of them has errors.
 */
export async function readInventories(
  paths: readonly string[],
  context: Context,
): Promise<Read<readonly Document<Inventory>[] | null>> {
  const { value: streams, inputs: ofStreams } = await readStreams(paths, context);
  const importing = { cwd: context.cwd, streams: streams.bytes, budget: context.budget };
  const documents: Document<Inventory>[] = [];
  const inputs: RunInputs[] = [ofStreams];
  const foreign: string[] = [];
  for (const path of paths) {
    const kind = await kindOf(path, importing);
    if (kind !== null && kind !== "document") {
      foreign.push(path);
      continue;
    }
    const bytes = streams.bytes.get(path);
    // A file that could not be read already has its error.
    if (bytes === undefined && streams.failed.has(path)) continue;
    const read = await readDocument<Inventory>("inventory", path, { ...context, bytes });
    if (read.value !== null) documents.push(read.value);
    inputs.push(read.inputs);
  }
  const exports = await readExports(foreign, importing);
  const all = merge(...inputs, exports.inputs);
  return { value: all.errors.length > 0 ? null : [...documents, ...exports.value], inputs: all };
}

async function readExports(
  paths: readonly string[],
  context: ImportContext,
): Promise<Read<readonly Document<Inventory>[]>> {
  if (paths.length === 0) return { value: [], inputs: NO_INPUTS };
  const { importFiles } = await import("../../inventory/import-files.ts");
  const { value, inputs } = await importFiles(paths, context);
  return { value: value.inventories.map(documentOf), inputs };
}

function documentOf(imported: ImportedInventory): Document<Inventory> {
  const { path, sha256, value } = imported;
  const locate = (at: Path) => imported.locate(at);
  return { kind: "inventory", path, sha256, value, secrets: [], directives: [], locate, locateKey: locate };
}
