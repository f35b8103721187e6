import type { Readable } from "node:stream";
import type { Document, DocumentKind } from "../../site/core/document.ts";
import { isTextLocation, type TextLocation } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { firstErrors } from "../validation/first-errors.ts";
import { parseSource } from "../syntax/parse-source.ts";
import { displayPath, readSource } from "../source/read-source.ts";
import { takesNull, validateDocument } from "../validation/validate-document.ts";
import type { Budget } from "../source/budget.ts";
import { fileInputs, type Read } from "../source/run-inputs.ts";
import { SIZE_HINTS } from "../source/size-hints.ts";
import type { UntrustedPath } from "../source/untrusted-path.ts";

/**
 * Reads, parses and validates one file; null when anything is wrong with it, which then comes back as errors. Throws only
 * for bugs.
 */
export async function readDocument<T>(
  kind: DocumentKind,
  named: string | UntrustedPath,
  context: {
    readonly cwd: string;
    readonly stdin?: Readable | undefined;
    readonly bytes?: Buffer | undefined;
    readonly budget?: Budget | undefined;
  },
): Promise<Read<Document<T> | null>> {
  const given = typeof named === "string" ? named : named.absolute;
  const path = displayPath(given, context.cwd);
  const file = { kind, path, given, cwd: context.cwd, sha256: null, text: "" };
  if (given === "") {
    const error = new PreflightError("no-such-file", `The name of the ${kind} file is empty.`, null, "name a file");
    return { value: null, inputs: fileInputs({ ...file, errors: [error] }) };
  }
  const {
    sha256,
    text,
    errors: unread,
  } = await readSource(named, { ...context, displayName: path, hint: SIZE_HINTS[kind] });
  if (text === null) return { value: null, inputs: fileInputs({ ...file, sha256, errors: unread }) };
  const {
    source,
    text: blanked,
    errors,
  } = await parseSource(text, path, {
    takesNull: (at) => takesNull(kind, at),
    budget: context.budget,
    hint: SIZE_HINTS[kind],
  });
  const read = { ...file, sha256, text: blanked };
  if (source === null) {
    const named = errors.map((error) => ofEmpty(error, kind, path));
    return { value: null, inputs: fileInputs({ ...read, errors: firstErrors(path, named) }) };
  }
  const invalid = validateDocument(kind, source);
  const all = [...errors, ...withoutReported(invalid.errors, errors)];
  if (all.length > 0) {
    return { value: null, inputs: fileInputs({ ...read, errors: firstErrors(path, all, invalid.omitted) }) };
  }
  return {
    inputs: fileInputs({ ...read, errors }),
    value: {
      kind,
      path,
      sha256: sha256 ?? "",
      // The schema that the validator was made from is the one that the type was made from.
      value: source.value as T,
      secrets: source.secrets,
      directives: source.directives,
      locate: (at) => source.locate(at),
      locateKey: (at) => source.locateKey(at),
      ...(kind === "deployment" && { edit: (at, change) => source.edit(at, change) }),
    },
  };
}

/** The hint for a missing file. */
function ofEmpty(error: PreflightError, kind: DocumentKind, path: string): PreflightError {
  if (error.code !== "empty-file") return error;
  const message = path === "-" ? error.message.replace(/^This file/, "Standard input") : error.message;
  const isStarted = kind === "deployment" || kind === "inventory";
  return new PreflightError(
    error.code,
    message,
    error.location,
    isStarted ? "preflight init writes a starter file to an empty folder." : error.hint,
  );
}

/** Omits list items without a value that were already reported: one sentence per value. */
function withoutReported(
  invalid: readonly PreflightError[],
  found: readonly PreflightError[],
): readonly PreflightError[] {
  const empty = new Map<number, TextLocation[]>();
  for (const { code, location } of found) {
    if (code !== "empty-value" || !isTextLocation(location)) continue;
    const others = empty.get(location.line);
    if (others === undefined) empty.set(location.line, [location]);
    else others.push(location);
  }
  const isReported = (at: TextLocation): boolean =>
    (empty.get(at.line) ?? []).some(({ column, end_column }) => at.column >= column && at.column <= end_column);
  return invalid.filter(({ location }) => !isTextLocation(location) || !isReported(location));
}
