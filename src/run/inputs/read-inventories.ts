import type { Readable } from "node:stream";
import { readDocument } from "../../input/files/read-document.ts";
import { readStreams } from "../../input/source/read-streams.ts";
import { kindOf } from "../../inventory/files/given-files.ts";
import type { ImportedInventory } from "../../inventory/files/imported.ts";
import type { ReadInput } from "./read-input.ts";
import type { Document } from "../../site/core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { Path } from "../../values/location.ts";
import type { PreflightError } from "../../values/preflight-error.ts";

/** Inventories of a run; null when one has mistakes. */
export interface ReadInventories {
  readonly documents: readonly Document<Inventory>[] | null;
  readonly inputs: readonly ReadInput[];
  readonly sources: readonly (readonly [path: string, text: string])[];
  readonly errors: readonly PreflightError[];
}

interface Context {
  readonly cwd: string;
  readonly stdin?: Readable;
}

/**
 * Reads what `--inventory` names: our own documents as they are, exports of other programs through the importer, which
 * is loaded only for those. What a file holds is told by its content.
 */
export async function readInventories(paths: readonly string[], context: Context): Promise<ReadInventories> {
  const documents: Document<Inventory>[] = [];
  const inputs: ReadInput[] = [];
  const sources: (readonly [string, string])[] = [];
  const errors: PreflightError[] = [];
  const foreign: string[] = [];
  const streams = await readStreams(paths, context);
  errors.push(...streams.errors);
  const importing = { cwd: context.cwd, streams: streams.bytes };
  for (const path of paths) {
    const kind = await kindOf(path, importing);
    if (kind !== null && kind !== "document") {
      foreign.push(path);
      continue;
    }
    const bytes = streams.bytes.get(path);
    // What could not be read has its error already.
    if (bytes === undefined && streams.failed.has(path)) continue;
    const read = await readDocument<Inventory>("inventory", path, {
      ...context,
      ...(bytes !== undefined && { bytes }),
    });
    if (read.sha256 !== null) inputs.push({ kind: "inventory", path: read.path, sha256: read.sha256 });
    if (read.text !== "") sources.push([read.path, read.text]);
    if (read.document !== null) documents.push(read.document);
    errors.push(...read.errors);
  }
  if (foreign.length > 0) {
    const { importFiles } = await import("../../inventory/import-files.ts");
    const imported = await importFiles(foreign, importing);
    for (const { path, sha256 } of imported.files) inputs.push({ kind: "inventory", path, sha256 });
    documents.push(...imported.inventories.map(documentOf));
    errors.push(...imported.errors);
  }
  return { documents: errors.length > 0 ? null : documents, inputs, sources, errors };
}

function documentOf(imported: ImportedInventory): Document<Inventory> {
  const { path, sha256, value } = imported;
  const locate = (at: Path) => imported.locate(at);
  return { kind: "inventory", path, sha256, text: "", value, secrets: [], directives: [], locate, locateKey: locate };
}
