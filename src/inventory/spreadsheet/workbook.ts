import { Parser } from "saxen";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { ByteSource } from "./byte-source.ts";
import { elementRuns } from "./element-runs.ts";
import { localName, rowsOf, type SheetRow, stringsOf } from "./sheet-xml.ts";
import { unpacked, type ZipEntry, zipEntries, ZipProblem } from "./zip-archive.ts";

/** An Excel workbook (ECMA-376), read sheet by sheet and row by row. */
export interface Workbook {
  /** In the workbook's order. */
  readonly sheetNames: readonly string[];
  /** The rows of a sheet that are not blank, in batches of a few thousand. Throws ZipProblem. */
  rows(sheetName: string): AsyncGenerator<readonly SheetRow[]>;
  /** The workbook's creation time as RFC 3339; null if it has none. */
  readonly createdAt: string | null;
}

/** Limit for the parts that list other parts, which are small. */
const LARGEST_PART = 8 << 20;

/** Limit on the unpacked size of all parts read from one workbook: the export of about 100,000 VMs. */
const MOST_UNPACKED = 2 ** 31;

/** Limits on the strings that cells share; only they are kept in memory as a whole. */
const MOST_STRINGS = 10_000_000;
const MOST_CHARACTERS = 400_000_000;

/** Opens a workbook: reads only its list of sheets. Throws ZipProblem. */
export async function openWorkbook(source: ByteSource): Promise<Workbook> {
  const entries = await zipEntries(source);
  let budget = MOST_UNPACKED;
  const open = (entry: ZipEntry) => {
    budget -= entry.size;
    if (budget < 0) throw new ZipProblem(`it unpacks to more than ${MOST_UNPACKED / 2 ** 30} GB`);
    return unpacked(source, entry);
  };
  const part = async (name: string): Promise<string | null> => {
    const entry = entries.get(name);
    return entry === undefined ? null : wholePart(open(entry), entry);
  };
  const book = await part("xl/workbook.xml");
  if (book === null) throw new ZipProblem("it is an archive, but not an Excel workbook");
  const targets = relations((await part("xl/_rels/workbook.xml.rels")) ?? "");
  const sheets = new Map(sheetIds(book).map(({ name, id }) => [name, targets.get(id)]));
  const core = await part("docProps/core.xml");

  let strings: Promise<readonly string[]> | null = null;
  const sharedStrings = () => {
    const entry = entries.get("xl/sharedStrings.xml");
    return (strings ??=
      entry === undefined ? Promise.resolve([]) : readStrings(open(entry), escapeForMessage(entry.name)));
  };
  return {
    sheetNames: [...sheets.keys()],
    createdAt: createdAt(core),
    async *rows(sheetName) {
      const target = sheets.get(sheetName);
      const entry = target === undefined ? undefined : entries.get(target);
      if (entry === undefined) throw new ZipProblem(`the sheet ${escapeForMessage(sheetName)} in it has no content`);
      const shared = await sharedStrings();
      let last = 0;
      const file = escapeForMessage(entry.name);
      for await (const run of elementRuns(open(entry), { element: "row", container: "sheetData", file })) {
        const { rows, last: end } = rowsOf(run, shared, last, file);
        last = end;
        if (rows.length > 0) yield rows;
      }
    },
  };
}

async function readStrings(chunks: AsyncIterable<Buffer>, file: string): Promise<readonly string[]> {
  const strings: string[] = [];
  let characters = 0;
  for await (const run of elementRuns(chunks, { element: "si", container: "sst", file })) {
    for (const text of stringsOf(run, file)) {
      characters += text.length;
      if (strings.length >= MOST_STRINGS || characters > MOST_CHARACTERS) {
        throw new ZipProblem("it contains too much text");
      }
      strings.push(text);
    }
  }
  return strings;
}

async function wholePart(chunks: AsyncIterable<Buffer>, { name, size }: ZipEntry): Promise<string> {
  if (size > LARGEST_PART) throw new ZipProblem(`${escapeForMessage(name)} in it has an impossible size`);
  const pieces: Buffer[] = [];
  for await (const piece of chunks) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const isWide = bytes[0] === 0xff || bytes[1] === 0;
  const text = new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
  if (text.includes("<!DOCTYPE"))
    throw new ZipProblem(`${escapeForMessage(name)} in it has a document type, which is not allowed in a workbook`);
  return text;
}

/** Calls back for every tag with that local name. */
function tags(xml: string, name: string, each: (attributes: Readonly<Record<string, string>>) => void): void {
  const parser = new Parser();
  parser
    .on("openTag", (tag, attributes) => {
      if (localName(tag) === name) each(attributes());
    })
    .on("error", () => {
      throw new ZipProblem("its list of sheets is not well-formed XML");
    });
  if (xml !== "") parser.parse(xml);
}

function sheetIds(book: string): readonly { readonly name: string; readonly id: string }[] {
  const sheets: { name: string; id: string }[] = [];
  tags(book, "sheet", (attributes) => {
    const id = Object.entries(attributes).find(([key]) => localName(key) === "id" && key.includes(":"))?.[1];
    if (attributes["name"] !== undefined && id !== undefined) sheets.push({ name: attributes["name"], id });
  });
  return sheets;
}

/** Parts by their ids in the workbook; their names are relative to `xl/`, or start with a slash. */
function relations(xml: string): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  tags(xml, "Relationship", ({ Id: id, Target: target }) => {
    if (id === undefined || target === undefined) return;
    const path = target.replaceAll("\\", "/");
    targets.set(id, path.startsWith("/") ? path.slice(1) : `xl/${path.replace(/^\.\//, "")}`);
  });
  return targets;
}

/** The time in the workbook's own properties, which is in UTC; that of RVTools' vMetaData tab has no zone. */
function createdAt(core: string | null): string | null {
  const found = /<(?:\w+:)?created[^>]*>\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))\s*</.exec(
    core ?? "",
  );
  return found?.[1] ?? null;
}
