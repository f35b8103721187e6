import type { Document } from "./core/document.ts";
import type { SiteObject } from "./core/site-object.ts";

/** The documents that give a field of at least one of the objects. */
export function documentsWith<F>(objects: readonly SiteObject<F>[], field: keyof F & string): ReadonlySet<Document> {
  const descriptions = objects.flatMap((object) => object.descriptions);
  return new Set(
    descriptions.filter(({ record }) => record[field] !== undefined).map(({ sourceRef }) => sourceRef.document),
  );
}
