import type { PathSegment } from "../../values/location.ts";
import type { Document } from "./document.ts";
import type { SourceRef } from "./missing.ts";
import { SiteObject } from "./site-object.ts";

/** The files of a run without duplicates: a workbook for several vCenters is several documents, but one file. */
export function inputFiles(documents: readonly Document[]): readonly InputFile[] {
  const files = new Map(documents.map((document) => [document.path, document] as const).toReversed());
  return documents
    .filter((document) => files.get(document.path) === document)
    .map((document) => new InputFile(document));
}

/** A file of the run as a subject, for rules about the contents of files. */
export class InputFile extends SiteObject {
  constructor(readonly document: Document) {
    const sourceRef = { document, path: [] };
    const missing = () => ({ what: `${document.path} has no fields of its own`, sourceRef });
    super({ kind: "file", name: document.path, descriptions: [], sourceRef, missing });
  }

  /** The location in the file: the steps from its root, whether or not the read values have it. */
  override sourceRefOf(field: string, ...rest: readonly PathSegment[]): SourceRef {
    return { document: this.document, path: [field, ...rest] };
  }
}
