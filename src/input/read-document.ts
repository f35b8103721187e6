import type { Readable } from "node:stream";
import type { Document, DocumentKind } from "../site/document.ts";
import { isTextLocation } from "../values/location.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { parseSource } from "./parse-source.ts";
import { readSource } from "./read-source.ts";
import { shownPath } from "./shown-path.ts";
import { validateDocument } from "./validate-document.ts";

/** A file that was read: a document, or what is wrong with it. */
export interface ReadDocument<T> {
  readonly kind: DocumentKind;
  /** Relative to the working directory where the file lies below it, else as given. */
  readonly path: string;
  /** Null when the file could not be read. */
  readonly sha256: string | null;
  /** The source with secrets blanked; empty when it could not be read as text. */
  readonly text: string;
  readonly document: Document<T> | null;
  readonly errors: readonly PreflightError[];
}

/** Reads, parses and validates one file. Everything wrong with it comes back as errors; it throws only for bugs. */
export async function readDocument<T>(
  kind: DocumentKind,
  given: string,
  context: { readonly cwd: string; readonly stdin?: Readable },
): Promise<ReadDocument<T>> {
  const path = shownPath(given, context.cwd);
  const failed = { kind, path, sha256: null, text: "", document: null };
  if (given === "") {
    const error = new PreflightError("no-such-file", `The name of the ${kind} file is empty.`, null, "name a file");
    return { ...failed, errors: [error] };
  }
  const read = await readSource(given, { ...context, shown: path });
  if (read.text === null) return { ...failed, sha256: read.sha256, errors: read.errors };
  const { source, text, errors } = await parseSource(read.text, path);
  const base = { kind, path, sha256: read.sha256, text };
  if (source === null) return { ...base, document: null, errors };
  const invalid = [...errors, ...validateDocument(kind, source).filter((error) => !isTold(error, errors))];
  if (invalid.length > 0) return { ...base, document: null, errors: invalid };
  return {
    ...base,
    errors: [],
    document: {
      kind,
      path,
      sha256: read.sha256 ?? "",
      text,
      // The schema that the validator was made from is the one that the type was made from.
      value: source.value as T,
      secrets: source.secrets,
      directives: source.directives,
      locate: (at) => source.locate(at),
      locateKey: (at) => source.locateKey(at),
    },
  };
}

/** Whether a list item without a value was found already: one sentence a value. */
function isTold({ location }: PreflightError, found: readonly PreflightError[]): boolean {
  return found.some(
    ({ code, location: empty }) =>
      code === "empty-value" &&
      isTextLocation(location) &&
      isTextLocation(empty) &&
      location.line === empty.line &&
      location.column >= empty.column &&
      location.column <= empty.end_column,
  );
}
