import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Bytes that can be read at any place, so that a large file need not be in memory. */
export interface ByteSource {
  readonly size: number;
  /** So many bytes from `offset` on; fewer at the end. */
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

/** A regular file, opened. Rejects with the system's error; null for what is no regular file. */
export async function openFile(path: string): Promise<ByteSource | null> {
  // Without O_NONBLOCK, opening a FIFO waits for a writer that may never come.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = await handle.stat();
    if (!kind.isFile()) {
      await handle.close();
      return null;
    }
    return {
      size: kind.size,
      async read(offset, length) {
        const wanted = Math.max(0, Math.min(length, kind.size - offset));
        const buffer = Buffer.allocUnsafe(wanted);
        let done = 0;
        while (done < wanted) {
          const { bytesRead } = await handle.read(buffer, done, wanted - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return buffer.subarray(0, done);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
