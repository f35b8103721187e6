import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { unwritable } from "./write-report.ts";

/** A format and its destination; null = standard output. */
export interface Destination<Name extends string> {
  readonly format: Name;
  readonly file: string | null;
}

/** The meaning of `--format` for a command. */
export interface FormatChoice<Name extends string> {
  readonly names: readonly Name[];
  /** Written to standard output unless another format is. */
  readonly fallback: Name;
  /** Whether standard output stays empty if all given formats are written to files. */
  readonly isFileEnough?: boolean;
}

/**
 * Parses `--format NAME[=FILE]` before anything is contacted or evaluated. Throws PreflightErrors: unknown names, two
 * formats for one destination, a destination that cannot be written or that is an input.
 */
export function destinations<Name extends string>(
  requests: readonly string[],
  { names, fallback, isFileEnough = false }: FormatChoice<Name>,
  cwd: string,
  inputs: readonly string[],
): readonly Destination<Name>[] {
  const errors: PreflightError[] = [];
  const chosen: Destination<Name>[] = [];
  for (const request of requests) {
    const destination = parsed(request, names);
    if (destination instanceof PreflightError) errors.push(destination);
    else chosen.push(destination);
  }
  const isComplete = chosen.some(({ file }) => file === null) || (isFileEnough && chosen.length > 0);
  const all = isComplete ? chosen : [{ format: fallback, file: null }, ...chosen];
  errors.push(...clashes(all, cwd), ...overwriting(all.map(writtenFile), cwd, inputs));
  if (errors.length === 0)
    errors.push(...all.flatMap(({ file }) => (file === null ? [] : (unwritable(file, cwd) ?? []))));
  if (errors.length > 0) throw new PreflightErrors(errors);
  return all;
}

const EXTENSIONS: readonly (readonly [extension: string, format: string])[] = [
  [".html", "html"],
  [".htm", "html"],
  [".sarif", "sarif"],
  [".sarif.json", "sarif"],
  [".xml", "junit"],
  [".json", "json"],
  [".md", "markdown"],
  [".csv", "csv"],
  [".txt", "stylish"],
];

/**
 * The formats with the file of `--output`: it is used for the one format without a file, else for the format of its
 * extension. Throws PreflightErrors for an extension without a format.
 */
export function withOutput(formats: readonly string[], output: string | undefined): readonly string[] {
  if (output === undefined || output === "-" || output === "/dev/stdout") return formats;
  const bare = formats.filter((request) => !request.includes("="));
  if (bare.length > 0) return formats.map((request) => (request === bare[0] ? `${request}=${output}` : request));
  const name = output.toLowerCase();
  const known = EXTENSIONS.filter(([extension]) => name.endsWith(extension)).at(-1);
  if (known !== undefined) return [...formats, `${known[1]}=${output}`];
  const hint = "write --format NAME too; the extensions are .html, .sarif, .xml (JUnit), .json, .md, .csv and .txt";
  throw new PreflightErrors([
    invalid(`--output ${quoted(output)} does not have the extension of a known format.`, hint),
  ]);
}

/**
 * Parses `--output FILE`; null = standard output. Throws PreflightErrors for a destination that cannot be written or
 * that is an input.
 */
export function outputFile(given: string | undefined, cwd: string, inputs: readonly string[]): string | null {
  if (given === undefined || given === "-" || given === "/dev/stdout") return null;
  const [overwritten] = overwriting([outputOption(given)], cwd, inputs);
  const error = overwritten ?? unwritable(given, cwd, "file");
  if (error !== null) throw new PreflightErrors([error]);
  return given;
}

/** A file that will be written, and the option that names it. */
export interface Written {
  readonly option: string;
  readonly file: string | null;
}

/**
 * Refuses, once the files that a run reads are known, to overwrite one of them: an extended config, a certificate, a
 * plugin. Throws PreflightErrors.
 */
export function refuseOverwriting(written: readonly Written[], cwd: string): (files: readonly string[]) => void {
  return (files) => {
    const errors = overwriting(written, cwd, files);
    if (errors.length > 0) throw new PreflightErrors(errors);
  };
}

export function writtenFile({ format, file }: Destination<string>): Written {
  return { option: `--format ${format}=${file ?? ""}`, file };
}

export function outputOption(file: string | null): Written {
  return { option: `--output ${file ?? ""}`, file };
}

function overwriting(written: readonly Written[], cwd: string, inputs: readonly string[]): readonly PreflightError[] {
  if (written.every(({ file }) => file === null)) return [];
  const reserved = new Set(inputs.filter((input) => input !== "-").map((input) => realPlace(cwd, input)));
  return written.flatMap(({ option, file }) =>
    file !== null && reserved.has(realPlace(cwd, file))
      ? [invalid(`${option} would overwrite an input file.`, "use another file")]
      : [],
  );
}

function parsed<Name extends string>(request: string, names: readonly Name[]): Destination<Name> | PreflightError {
  const [name = "", ...rest] = request.split("=");
  const file = rest.join("=");
  const format = names.find((candidate) => candidate === name);
  if (format === undefined) return unknownFormat(name, names);
  if (rest.length === 0) return { format, file: null };
  if (file === "") return invalid(`--format ${format}= has no file.`, `write --format ${format}=FILE`);
  return { format, file: file === "-" || file === "/dev/stdout" ? null : file };
}

function clashes(all: readonly Destination<string>[], cwd: string): readonly PreflightError[] {
  const errors: PreflightError[] = [];
  const seen = new Map<string | null, string>();
  for (const { format, file } of all) {
    const place = file === null ? null : realPlace(cwd, file);
    const other = seen.get(place);
    if (other !== undefined) {
      const which = other === format ? `Two ${format} reports` : `The formats ${other} and ${format}`;
      const hint = "write all but one to a file: --format NAME=FILE";
      errors.push(invalid(`${which} both go to ${file ?? "standard output"}.`, hint));
    }
    seen.set(place, format);
  }
  return errors;
}

/** The canonical path of a file, with all links resolved. */
function realPlace(cwd: string, file: string): string {
  try {
    return realpathSync(resolve(cwd, file));
  } catch {
    return resolve(cwd, file);
  }
}

function unknownFormat(name: string, names: readonly string[]): PreflightError {
  const near = suggest(name, names);
  const hint = near === null ? `the formats are ${names.join(", ")}` : `did you mean ${near}?`;
  return new PreflightError("unknown-format", `Unknown format ${quoted(name)}.`, null, hint);
}

function invalid(message: string, hint: string): PreflightError {
  return new PreflightError("usage", message, null, hint);
}
