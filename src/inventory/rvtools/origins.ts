import type { Location, Path } from "../../values/location.ts";
import { type CellRange, columnName } from "../spreadsheet/sheet-xml.ts";

/** The source location of an inventory record in a workbook or CSV file: a row, and the columns of its fields. */
export interface Origin {
  readonly path: string;
  /** Null in a CSV file. */
  readonly sheet: string | null;
  readonly row: number;
  /** The line of the file at which the row starts; the row itself in a workbook. */
  readonly line: number;
  /** The column of each field, from 0; "" is the one with the record's name. */
  readonly columns: ReadonlyMap<string, number>;
  /** Ranges of these columns in a CSV file; absent in a workbook. */
  readonly ranges?: PackedRanges;
}

/**
 * Ranges of the cells of one row, five numbers each: column, then line offset from the row's first line and column, for
 * start and end. They are code units of a text, since an export has millions of cells and numbers take four times the
 * memory.
 */
export type PackedRanges = string;

const WIDTH = 5;
const LARGEST_UNIT = 0xffff;

/** The ranges of the columns from which a record is read. A cell beyond column 65,535 of a line is omitted. */
export function packRanges(
  line: number,
  columns: ReadonlyMap<string, number>,
  rangeOf: (column: number) => CellRange | null,
): PackedRanges {
  const units: number[] = [];
  for (const column of new Set(columns.values())) {
    const range = rangeOf(column);
    if (range === null) continue;
    const { line: from, column: at, end_line: to, end_column: end } = range;
    const cell = [column, from - line, at, to - line, end];
    if (cell.every((unit) => unit <= LARGEST_UNIT)) units.push(...cell);
  }
  return String.fromCharCode(...units);
}

function unpackRange({ line, ranges = "" }: Origin, column: number): CellRange | null {
  for (let at = 0; at < ranges.length; at += WIDTH) {
    if (ranges.charCodeAt(at) !== column) continue;
    const unit = (index: number) => ranges.charCodeAt(at + index);
    return { line: line + unit(1), column: unit(2), end_line: line + unit(3), end_column: unit(4) };
  }
  return null;
}

/** The rows of an export from which inventory records were created. */
export class Origins {
  readonly #rows = new Map<object, readonly Origin[]>();

  add(record: object, origin: Origin): void {
    const known = this.#rows.get(record);
    this.#rows.set(record, known === undefined ? [origin] : [...known, origin]);
  }

  /** Removes the origin of a record that does not become part of the inventory. */
  forget(record: object): void {
    this.#rows.delete(record);
  }

  /**
   * The cell or line of the value at `path` in `root`. If there is no such cell, that of the enclosing record's name;
   * null if no row contains it.
   */
  locate(root: unknown, path: Path): Location | null {
    let found: Location | null = null;
    let value = root;
    for (let depth = 0; depth <= path.length; depth++) {
      const rows = typeof value === "object" && value !== null ? this.#rows.get(value) : undefined;
      if (rows !== undefined) {
        const field = path[depth];
        const row = rows.find(({ columns }) => typeof field === "string" && columns.has(field));
        const origin = row ?? rows[0];
        const column = row?.columns.get(String(field)) ?? origin?.columns.get("");
        if (origin !== undefined) found = locationAt(origin, column ?? 0);
      }
      const step = path[depth];
      if (step === undefined || typeof value !== "object" || value === null || !Object.hasOwn(value, step)) break;
      value = (value as Readonly<Record<string | number, unknown>>)[step];
    }
    return found;
  }
}

/** A cell as shown in messages: `vHost!K2`, or the file with line and column. */
export function cellText(
  { path, sheet, row, line }: Pick<Origin, "path" | "sheet" | "row" | "line">,
  column: number,
  range: CellRange | null,
): string {
  if (sheet !== null) return `${sheet}!${columnName(column)}${row}`;
  return range === null ? `${path}:${line}` : `${path}:${range.line}:${range.column}`;
}

/** A cell; for a row of a CSV file without the cell, the whole line. */
function locationAt(origin: Origin, column: number): Location {
  const { path, sheet, row, line } = origin;
  if (sheet !== null) return { path, sheet, cell: `${columnName(column)}${row}` };
  return { path, ...(unpackRange(origin, column) ?? { line, column: 1, end_line: line + 1, end_column: 1 }) };
}
