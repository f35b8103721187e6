import { readSync } from "node:fs";

/**
 * The bytes of an open file, or null when there are more than `maxBytes`: also of a file that grows, or reports a wrong
 * size. Synchronous: for a file on disk, each asynchronous call costs several times what it does.
 *
 * @param size what the file system says, in bytes
 */
export function readDescriptor(file: number, size: number, maxBytes: number): Buffer | null {
  const chunks: Buffer[] = [];
  let length = 0;
  // With one byte more than expected, the end of most files is detected without another read.
  for (let wanted = Math.min(size, maxBytes) + 1; ; wanted = SMALLEST_CHUNK) {
    const chunk = Buffer.allocUnsafe(wanted);
    let filled = 0;
    for (let count = -1; count !== 0 && filled < wanted; filled += count) {
      count = readSync(file, chunk, filled, wanted - filled, null);
    }
    chunks.push(chunk.subarray(0, filled));
    length += filled;
    if (length > maxBytes) return null;
    if (filled < wanted) return chunks.length === 1 ? chunk.subarray(0, filled) : Buffer.concat(chunks, length);
  }
}

const SMALLEST_CHUNK = 1 << 16;
