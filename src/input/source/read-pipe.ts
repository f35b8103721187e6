import type { FileHandle } from "node:fs/promises";
import { PreflightError } from "../../values/preflight-error.ts";

/** Whether a path was opened by the shell, as in `--inventory <(govc …)`. */
export function isHandedOver(path: string): boolean {
  return /^\/(?:dev\/fd|dev\/stdin|proc\/[^/]+\/fd)(?:\/|$)/.test(path);
}

/** Interval between two reads of an empty pipe, in ms. */
const SHORTEST_WAIT = 1;
const LONGEST_WAIT = 50;

/**
 * The bytes of a pipe, up to its end. It must have been opened with O_NONBLOCK: a read that waits holds a thread, and
 * with it the end of the process after Ctrl-C.
 *
 * @param pipeTimeout how long a named pipe (mkfifo), whose writer may start later, is waited for, in ms; null for a
 * pipe that is open already
 * @param shown how messages name the pipe
 */
export async function* readPipe(
  pipe: FileHandle,
  pipeTimeout: number | null,
  displayName: string,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(1 << 16);
  let hadWriter = pipeTimeout === null;
  let waited = 0;
  let wait = SHORTEST_WAIT;
  for (;;) {
    const length = await available(pipe, buffer);
    if (length === 0 && hadWriter) return;
    if (length === 0 && waited >= (pipeTimeout ?? 0)) throw noWriter(displayName);
    if (length !== 0) hadWriter = true;
    if (length !== 0 && length !== null) {
      yield Buffer.from(buffer.subarray(0, length));
      wait = SHORTEST_WAIT;
    } else {
      await new Promise((resolve) => setTimeout(resolve, wait));
      waited += wait;
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }
}

function noWriter(displayName: string): PreflightError {
  const hint = "Start the command that writes to it first, or give a file.";
  return new PreflightError("unreadable-file", `The pipe ${displayName} has no writer.`, null, hint);
}

/** The number of bytes read; 0 if the pipe has no writer, null if its writer has written nothing yet. */
async function available(pipe: FileHandle, buffer: Buffer): Promise<number | null> {
  try {
    return (await pipe.read(buffer, 0, buffer.length, null)).bytesRead;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return null;
    throw error;
  }
}
