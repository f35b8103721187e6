import { PreflightError } from "../../values/preflight-error.ts";
import type { CellRange, SheetRow } from "./sheet-xml.ts";

const DELIMITERS = [",", ";", "\t"] as const;

/** The text of a CSV file as Windows programs write it: UTF-8 or UTF-16 by its byte order mark, else Windows-1252. */
export function csvText(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString("hex");
  if (mark === "fffe") return new TextDecoder("utf-16le").decode(bytes);
  if (mark === "feff") return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The delimiter, which depends on the Windows list separator: the most frequent one in the first lines. */
function delimiterOf(text: string): string {
  const lines = firstLines(text);
  const count = (delimiter: string) => Math.max(...lines.map((line) => line.split(delimiter).length));
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), DELIMITERS[0]);
}

/** The lines that may contain the header: people put titles above it. */
function firstLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; lines.length < MOST_TITLE_ROWS && start < text.length;) {
    const [line = ""] = /[^\r\n]*/.exec(text.slice(start, start + LONGEST_HEADER)) ?? [];
    if (line !== "") lines.push(line);
    start += line.length + 1;
  }
  return lines.length === 0 ? [""] : lines;
}

/** The cells of each of the first lines, to detect the kind of a text; the text may be cut off. */
export function firstRows(text: string): readonly (readonly string[])[] {
  const delimiter = delimiterOf(text);
  return firstLines(text).map((line) => {
    const cells: string[] = [];
    for (let at = 0; at <= line.length;) {
      const [cell, next] = line[at] === '"' ? quotedCell(line, at, delimiter) : plainCell(line, at, delimiter);
      cells.push(cell);
      at = next + 1;
    }
    return cells;
  });
}

const LONGEST_HEADER = 1 << 14;

const BATCH = 4096;

/** The maximum row number of a table's header: people put titles above. */
export const MOST_TITLE_ROWS = 20;

/**
 * The rows of a CSV text (RFC 4180, with any of the three delimiters) that are not blank; empty cells are undefined.
 * Throws PreflightError for a text that is cut off: the missing cells of its last row would look blank.
 *
 * @param path the file, for messages
 */
export function* csvRows(text: string, path: string): Generator<readonly SheetRow[]> {
  const delimiter = delimiterOf(text);
  let rows: SheetRow[] = [];
  let number = 0;
  let line = 1;
  let columns = 0;
  for (let at = 0; at < text.length;) {
    const cells: (string | undefined)[] = [];
    const ends: number[] = [];
    const start = at;
    let isLast = false;
    let isOpen = false;
    while (!isLast) {
      const [cell, next] = text[at] === '"' ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter);
      if (cell !== "") cells[cells.length] = cell;
      else cells.length += 1;
      ends.push(next);
      isLast = text[next] !== delimiter;
      isOpen = next > text.length;
      at = next + 1;
      if (isLast && text[next] === "\r" && text[next + 1] === "\n") at = next + 2;
    }
    number += 1;
    // The header may be below a title, and has more cells.
    if (number <= MOST_TITLE_ROWS) columns = Math.max(columns, cells.length);
    const isShort = at > text.length && cells.length < columns && cells.join("").trim() !== "";
    if (number > 1 && (isOpen || isShort)) throw cutOff(path, number);
    if (cells.some((cell) => cell !== undefined)) {
      const first = { line, start };
      rows.push({ number, cells, line, rangeOf: (column) => cellRange(text, first, ends, column) });
    }
    line += lineEnds(text, start, Math.min(at, text.length));
    if (rows.length === BATCH) {
      yield rows;
      rows = [];
    }
  }
  if (rows.length > 0) yield rows;
}

/** Number of line breaks in a part of a text; a row may contain several, in quotes. */
function lineEnds(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count += 1;
  }
  return count;
}

/**
 * The range of a cell; `ends` are the offsets of the delimiters after the cells of the row. A blank cell has one
 * column.
 */
function cellRange(
  text: string,
  row: { readonly line: number; readonly start: number },
  ends: readonly number[],
  index: number,
): CellRange | null {
  const end = ends[index];
  if (end === undefined) return null;
  const start = index === 0 ? row.start : (ends[index - 1] ?? 0) + 1;
  const from = position(text, row, start);
  const to = end === start ? { ...from, column: from.column + 1 } : position(text, row, end);
  return { ...from, end_line: to.line, end_column: to.column };
}

/** An offset within a row as line and column. */
function position(
  text: string,
  row: { readonly line: number; readonly start: number },
  offset: number,
): { readonly line: number; readonly column: number } {
  let line = row.line;
  let lineStart = row.start;
  for (let at = row.start; at < offset; at++) {
    const code = text.charCodeAt(at);
    if (code !== 10 && (code !== 13 || text.charCodeAt(at + 1) === 10)) continue;
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** A cell and its end: at a delimiter, a line break, or the end of the text. */
function plainCell(text: string, start: number, delimiter: string): readonly [string, number] {
  let end = start;
  while (end < text.length) {
    const character = text[end];
    if (character === delimiter || character === "\n" || character === "\r") break;
    end += 1;
  }
  return [text.slice(start, end), end];
}

/**
 * Two quotes represent one; text after the closing quote up to the delimiter belongs to the cell. A cell that is never
 * closed ends after the end of the text.
 */
function quotedCell(text: string, start: number, delimiter: string): readonly [string, number] {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return [value + text.slice(from), text.length + 1];
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      from = quote + 1;
      break;
    }
    value += '"';
    from = quote + 2;
  }
  const [tail, end] = plainCell(text, from, delimiter);
  return [value + tail, end];
}

function cutOff(path: string, row: number): PreflightError {
  return new PreflightError(
    "unreadable-csv",
    `${path} ends in the middle of row ${row}.`,
    null,
    "export it again from RVTools",
  );
}
