import { randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  openSync,
  writeSync,
  closeSync,
  fsyncSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { suggest } from "../values/suggest.ts";

/** A format and where its text goes; null = standard output. */
export interface Destination<Name extends string> {
  readonly format: Name;
  readonly file: string | null;
}

/**
 * Reads `--format NAME[=FILE]` before anything is asked or judged. The default format goes to standard output unless
 * another one does. Throws PreflightErrors: unknown names, two formats for one place, a place that cannot be written
 * or that is an input.
 */
export function destinations<Name extends string>(
  requests: readonly string[],
  names: readonly Name[],
  fallback: Name,
  cwd: string,
  inputs: readonly string[],
): readonly Destination<Name>[] {
  const errors: PreflightError[] = [];
  const chosen = requests.flatMap((request) => {
    const [name = "", ...rest] = request.split("=");
    const file = rest.join("=");
    const format = names.find((candidate) => candidate === name);
    if (format === undefined) errors.push(unknownFormat(name, names));
    else if (rest.length > 0 && file === "")
      errors.push(invalid(`--format ${name}= names no file.`, `write --format ${name}=FILE`));
    else return [{ format, file: file === "" || file === "-" ? null : file }];
    return [];
  });
  const all = chosen.some(({ file }) => file === null) ? chosen : [{ format: fallback, file: null }, ...chosen];
  errors.push(...clashes(all, cwd, inputs));
  if (errors.length === 0) for (const { file } of all) if (file !== null) errors.push(...unwritable(file, cwd));
  if (errors.length > 0) throw new PreflightErrors(errors);
  return all;
}

/**
 * Writes a file whole or not at all: into a new file beside it, then renamed over it. Throws PreflightError when the
 * disk is full or the place cannot be written; the old file then still stands.
 */
export function writeWhole(file: string, cwd: string, pieces: Iterable<string>): void {
  const target = resolve(cwd, file);
  const draft = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    const handle = openSync(draft, "wx");
    try {
      for (const piece of pieces) writeAll(handle, Buffer.from(piece, "utf8"));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw unwritableReport(file, error);
  }
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
}

function clashes(
  all: readonly Destination<string>[],
  cwd: string,
  inputs: readonly string[],
): readonly PreflightError[] {
  const errors: PreflightError[] = [];
  const seen = new Map<string | null, string>();
  const reserved = new Set(inputs.filter((input) => input !== "-").map((input) => resolve(cwd, input)));
  for (const { format, file } of all) {
    const place = file === null ? null : resolve(cwd, file);
    const where = file ?? "standard output";
    const other = seen.get(place);
    if (other !== undefined)
      errors.push(
        invalid(
          `Formats ${other} and ${format} both go to ${where}.`,
          "give all but one a file of its own: --format NAME=FILE",
        ),
      );
    if (place !== null && reserved.has(place))
      errors.push(invalid(`--format ${format}=${where} would overwrite an input file.`, "name another file"));
    seen.set(place, format);
  }
  return errors;
}

function unwritable(file: string, cwd: string): readonly PreflightError[] {
  const target = resolve(cwd, file);
  try {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
      return [invalid(`${file} is a folder, so no report can be written there.`, "name a file in it")];
    }
    mkdirSync(dirname(target), { recursive: true });
    accessSync(dirname(target), constants.W_OK);
    return [];
  } catch (error) {
    return [unwritableReport(file, error)];
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "the name is too long",
};

function unwritableReport(file: string, error: unknown): PreflightError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new PreflightError(
    "unwritable-report",
    `The report ${file} cannot be written: ${WHY[code] ?? code}.`,
    null,
    "nothing was left there half written",
  );
}

function unknownFormat(name: string, names: readonly string[]): PreflightError {
  const near = suggest(name, names);
  const hint = near === null ? `the formats are ${names.join(", ")}` : `did you mean ${near}?`;
  return new PreflightError("unknown-format", `Unknown format ${JSON.stringify(name)}.`, null, hint);
}

function invalid(message: string, hint: string): PreflightError {
  return new PreflightError("usage", message, null, hint);
}
