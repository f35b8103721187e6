import type { Location, Path } from "../../values/location.ts";
import { columnName } from "../spreadsheet/sheet-xml.ts";

/** Where a record of the inventory stands in a workbook or CSV file: a row, and the columns of its fields. */
export interface Origin {
  readonly path: string;
  /** Null in a CSV file. */
  readonly sheet: string | null;
  readonly row: number;
  /** The line of the file where the row begins; the row itself in a workbook. */
  readonly line: number;
  /** The column of each field, from 0; "" is the one that names the record. */
  readonly columns: ReadonlyMap<string, number>;
}

/** Which rows of an export the records of an inventory were made from. */
export class Origins {
  readonly #rows = new Map<object, readonly Origin[]>();

  add(record: object, origin: Origin): void {
    const known = this.#rows.get(record);
    this.#rows.set(record, known === undefined ? [origin] : [...known, origin]);
  }

  /**
   * The cell or line of the value at `path` in `root`. When there is no such cell, that of the name of the record which
   * would hold the value; null when no row tells of it.
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

/** A cell as messages show it: `vHost!K2`, or the file and line of its row. */
export function cellText(origin: Origin, column: number): string {
  const { path, sheet, row, line } = origin;
  return sheet === null ? `${path}:${line}` : `${sheet}!${columnName(column)}${row}`;
}

/** Lines of CSV files are shown whole: where a cell begins in its line is not kept. */
function locationAt({ path, sheet, row, line }: Origin, column: number): Location {
  if (sheet !== null) return { path, sheet, cell: `${columnName(column)}${row}` };
  return { path, line, column: 1, end_line: line + 1, end_column: 1 };
}
