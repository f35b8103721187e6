import { resolve } from "node:path";
import type { ReportInput } from "../../schema/report.generated.ts";
import { isTextLocation } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { leadsOutside } from "./untrusted-path.ts";

/** A file with its hash, as a report lists it; the report adds its URI in the repository. */
export type InputHash = Omit<ReportInput, "uri">;

/**
 * What a run records of the files of one site besides their values. Immutable: every reader returns its own beside the
 * value that it read, and the run merges them. Documents are values: after a run, nothing here keeps them in memory.
 */
export interface RunInputs {
  /** Files whose bytes could be read, in the order of reading. */
  readonly hashes: readonly InputHash[];
  /** Text by path, secrets blanked; for excerpts. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files that no output may overwrite, whether or not they could be read; absolute paths. */
  readonly reserved: readonly string[];
  readonly errors: readonly PreflightError[];
}

/** What a reader returns: a value, and what it read for it. */
export interface Read<Value> {
  readonly value: Value;
  readonly inputs: RunInputs;
}

export const NO_INPUTS: RunInputs = { hashes: [], texts: new Map(), reserved: [], errors: [] };

/** The inputs of all of them, in this order. Of two texts for one path, the later one counts. */
export function merge(...all: readonly RunInputs[]): RunInputs {
  return {
    hashes: all.flatMap(({ hashes }) => hashes),
    texts: new Map(all.flatMap(({ texts }) => [...texts])),
    reserved: all.flatMap(({ reserved }) => reserved),
    errors: all.flatMap(({ errors }) => errors),
  };
}

/** Errors without a file: of something that could not be read, or of values that were compared later. */
export function onlyErrors(errors: readonly PreflightError[]): RunInputs {
  return { ...NO_INPUTS, errors };
}

/** A file, as far as it could be read. */
export interface FileRead {
  readonly kind: InputHash["kind"];
  /** As reports show it. */
  readonly path: string;
  /** As it was given, from the folder `cwd`; `-` is standard input. */
  readonly given: string;
  readonly cwd: string;
  /** Null when its bytes could not be read. */
  readonly sha256: string | null;
  /** Secrets blanked; empty when there is nothing to quote. */
  readonly text: string;
  readonly errors: readonly PreflightError[];
}

/** The record of one file. Nothing is quoted from a link that leads outside its repository. */
export function fileInputs({ kind, path, given, cwd, sha256, text, errors }: FileRead): RunInputs {
  const isOutside = (text !== "" || errors.length > 0) && given !== "-" && leadsOutside(resolve(cwd, given));
  return {
    hashes: sha256 === null ? [] : [{ kind, path, sha256 }],
    texts: new Map(text === "" || isOutside ? [] : [[path, text]]),
    reserved: given === "-" ? [] : [resolve(cwd, given)],
    errors: isOutside ? errors.map((error) => (error.location?.path === path ? withoutQuotes(error) : error)) : errors,
  };
}

/** Messages quote keys and values of up to 60 characters, which is enough for a password. */
function withoutQuotes({ code, location }: PreflightError): PreflightError {
  const message = `${location?.path ?? "The file"} has an error here. It is not quoted, because the path leads to a file outside the repository.`;
  return new PreflightError(code, message, location, "Replace the link with the file, or give the path of the file.");
}

/**
 * The same without the texts that nothing will be quoted from when a report needs no excerpts. Those with errors stay, as
 * errors are shown in any case; so do those of configs, because a pattern may turn out to match nothing in the site.
 */
export function withoutTexts(inputs: RunInputs): RunInputs {
  const { hashes, texts, errors } = inputs;
  const locations = errors.flatMap(({ location, related }) => [location, ...related.map((other) => other.location)]);
  const quoted = new Set([
    ...locations.flatMap((location) => (isTextLocation(location) ? location.path : [])),
    ...hashes.flatMap(({ kind, path }) => (kind === "config" ? path : [])),
  ]);
  return { ...inputs, texts: new Map([...texts].filter(([path]) => quoted.has(path))) };
}
