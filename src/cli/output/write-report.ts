import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PreflightError } from "../../values/preflight-error.ts";
import { systemReason } from "../system-reason.ts";

/**
 * The reason why a report cannot be written to a file, detected before the run; null if there is none. Creates missing
 * folders.
 *
 * @param what the noun for it in messages
 */
export function unwritable(file: string, cwd: string, what = "report"): PreflightError | null {
  const path = resolve(cwd, file);
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    if (existing?.isDirectory() === true) {
      return new PreflightError("usage", `${file} is a folder, not a file.`, null, "give a file in it");
    }
    // A link to a file is replaced, regardless of its target.
    if (existing !== undefined && !(isPlain(path) && isLink(path))) accessSync(path, constants.W_OK);
    if (isPlain(path)) {
      const { draft, handle } = openDraft(path);
      try {
        closeSync(handle);
      } finally {
        removeDraft(draft);
      }
    }
    return null;
  } catch (error) {
    return unwritableReport(`${what} ${file}`, error, null);
  }
}

/**
 * Writes a file atomically: into a new file beside it, then renamed over it. A symbolic link to a file is replaced,
 * because the author of the link would otherwise choose the file to overwrite. A pipe or device is written to directly.
 * Throws PreflightError if the disk is full or the destination cannot be written; an old file is then unchanged.
 */
export function writeReport(file: string, cwd: string, pieces: Iterable<string>, what = "report"): void {
  const path = resolve(cwd, file);
  const isWhole = isPlain(path);
  try {
    if (isWhole) replaceFile(path, pieces);
    else appendTo(path, pieces);
  } catch (error) {
    throw unwritableReport(`${what} ${file}`, error, isWhole ? "no partial file was left" : null);
  }
}

/** A regular file, or none yet. An open stream is not, even one that is redirected to a regular file. */
function isPlain(path: string): boolean {
  const isStream = /^\/(?:dev\/(?:fd\/|std)|proc\/[^/]+\/fd\/)/.test(path);
  return !isStream && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
}

function replaceFile(target: string, pieces: Iterable<string>): void {
  const { draft, handle } = openDraft(target);
  try {
    try {
      const old = lstatSync(target, { throwIfNoEntry: false });
      if (old?.isFile() === true) fchmodSync(handle, old.mode & 0o777);
      writeAll(handle, pieces);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, target);
  } catch (error) {
    removeDraft(draft);
    throw error;
  }
}

/** A new file beside the target, on the same disk, so that a rename can put it in place. */
function openDraft(target: string): { readonly draft: string; readonly handle: number } {
  makeFolder(dirname(target));
  const draft = join(dirname(target), `.preflight-${randomBytes(8).toString("hex")}.tmp`);
  return { draft, handle: openSync(draft, "wx") };
}

/** Tries twice, as the reason why a network share does not remove a file is often temporary. Never throws. */
function removeDraft(draft: string): void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      unlinkSync(draft);
      return;
    } catch {
      // The failure that led here is the one to report.
    }
  }
}

/** Node's recursive mkdir never returns if the file system rejects new folders, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another run may have created it in the meantime.
    if (!existsSync(folder)) throw error;
  }
}

function appendTo(path: string, pieces: Iterable<string>): void {
  // Opening a named pipe waits for a reader that may never come; with O_NONBLOCK it fails with ENXIO if there is none.
  const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    const handle = openSync(path, "a");
    try {
      writeAll(handle, pieces);
    } finally {
      closeSync(handle);
    }
  } finally {
    closeSync(probe);
  }
}

/**
 * Pieces are joined up to this many characters, so that a report of many small ones does not cause many small writes.
 */
const CHUNK = 64 * 1024;

function writeAll(handle: number, pieces: Iterable<string>): void {
  const write = (text: string): void => {
    const bytes = Buffer.from(text, "utf8");
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
  };
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    write(chunk);
    chunk = "";
  }
  write(chunk);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function unwritableReport(what: string, error: unknown, hint: string | null): PreflightError {
  const message = `The ${what} cannot be written: ${systemReason(error)}.`;
  return new PreflightError("unwritable-report", message, null, hint);
}
