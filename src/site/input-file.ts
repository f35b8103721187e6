import type { PathSegment } from "../values/location.ts";
import type { Document } from "./document.ts";
import type { Place } from "./missing.ts";
import { SiteObject } from "./site-object.ts";

/** A file of the run as a subject: for rules about what must not stand in a file. */
export class InputFile extends SiteObject {
  constructor(readonly document: Document) {
    const place = { document, path: [] };
    const missing = () => ({ what: `${document.path} has no fields of its own`, place });
    super({ kind: "file", name: document.path, descriptions: [], place, missing });
  }

  /** The spot in the file: the steps from its root, whether or not the read values have it. */
  override placeOf(field: string, ...rest: readonly PathSegment[]): Place {
    return { document: this.document, path: [field, ...rest] };
  }
}
