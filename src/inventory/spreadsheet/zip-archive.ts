import { crc32, createInflateRaw } from "node:zlib";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { ByteSource } from "./byte-source.ts";

/*
 * A ZIP archive, with the features that a workbook needs (APPNOTE.TXT 6.3): stored and deflated entries, read through
 * the central directory, piece by piece. Only requested entries are unpacked.
 */

/** One file in the archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  /** As declared in the directory; unpacking never produces more. */
  readonly size: number;
  readonly headerOffset: number;
}

/** Thrown for bytes that are not an archive, a broken or an oversized one; the message is a phrase without a period. */
export class ZipProblem extends Error {
  override readonly name = "ZipProblem";
}

/** An RVTools workbook has about 40 entries. */
const MOST_ENTRIES = 10_000;
const LARGEST_DIRECTORY = 8 << 20;
/** Maximum unpacked size of an entry: a sheet of about 200,000 VMs. */
const LARGEST_ENTRY = 1 << 30;
/** XML of a million equal rows compresses to a hundredth; deflate itself is limited to 1,032. */
const STEEPEST_RATIO = 500;
/** Below this size the ratio is not checked. */
const SMALL = 16 << 20;

const END_SIGNATURE = 0x06054b50;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_END = 0x06064b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const READ_SIZE = 1 << 18;

/** The entries of an archive by name. Throws ZipProblem. */
export async function zipEntries(source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const { count, offset, size } = await endRecord(source);
  if (count > MOST_ENTRIES) throw new ZipProblem(`its directory lists ${count} files`);
  if (size > LARGEST_DIRECTORY || offset + size > source.size) throw cut();
  const directory = await source.read(offset, size);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== DIRECTORY_SIGNATURE) throw cut();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const nameEnd = at + 46 + (nameLength ?? 0);
    const extraEnd = nameEnd + (extraLength ?? 0);
    if (extraEnd > directory.length) throw cut();
    const name = directory
      .toString("utf8", at + 46, nameEnd)
      .replaceAll("\\", "/")
      .replace(/^\/+/, "");
    const wide = zip64Fields(directory.subarray(nameEnd, extraEnd));
    const number = (field: number) => {
      const value = directory.readUInt32LE(at + field);
      return value === 0xffffffff ? wide() : value;
    };
    // The order in the zip64 field: size, compressed size, offset.
    const [unpacked, packed, headerOffset] = [number(24), number(20), number(42)];
    entries.set(name, {
      name,
      method: directory.readUInt16LE(at + 10),
      isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      crc: directory.readUInt32LE(at + 16),
      compressedSize: packed,
      size: unpacked,
      headerOffset,
    });
    at = extraEnd + (commentLength ?? 0);
  }
  return entries;
}

/** The bytes of an entry, unpacked, in pieces. Throws ZipProblem, also for an entry that exceeds its size. */
export async function* unpacked(source: ByteSource, entry: ZipEntry): AsyncGenerator<Buffer> {
  const name = escapeForMessage(entry.name);
  if (entry.isEncrypted) throw new ZipProblem("it is encrypted");
  if (entry.method !== 0 && entry.method !== 8) {
    throw new ZipProblem(`${name} in it uses an unknown compression method (${entry.method})`);
  }
  if (entry.size > LARGEST_ENTRY) {
    throw new ZipProblem(`${name} in it would unpack to ${Math.round(entry.size / (1 << 20))} MB`);
  }
  if (entry.size > SMALL && entry.size > entry.compressedSize * STEEPEST_RATIO) {
    throw new ZipProblem(`${name} in it unpacks to more than ${STEEPEST_RATIO} times its size`);
  }
  const header = await source.read(entry.headerOffset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw cut();
  const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.compressedSize > source.size) throw cut();
  const packed = pieces(source, start, entry.compressedSize);
  let crc = 0;
  let size = 0;
  for await (const piece of entry.method === 0 ? packed : inflated(packed, name)) {
    size += piece.length;
    if (size > entry.size) throw new ZipProblem(`${name} in it is larger than its directory states`);
    crc = crc32(piece, crc);
    yield piece;
  }
  if (size !== entry.size || crc !== entry.crc) throw new ZipProblem(`${name} in it is damaged`);
}

async function* pieces(source: ByteSource, start: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; done += READ_SIZE) {
    const piece = await source.read(start + done, Math.min(READ_SIZE, length - done));
    if (piece.length === 0) throw cut();
    yield piece;
  }
}

async function* inflated(packed: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: READ_SIZE });
  const failed = new AbortController();
  const feeding = (async () => {
    try {
      for await (const piece of packed) {
        if (failed.signal.aborted) return;
        if (!inflate.write(piece)) await drained(inflate, failed.signal);
      }
      inflate.end();
    } catch (error) {
      inflate.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  try {
    for await (const piece of inflate) yield piece as Buffer;
  } catch (error) {
    throw error instanceof ZipProblem ? error : new ZipProblem(`${name} in it is damaged`);
  } finally {
    // A reader may stop early.
    failed.abort();
    inflate.destroy();
    await feeding;
  }
}

function drained(stream: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
    signal.addEventListener("abort", done);
  });
}

interface EndRecord {
  readonly count: number;
  readonly offset: number;
  readonly size: number;
}

/** The location of the central directory (sections 4.3.14 to 4.3.16). */
async function endRecord(source: ByteSource): Promise<EndRecord> {
  const tailStart = Math.max(0, source.size - END_LENGTH - LONGEST_COMMENT);
  const tail = await source.read(tailStart, source.size - tailStart);
  let at = tail.length - END_LENGTH;
  while (at >= 0 && tail.readUInt32LE(at) !== END_SIGNATURE) at--;
  if (at < 0) throw cut();
  const record = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const isWide = record.count === 0xffff || record.size === 0xffffffff || record.offset === 0xffffffff;
  if (!isWide || at < 20 || tail.readUInt32LE(at - 20) !== ZIP64_LOCATOR) return record;
  const wide = await source.read(safe(tail.readBigUInt64LE(at - 12)), 56);
  if (wide.length < 56 || wide.readUInt32LE(0) !== ZIP64_END) throw cut();
  return {
    count: safe(wide.readBigUInt64LE(32)),
    size: safe(wide.readBigUInt64LE(40)),
    offset: safe(wide.readBigUInt64LE(48)),
  };
}

/** The 64-bit numbers in an entry's extra fields (section 4.5.3), in order. */
function zip64Fields(extra: Buffer): () => number {
  let at = 0;
  let end = 0;
  for (let next = 0; next + 4 <= extra.length;) {
    const length = extra.readUInt16LE(next + 2);
    if (extra.readUInt16LE(next) === 1) {
      at = next + 4;
      end = Math.min(at + length, extra.length);
      break;
    }
    next += 4 + length;
  }
  return () => {
    if (at + 8 > end) throw cut();
    const value = safe(extra.readBigUInt64LE(at));
    at += 8;
    return value;
  };
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw cut();
  return Number(value);
}

function cut(): ZipProblem {
  return new ZipProblem("it is truncated or damaged");
}
