import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** Bytes with random access, so that a large file need not be in memory. */
export interface ByteSource {
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer at the end. */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Bytes that are in memory. */
export function bytesInMemory(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
}

/** Opens a regular file. Throws the system's error; null if it is not a regular file. */
export function openFile(path: string): ByteSource | null {
  // Without O_NONBLOCK, opening a FIFO waits for a writer that may never come.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(file);
    if (!kind.isFile()) {
      closeSync(file);
      return null;
    }
    return {
      size: kind.size,
      read(offset, length) {
        const wanted = Math.max(0, Math.min(length, kind.size - offset));
        const buffer = Buffer.allocUnsafe(wanted);
        let done = 0;
        for (let count = -1; count !== 0 && done < wanted; done += count) {
          count = readSync(file, buffer, done, wanted - done, offset + done);
        }
        return Promise.resolve(buffer.subarray(0, done));
      },
      close: () => {
        closeSync(file);
        return Promise.resolve();
      },
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
