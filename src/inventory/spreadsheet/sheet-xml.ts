import { Parser } from "saxen";
import { ownText } from "./own-text.ts";
import { ZipProblem } from "./zip-archive.ts";

/** The value of a cell; undefined if it is blank, or one of Excel's errors. */
export type CellValue = string | number | boolean | undefined;

/** A row that is not blank. */
export interface SheetRow {
  /** Excel's row number, from 1. */
  readonly number: number;
  /** Values by column, from 0; blank columns are absent or undefined. */
  readonly cells: readonly CellValue[];
  /** The line of a CSV file at which the row starts; absent in a workbook. */
  readonly line?: number;
  /**
   * The range of a cell in a CSV file, including quotes; absent in a workbook. Keeps the text of the file in memory.
   */
  readonly rangeOf?: (column: number) => CellRange | null;
}

/** Lines and columns of a CSV file, from 1; the end is exclusive. */
export interface CellRange {
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
}

/** Excel's own limit. */
const MOST_COLUMNS = 16_384;
const MOST_ROWS = 1_048_576;

/** The rows of a run that are not blank, and the number of its last one, blank or not. */
export interface RowRun {
  readonly rows: readonly SheetRow[];
  readonly last: number;
}

/**
 * The rows of a run of `<row>` elements. Local names are matched, with any prefix (RVTools writes `<x:row>`, Excel
 * `<row>`); shared strings are resolved. `previous` is the number of the preceding row.
 */
export function rowsOf(run: string, strings: readonly string[], previous: number, file: string): RowRun {
  const rows: SheetRow[] = [];
  let number = previous;
  let cells: CellValue[] = [];
  let column = -1;
  let type = "n";
  let text = "";
  let isValue = false;
  let isPhonetic = false;
  const parser = new Parser();
  parser
    .on("openTag", (tag, attributes) => {
      switch (localName(tag)) {
        case "row": {
          const { r } = attributes();
          number = rowNumber(r ?? String(number + 1), file);
          cells = [];
          column = -1;
          break;
        }
        case "c": {
          const { r, t } = attributes();
          column = r === undefined ? column + 1 : columnOf(r, file);
          if (column >= MOST_COLUMNS) throw new ZipProblem(`${file} in it has more columns than Excel allows`);
          type = t ?? "n";
          text = "";
          break;
        }
        case "v":
        case "t":
          isValue = !isPhonetic;
          break;
        case "rPh":
          isPhonetic = true;
      }
    })
    .on("text", (part, decode) => {
      if (isValue) text += decode(part);
    })
    .on("cdata", (part) => {
      if (isValue) text += part;
    })
    .on("closeTag", (tag) => {
      switch (localName(tag)) {
        case "v":
        case "t":
          isValue = false;
          break;
        case "rPh":
          isPhonetic = false;
          break;
        case "c": {
          const value = cellValue(type, text, strings, file);
          if (value !== undefined) cells[column] = value;
          break;
        }
        case "row":
          if (cells.length > 0) rows.push({ number, cells });
      }
    })
    .on("attention", () => {
      throw new ZipProblem(`${file} in it has a document type, which is not allowed in a workbook`);
    });
  parseRun(parser, run, file);
  return { rows, last: number };
}

/** The texts of a run of `<si>` elements: rich text runs joined, phonetic notes omitted. */
export function stringsOf(run: string, file: string): readonly string[] {
  const strings: string[] = [];
  let text = "";
  let isValue = false;
  let isPhonetic = false;
  const parser = new Parser();
  parser
    .on("openTag", (tag) => {
      switch (localName(tag)) {
        case "si":
          text = "";
          break;
        case "t":
          isValue = !isPhonetic;
          break;
        case "rPh":
          isPhonetic = true;
      }
    })
    .on("text", (part, decode) => {
      if (isValue) text += decode(part);
    })
    .on("cdata", (part) => {
      if (isValue) text += part;
    })
    .on("closeTag", (tag) => {
      switch (localName(tag)) {
        case "si":
          strings.push(ownText(unescaped(text)));
          break;
        case "t":
          isValue = false;
          break;
        case "rPh":
          isPhonetic = false;
      }
    })
    .on("attention", () => {
      throw new ZipProblem(`${file} in it has a document type, which is not allowed in a workbook`);
    });
  parseRun(parser, run, file);
  return strings;
}

/** The name of a tag without its prefix. */
export function localName(tag: string): string {
  return tag.slice(tag.indexOf(":") + 1);
}

/** Parses a part of a file as a separate document. Throws ZipProblem if it is not well-formed. */
function parseRun(parser: Parser, run: string, file: string): void {
  parser.on("error", () => {
    throw new ZipProblem(`${file} in it is not well-formed XML`);
  });
  parser.parse(`<run>${run}</run>`);
}

function cellValue(type: string, text: string, strings: readonly string[], file: string): CellValue {
  if (text === "") return undefined;
  switch (type) {
    case "s": {
      const shared = /^\d{1,9}$/.test(text) ? strings[Number(text)] : undefined;
      if (shared === undefined) throw new ZipProblem(`${file} in it refers to a string that is not in the workbook`);
      return shared === "" ? undefined : shared;
    }
    case "str":
    case "inlineStr":
      return unescaped(text);
    case "b":
      return text === "1" || text === "true";
    case "e":
      return undefined;
    case "d":
      return text;
    default: {
      const number = Number(text);
      return Number.isFinite(number) ? number : undefined;
    }
  }
}

/** Excel writes characters that XML cannot contain as `_x000D_` (ECMA-376 part 1, section 22.4.2.4). */
function unescaped(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function rowNumber(reference: string, file: string): number {
  const number = Number(reference);
  if (Number.isInteger(number) && number >= 1 && number <= MOST_ROWS) return number;
  throw new ZipProblem(`${file} in it has a row with the number ${reference.slice(0, 20)}`);
}

/** `AB12` → 27. */
function columnOf(reference: string, file: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
    if (at > 3) break;
  }
  if (column >= 1) return column - 1;
  throw new ZipProblem(`${file} in it has a cell at ${reference.slice(0, 20)}`);
}

/** 27 → `AB`. */
export function columnName(column: number): string {
  let name = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}
