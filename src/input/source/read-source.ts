import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Readable } from "node:stream";
import { PreflightError } from "../../values/preflight-error.ts";
import { decodeText } from "./decode-text.ts";
import { MAX_BYTES } from "./limits.ts";
import { isOutOfDescriptors } from "./out-of-descriptors.ts";
import { readDescriptor } from "./read-descriptor.ts";
import { isHandedOver, readPipe } from "./read-pipe.ts";
import type { UntrustedPath } from "./untrusted-path.ts";

/** Timeout for the writer of a named pipe, in ms. */
const PIPE_TIMEOUT_MS = 10_000;

/** The bytes of a file as text, or its errors. */
export interface ReadText {
  /** Hex digest of the bytes; null when they could not be read. */
  readonly sha256: string | null;
  /** Null when there are errors. */
  readonly text: string | null;
  readonly errors: readonly PreflightError[];
}

export interface ReadContext {
  /** The folder to which a relative path belongs. */
  readonly cwd: string;
  /** How messages name the file; by default as given. */
  readonly displayName?: string;
  /** What to do when it is too large. */
  readonly hint?: string | undefined;
  /** The input that `-` means. */
  readonly stdin?: Readable | undefined;
  /** The largest number of bytes; 256 MiB by default. */
  readonly maxBytes?: number;
  /** What was read of it already: a pipe can be read only once. */
  readonly bytes?: Buffer | undefined;
  /** How long the writer of a named pipe is waited for, in ms; 10 seconds by default. */
  readonly pipeTimeout?: number;
}

/** Reads one file or pipe, or standard input for `-`. Errors that a user can cause are returned, each as one sentence. */
export async function readSource(path: string | UntrustedPath, context: ReadContext): Promise<ReadText> {
  const displayName = context.displayName ?? (typeof path === "string" ? path : path.absolute);
  let sha256: string | null = null;
  try {
    const bytes = context.bytes ?? (await wholeOf(openable(path), displayName, context));
    sha256 = createHash("sha256").update(bytes).digest("hex");
    return { sha256, text: decodeText(bytes, displayName), errors: [] };
  } catch (error) {
    if (error instanceof PreflightError) return { sha256, text: null, errors: [error] };
    throw error;
  }
}

function openable(path: string | UntrustedPath): string {
  if (typeof path === "string") return path;
  const real = path.toOpen();
  if (real === null) throw path.outsideError();
  return real;
}

/** The bytes of one file or pipe, or of standard input for `-`; an error that a user can cause is returned. */
export async function readBytes(path: string, context: ReadContext): Promise<Buffer | PreflightError> {
  try {
    return await wholeOf(path, context.displayName ?? path, context);
  } catch (error) {
    if (error instanceof PreflightError) return error;
    throw error;
  }
}

async function wholeOf(path: string, displayName: string, context: ReadContext): Promise<Buffer> {
  const maxBytes = context.maxBytes ?? MAX_BYTES;
  try {
    if (path === "-") return await collect(standardInput(context.stdin), "Standard input", maxBytes);
    if (path === "") throw unreadable("The name of the file is empty.", "Give a file, or - for standard input.");
    return await readFile(resolve(context.cwd, path), displayName, maxBytes, context.pipeTimeout ?? PIPE_TIMEOUT_MS);
  } catch (error) {
    if (error instanceof PreflightError && error.code === "file-too-large" && context.hint !== undefined) {
      throw new PreflightError(error.code, error.message, null, context.hint);
    }
    throw error instanceof PreflightError || isOutOfDescriptors(error)
      ? error
      : failure(error, displayName, context.cwd);
  }
}

function standardInput(stdin: Readable | undefined): AsyncIterable<Buffer | string> {
  if (stdin !== undefined) return stdin;
  throw unreadable("Standard input is not available.", "Give a file instead of -.");
}

async function readFile(path: string, displayName: string, maxBytes: number, pipeTimeout: number): Promise<Buffer> {
  // Determined before it is opened: a pipe that is opened and closed again breaks its writer.
  if (statSync(path).isFIFO()) return readFifo(path, displayName, maxBytes, pipeTimeout);
  // Without O_NONBLOCK, opening a FIFO waits for a writer that may never come. (Undefined on Windows, where | reads it as 0.)
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(file);
    if (kind.isDirectory()) throw unreadable(`${displayName} is a folder, not a file.`, "Give the file inside it.");
    if (!kind.isFile()) throw notRegular(displayName);
    const bytes = kind.size > maxBytes ? null : readDescriptor(file, kind.size, maxBytes);
    if (bytes === null) throw tooLarge(displayName, maxBytes);
    return bytes;
  } finally {
    closeSync(file);
  }
}

async function readFifo(path: string, displayName: string, maxBytes: number, pipeTimeout: number): Promise<Buffer> {
  // Loaded for pipes alone: it loads a hundred kilobytes of Node's own code.
  const { open } = await import("node:fs/promises");
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFIFO()) throw notRegular(displayName);
    const isNamed = !isHandedOver(path);
    return await collect(readPipe(file, isNamed ? pipeTimeout : null, displayName), displayName, maxBytes);
  } finally {
    await file.close();
  }
}

/** All bytes of a stream; the limit also applies to a file that grows or reports a wrong size, and to a pipe. */
async function collect(stream: AsyncIterable<Buffer | string>, displayName: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > maxBytes) throw tooLarge(displayName, maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}

function failure(error: unknown, displayName: string, cwd: string): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  switch (code) {
    case null:
      return error instanceof Error ? error : new Error(String(error));
    case "ENOENT":
    case "ENOTDIR":
      return unreadable(`File ${displayName} does not exist.`, `Relative paths start from ${cwd}.`, "no-such-file");
    case "EACCES":
    case "EPERM":
      return unreadable(`${displayName} is not readable by this user.`, "Grant this user read permission.");
    case "EISDIR":
      return unreadable(`${displayName} is a folder, not a file.`, "Give the file inside it.");
    case "ENXIO":
      return notRegular(displayName);
    case "ELOOP":
      return unreadable(`${displayName} is a symbolic link to itself.`, "Give the intended file.");
    case "ENAMETOOLONG":
      return unreadable("The name of the file is too long.", "Give a file name, not file content.");
    case "ERR_INVALID_ARG_VALUE":
      return unreadable("The name of the file contains a NUL character.", "Name a file.");
    default:
      return unreadable(`${displayName} could not be read (${code}).`, "Check the disk or network share.");
  }
}

function notRegular(displayName: string): PreflightError {
  const hint = "Give a file or a pipe, or - for standard input.";
  return unreadable(`${displayName} is a socket or a device, not a file.`, hint);
}

function tooLarge(displayName: string, maxBytes: number): PreflightError {
  const limit = maxBytes % (1 << 20) === 0 ? `${maxBytes / (1 << 20)} MB` : `${maxBytes} bytes`;
  const message = `${displayName} is larger than ${limit}, the limit.`;
  return unreadable(message, "Check that it is the intended file.", "file-too-large");
}

function unreadable(message: string, hint: string, code = "unreadable-file"): PreflightError {
  return new PreflightError(code, message, null, hint);
}

/**
 * A path as messages and reports show it: relative to the working directory where it lies below it, else as given. The
 * URL of a server that is given as a path may contain a password, up to its last `@`, which is not shown.
 */
export function displayPath(given: string, cwd: string): string {
  if (given === "-" || given === "") return given;
  if (given.includes("://")) return given.replace(/:\/\/.*@/s, "://***@");
  const inside = relative(cwd, resolve(cwd, given));
  return inside === "" || inside.startsWith("..") ? given : inside;
}
