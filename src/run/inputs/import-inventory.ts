import type { Readable } from "node:stream";
import { onlyErrors, type Read } from "../../input/source/run-inputs.ts";
import { readStreams } from "../../input/source/read-streams.ts";
import { isInventory } from "../../input/validation/validators.generated.ts";
import { importFiles } from "../../inventory/import-files.ts";
import type { Imported, ImportedInventory } from "../../inventory/files/imported.ts";
import { collectionTime } from "../../values/collection-time.ts";
import { PreflightError } from "../../values/preflight-error.ts";

export interface ImportOptions {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly stdin?: Readable | undefined;
  /** Time at which the exports were collected (RFC 3339), for those without a time or its zone. */
  readonly collectedAt?: string | undefined;
}

const NOTHING: Imported = { inventories: [], notes: [] };

/** Creates inventories from RVTools exports and govc output: one for each export, and for each server in it. */
export async function importInventory(options: ImportOptions): Promise<Read<Imported>> {
  const { paths, cwd, stdin, collectedAt } = options;
  const streams = await readStreams(paths, { cwd, stdin });
  if (streams.inputs.errors.length > 0) return { value: NOTHING, inputs: streams.inputs };
  const { value, inputs } = await importFiles(paths, { cwd, streams: streams.value.bytes });
  const inventories = value.inventories.map((inventory) => withTime(inventory, collectedAt));
  const errors = inventories.flatMap((inventory) => (inventory instanceof PreflightError ? [inventory] : []));
  if (errors.length > 0) return { value: NOTHING, inputs: onlyErrors(errors) };
  const dated = inventories.flatMap((inventory) => (inventory instanceof PreflightError ? [] : [inventory]));
  for (const { path, value: made } of dated) {
    // A check reads this file again, and would report the error as one in the user's file.
    if (!isInventory(made)) throw new Error(`${path}: ${JSON.stringify(isInventory.errors?.slice(0, 3))}`);
  }
  return { value: { ...value, inventories: dated }, inputs };
}

/** The inventory with the given time; an error if its export has another one. */
function withTime(inventory: ImportedInventory, given: string | undefined): ImportedInventory | PreflightError {
  if (given === undefined) return inventory;
  const { path, value } = inventory;
  const own = value.collected_at === undefined ? null : collectionTime(value.collected_at);
  const time = collectionTime(given);
  if (own !== null && time !== null && (time.latest < own.earliest || time.earliest > own.latest)) {
    const message = `${path} contains the collection time ${value.collected_at ?? ""}, not ${given}.`;
    return new PreflightError("other-collection-time", message, null, "omit --collected-at");
  }
  const without = (record: object) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== "collected_at"));
  const coverage = without(value.coverage ?? {}) as Readonly<Record<string, string>>;
  return { ...inventory, value: { collected_at: given, ...without(value), coverage } };
}
