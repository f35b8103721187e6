import { TextDecoder } from "node:util";
import { ZipProblem } from "./zip-archive.ts";

/** Longer than any row in Excel. */
const LONGEST_ELEMENT = 32 << 20;

/** The text before the first element is a few lines. */
const LONGEST_HEAD = 4 << 20;

/**
 * Splits an XML file into runs of whole sibling `element`s in a `container` (`row` in `sheetData`, `si` in `sst`), so
 * that a file of any size is parsed piece by piece. Each run is unchanged, including prefixes. Throws ZipProblem for a
 * file that ends too early.
 */
export async function* elementRuns(
  chunks: AsyncIterable<Buffer>,
  { element, container, file }: { readonly element: string; readonly container: string; readonly file: string },
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let carry = "";
  let state: "before" | "inside" | "after" = "before";
  let endTag = /(?!)/;
  let startTag = "";
  for await (const chunk of chunks) {
    // The rest after the container is read only for the checksum.
    if (state === "after") continue;
    decoder ??= decoderFor(chunk);
    carry += decode(decoder, chunk, file);
    if (state === "before") {
      const open = new RegExp(`<((?:[\\w.-]+:)?)${container}(?:\\s[^>]*)?(/?)>`).exec(carry);
      if (carry.includes("<!DOCTYPE"))
        throw new ZipProblem(`${file} in it has a document type, which is not allowed in a workbook`);
      if (open === null) {
        if (carry.length > LONGEST_HEAD) throw notFound(file);
        continue;
      }
      const [tag, prefix = "", selfClosing] = open;
      state = selfClosing === "/" ? "after" : "inside";
      startTag = `<${prefix}${element}`;
      endTag = new RegExp(`</${prefix.replaceAll(".", "\\.")}${container}\\s*>`);
      carry = carry.slice(open.index + tag.length);
      if (state === "after") continue;
    }
    const end = endTag.exec(carry);
    if (end !== null) {
      yield carry.slice(0, end.index);
      carry = "";
      state = "after";
      continue;
    }
    const cut = lastStart(carry, startTag);
    if (cut > 0) {
      yield carry.slice(0, cut);
      carry = carry.slice(cut);
    } else if (carry.length > LONGEST_ELEMENT) {
      throw new ZipProblem(`${file} in it has a row of more than ${LONGEST_ELEMENT >> 20} MB`);
    }
  }
  if (state !== "after") throw notFound(file);
}

/** The start of the last element: everything before it is complete, as these elements are never nested. */
function lastStart(text: string, startTag: string): number {
  for (let at = text.lastIndexOf(startTag); at !== -1; at = at === 0 ? -1 : text.lastIndexOf(startTag, at - 1)) {
    const next = text.charCodeAt(at + startTag.length);
    // A blank, a tab, a line break, a slash or the bracket itself; anything else is a longer name.
    if (next === 0x20 || next === 0x3e || next === 0x2f || next === 0x0a || next === 0x0d || next === 0x09) return at;
  }
  return -1;
}

function decoderFor(chunk: Buffer): TextDecoder {
  const [first, second] = chunk;
  const isWide = (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0);
  return new TextDecoder(isWide ? "utf-16le" : "utf-8", { fatal: true });
}

function decode(decoder: TextDecoder, chunk: Buffer, file: string): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new ZipProblem(`${file} in it is not UTF-8`);
  }
}

function notFound(file: string): ZipProblem {
  return new ZipProblem(`${file} in it has unexpected content`);
}
