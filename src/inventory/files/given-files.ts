import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MAX_BYTES } from "../../input/source/limits.ts";
import { isOutOfDescriptors } from "../../input/source/out-of-descriptors.ts";
import { displayPath } from "../../input/source/read-source.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { type ByteSource, bytesInMemory, openFile } from "./byte-source.ts";
import { type ContentKind, contentKind, HEAD_BYTES } from "./content-kind.ts";
import type { ImportContext } from "./imported.ts";

/** The export of one vCenter is some thirty files. */
const MOST_FILES = 1000;

/** A file that was given, or lies in a folder that was. */
export interface GivenFile {
  readonly displayPath: string;
  readonly kind: Exclude<ContentKind, "folder">;
  /** The folder through which it was given; null when it was given itself. */
  readonly folder: string | null;
  readonly source: ByteSource;
}

/** What a path holds, by its content; null when there is no such thing, or it may not be read. Never throws. */
export async function kindOf(path: string, { cwd, streams }: ImportContext): Promise<ContentKind | null> {
  const stream = streams?.get(path);
  if (stream !== undefined) return contentKind(stream.subarray(0, HEAD_BYTES));
  if (path === "-") return null;
  try {
    const full = resolve(cwd, path);
    const kind = await stat(full);
    if (kind.isDirectory()) return "folder";
    // A pipe that is opened and closed again breaks its writer.
    if (!kind.isFile()) return null;
    const source = await openFile(full);
    if (source === null) return null;
    try {
      return contentKind(await source.read(0, HEAD_BYTES));
    } finally {
      await source.close();
    }
  } catch (error) {
    if (isOutOfDescriptors(error)) throw error;
    return null;
  }
}

/** Opens files, and all files of folders. Throws PreflightError; what was opened is then closed again. */
export async function openGiven(paths: readonly string[], context: ImportContext): Promise<readonly GivenFile[]> {
  const opened: GivenFile[] = [];
  try {
    for (const path of paths) {
      const displayName = displayPath(path, context.cwd);
      const names = context.streams?.has(path) === true ? null : await folderNames(path, displayName, context.cwd);
      if (names === null) opened.push(await openOne(path, displayName, null, context));
      else {
        for (const name of names)
          opened.push(await openOne(join(path, name), join(displayName, name), displayName, context));
      }
    }
    return opened;
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

export async function closeAll(files: readonly GivenFile[]): Promise<void> {
  await Promise.all(files.map(({ source }) => source.close()));
}

/** The digest of all bytes of a file. */
export async function digest(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < source.size; at += 1 << 20) hash.update(await source.read(at, 1 << 20));
  return hash.digest("hex");
}

/** The names of the files in a folder, sorted; null when it is none. */
async function folderNames(path: string, displayName: string, cwd: string): Promise<readonly string[] | null> {
  try {
    const full = resolve(cwd, path);
    if (!(await stat(full)).isDirectory()) return null;
    const entries = await readdir(full, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith(".")).map(({ name }) => name);
    if (names.length > MOST_FILES) {
      throw problem(
        `The folder ${displayName} holds ${names.length} files, too many for one export.`,
        "name the files",
      );
    }
    return names.sort();
  } catch (error) {
    throw failure(error, displayName, cwd);
  }
}

async function openOne(
  path: string,
  displayName: string,
  folder: string | null,
  { cwd, streams }: ImportContext,
): Promise<GivenFile> {
  try {
    const stream = streams?.get(path);
    const source = stream === undefined ? await openFile(resolve(cwd, path)) : bytesInMemory(stream);
    if (source === null) {
      throw problem(
        `${displayName} is a pipe, a socket or a device, not a file.`,
        "pipe the data in and name - as the file",
      );
    }
    if (source.size > MAX_BYTES) {
      await source.close();
      throw problem(
        `${displayName} is larger than ${MAX_BYTES >> 20} MB, the most that is read.`,
        "export fewer tabs or objects",
      );
    }
    return { displayPath: displayName, folder, source, kind: contentKind(await source.read(0, HEAD_BYTES)) };
  } catch (error) {
    throw failure(error, displayName, cwd);
  }
}

function failure(error: unknown, displayName: string, cwd: string): Error {
  if (error instanceof PreflightError) return error;
  if (error instanceof Error && isOutOfDescriptors(error)) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  switch (code) {
    case null:
      return error instanceof Error ? error : new Error(String(error));
    case "ENOENT":
    case "ENOTDIR":
      return new PreflightError(
        "no-such-file",
        `There is no file ${displayName}.`,
        null,
        `relative names start from ${cwd}`,
      );
    case "EACCES":
    case "EPERM":
      return problem(`${displayName} may not be read by this user.`, "give the user permission to read it");
    case "ERR_INVALID_ARG_VALUE":
      return problem("The name of the file holds a NUL character.", "name a file");
    default:
      return problem(`${displayName} could not be read (${code}).`, "check the disk or the network share it is on");
  }
}

function problem(message: string, hint: string): PreflightError {
  return new PreflightError("unreadable-file", message, null, hint);
}
