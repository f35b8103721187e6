import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { MAX_BYTES } from "../../input/source/limits.ts";
import { isOutOfDescriptors } from "../../input/source/out-of-descriptors.ts";
import { displayPath } from "../../input/source/read-source.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { type ByteSource, bytesInMemory, openFile } from "../spreadsheet/byte-source.ts";
import { type ContentKind, contentKind, HEAD_BYTES } from "../content/content-kind.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { ImportContext } from "./imported.ts";

/** The export of one vCenter is about thirty files. */
const MOST_FILES = 1000;

/** A file given by the user, or in a folder given by the user. */
export interface GivenFile {
  readonly displayPath: string;
  readonly kind: Exclude<ContentKind, "folder">;
  /** The folder through which it was given; null if the file itself was given. */
  readonly folder: string | null;
  readonly source: ByteSource;
}

/** The kind of a path, detected from its content; null if it does not exist or may not be read. Never throws. */
export async function kindOf(path: string, { cwd, streams }: ImportContext): Promise<ContentKind | null> {
  const stream = streams?.get(path);
  if (stream !== undefined) return contentKind(stream.subarray(0, HEAD_BYTES));
  if (path === "-") return null;
  try {
    const full = resolve(cwd, path);
    const kind = statSync(full);
    if (kind.isDirectory()) return "folder";
    // Opening and closing a pipe would break its writer.
    if (!kind.isFile()) return null;
    const source = openFile(full);
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

/** Opens files, and all files of folders. Throws PreflightError after closing the files that were opened. */
export async function openGiven(paths: readonly string[], context: ImportContext): Promise<readonly GivenFile[]> {
  const opened: GivenFile[] = [];
  try {
    for (const path of paths) {
      const displayName = displayPath(path, context.cwd);
      const names = context.streams?.has(path) === true ? null : folderNames(path, displayName, context.cwd);
      const files =
        names === null
          ? [{ path, displayName, folder: null }]
          : names.map((name) => ({
              path: join(path, name),
              displayName: join(displayName, name),
              folder: displayName,
            }));
      for (const { path: file, displayName: shown, folder } of files) {
        const given = await openOne(file, shown, folder, context);
        opened.push(given);
        const inside = given.kind === "workbook" ? await filesInside(given) : null;
        if (inside === null) continue;
        opened.splice(-1, 1, ...inside);
        await given.source.close();
      }
    }
    return opened;
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

/**
 * The files of an archive that is not a workbook, as if it were a folder; null for a workbook, and for a file that is
 * not an archive. Limited to about a thousand files, and to the size limit of one file.
 */
async function filesInside({ displayPath: archive, source }: GivenFile): Promise<readonly GivenFile[] | null> {
  // Loaded only for archives: it needs Node's zlib.
  const { unpacked, zipEntries, ZipProblem } = await import("../spreadsheet/zip-archive.ts");
  // An unreadable archive is reported as the workbook that it claims to be.
  const read = await zipEntries(source).catch((error: unknown) => {
    if (error instanceof ZipProblem) return null;
    throw error;
  });
  if (read === null) return null;
  try {
    const entries = [...read.values()];
    const isDocument = entries.some(({ name }) => name === "[Content_Types].xml" || name === "mimetype");
    if (entries.length === 0 || isDocument || entries.some(({ name }) => name === "xl/workbook.xml")) return null;
    const files = entries.filter(({ name }) => !/(?:\/|^(?:__MACOSX\/.*|(?:.*\/)?\..*))$/.test(name));
    const size = files.reduce((sum, entry) => sum + entry.size, 0);
    if (files.length > MOST_FILES || size > MAX_BYTES) {
      throw new ZipProblem(`it has ${files.length} files of ${Math.ceil(size / 2 ** 20)} MB, too many for one export`);
    }
    const given: GivenFile[] = [];
    for (const entry of files) {
      const pieces: Buffer[] = [];
      for await (const piece of unpacked(source, entry)) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      const displayName = join(archive, escapeForMessage(entry.name));
      const kind = contentKind(bytes.subarray(0, HEAD_BYTES));
      given.push({ displayPath: displayName, folder: archive, source: bytesInMemory(bytes), kind });
    }
    return given;
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    const message = `${archive} cannot be read as an archive: ${error.message}.`;
    throw new PreflightError("unreadable-archive", message, null, "unpack it and give the files");
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

/** The names of the files in a folder, sorted; null if it is not a folder. */
function folderNames(path: string, displayName: string, cwd: string): readonly string[] | null {
  try {
    const full = resolve(cwd, path);
    if (!statSync(full).isDirectory()) return null;
    const entries = readdirSync(full, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith(".")).map(({ name }) => name);
    if (names.length > MOST_FILES) {
      throw problem(
        `The folder ${displayName} contains ${names.length} files, too many for one export.`,
        "give the files",
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
    const source = stream === undefined ? openFile(resolve(cwd, path)) : bytesInMemory(stream);
    if (source === null) {
      throw problem(
        `${displayName} is a pipe, a socket or a device, not a file.`,
        "pipe the data to standard input and give - as the file",
      );
    }
    if (source.size > MAX_BYTES) {
      await source.close();
      throw problem(`${displayName} is larger than ${MAX_BYTES >> 20} MB, the limit.`, "export fewer tabs or objects");
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
        `File ${displayName} does not exist.`,
        null,
        `relative paths start from ${cwd}`,
      );
    case "EACCES":
    case "EPERM":
      return problem(`${displayName} is not readable by this user.`, "grant this user read permission");
    case "ERR_INVALID_ARG_VALUE":
      return problem("The name of the file contains a NUL character.", "name a file");
    default:
      return problem(`${displayName} could not be read (${code}).`, "check the disk or network share");
  }
}

function problem(message: string, hint: string): PreflightError {
  return new PreflightError("unreadable-file", message, null, hint);
}
