import type { Readable } from "node:stream";
import type { Document, DocumentKind } from "../../site/core/document.ts";
import { isTextLocation, type TextLocation } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { firstErrors } from "../validation/first-errors.ts";
import { parseSource } from "../syntax/parse-source.ts";
import { displayPath, readSource } from "../source/read-source.ts";
import { takesNull, validateDocument } from "../validation/validate-document.ts";

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
  context: { readonly cwd: string; readonly stdin?: Readable; readonly bytes?: Buffer },
): Promise<ReadDocument<T>> {
  const path = displayPath(given, context.cwd);
  const failed = { kind, path, sha256: null, text: "", document: null };
  if (given === "") {
    const error = new PreflightError("no-such-file", `The name of the ${kind} file is empty.`, null, "name a file");
    return { ...failed, errors: [error] };
  }
  const read = await readSource(given, { ...context, shown: path });
  if (read.text === null) return { ...failed, sha256: read.sha256, errors: read.errors };
  const { source, text, errors } = await parseSource(read.text, path, (at) => takesNull(kind, at));
  const base = { kind, path, sha256: read.sha256, text };
  if (source === null) {
    return {
      ...base,
      document: null,
      errors: firstErrors(
        path,
        errors.map((error) => ofEmpty(error, kind, path)),
      ),
    };
  }
  const invalid = validateDocument(kind, source);
  const all = [...errors, ...withoutTold(invalid.errors, errors)];
  if (all.length > 0) return { ...base, document: null, errors: firstErrors(path, all, invalid.untold) };
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

/** Where nothing is, somebody may not know what belongs there. */
function ofEmpty(error: PreflightError, kind: DocumentKind, path: string): PreflightError {
  if (error.code !== "empty-file") return error;
  const message = path === "-" ? error.message.replace(/^This file/, "Standard input") : error.message;
  const isStarted = kind === "deployment" || kind === "inventory";
  return new PreflightError(
    error.code,
    message,
    error.location,
    isStarted ? "preflight init writes one to begin with, into an empty folder." : error.hint,
  );
}

/** Leaves out the list items without a value that were found already: one sentence a value. */
function withoutTold(invalid: readonly PreflightError[], found: readonly PreflightError[]): readonly PreflightError[] {
  const empty = new Map<number, TextLocation[]>();
  for (const { code, location } of found) {
    if (code !== "empty-value" || !isTextLocation(location)) continue;
    const others = empty.get(location.line);
    if (others === undefined) empty.set(location.line, [location]);
    else others.push(location);
  }
  const isTold = (at: TextLocation): boolean =>
    (empty.get(at.line) ?? []).some(({ column, end_column }) => at.column >= column && at.column <= end_column);
  return invalid.filter(({ location }) => !isTextLocation(location) || !isTold(location));
}
