import { schemaAt, typesOf } from "../../input/validation/schema-lookup.ts";
import { isDeployment, isInventory } from "../../input/validation/validators.generated.ts";
import { deploymentSchema } from "../../schema/deployment.schema.ts";
import { inventorySchema } from "../../schema/inventory.schema.ts";
import type { Document } from "../../site/core/document.ts";
import type { Path } from "../../values/location.ts";
import type { SiteSources } from "../read-run.ts";

const YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000;
/** Number of values of other objects that are tried in place of one. */
const MOST_OTHERS = 4;

/**
 * Plausible values to replace the one at a path of a document, the likeliest first: those of other objects, those that
 * the schema lists, and neighbors of the value. Undefined for a missing value.
 */
export function otherValues(document: Document, path: Path, value: unknown): readonly unknown[] {
  const root = document.kind === "deployment" ? deploymentSchema : inventorySchema;
  const schema = schemaAt(root, path);
  const types = schema === null ? [] : typesOf(schema);
  const listed = [...(schema?.enum ?? []), ...(schema?.examples ?? [])].slice(0, 12);
  const others = [
    ...siblings(document.value, path).slice(0, MOST_OTHERS),
    ...listed,
    ...neighbors(value),
    ...(types.includes("boolean") ? [true, false] : []),
    ...(types.includes("integer") || types.includes("number") ? [0, 1, schema?.minimum ?? 2, 4096] : []),
    ...(types.includes("array") ? [[]] : []),
    ...(types.includes("string") && value === undefined ? ["192.0.2.1", "a"] : []),
    ...(types.includes("null") ? [null] : []),
  ];
  const seen = new Set([JSON.stringify(value)]);
  return others.filter((other) => {
    const key = JSON.stringify(other);
    if (other === undefined || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Values of a type like that of `value`, on both sides of any limit. */
function neighbors(value: unknown): readonly unknown[] {
  switch (typeof value) {
    case "boolean":
      return [!value];
    case "number":
      return [value - 1, value + 1, Math.floor(value / 2), value * 2, 0, 1, value * 1000];
    case "string": {
      const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
      if (!Number.isNaN(time)) return [time - YEARS_MS, time + YEARS_MS].map((ms) => new Date(ms).toISOString());
      if (/^\d+\.\d+\.\d+\.\d+$/.test(value)) return ["192.0.2.1", "255.255.255.255", "224.0.0.5", `${value}.x`];
      if (/^\d+(\.\d+)+$/.test(value)) return ["4.1.0", "5.0.0", "99.0.0", "1"];
      return [`${value}-x`, "192.0.2.1", "1", "00:00:00:00:00:00", ""];
    }
    default:
      return Array.isArray(value) ? [[]] : [];
  }
}

type Holder = Readonly<Record<string | number, unknown>>;

/** Values of the same field in other objects: in every other item of the lists on the path. */
function siblings(root: unknown, path: Path): readonly unknown[] {
  let holders: readonly unknown[] = [root];
  for (const step of path) {
    holders = holders.flatMap((holder): readonly unknown[] => {
      if (typeof holder !== "object" || holder === null) return [];
      if (typeof step === "number") return Array.isArray(holder) ? holder : [];
      const inner = (holder as Holder)[step];
      return inner === undefined ? [] : [inner];
    });
  }
  const distinct = new Map(holders.map((value) => [JSON.stringify(value), value] as const));
  return [...distinct.values()];
}

/** Whether the value comes from a file: objects also have links and derived values. */
export function isField(document: Document | undefined, path: Path): boolean {
  if (document === undefined) return false;
  return schemaAt(document.kind === "deployment" ? deploymentSchema : inventorySchema, path) !== null;
}

/** Whether changed documents are valid; those unchanged since they were read are known to be. */
export function areValid({ deployment, inventories }: SiteSources, read: SiteSources): boolean {
  if (deployment !== read.deployment && !isDeployment(deployment.value)) return false;
  return inventories.every((inventory) => read.inventories.includes(inventory) || isInventory(inventory.value));
}
