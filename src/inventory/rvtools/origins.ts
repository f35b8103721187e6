import type { CellLocation, Path } from "../../values/location.ts";
import { columnName } from "./sheet-xml.ts";

/** Where a record of the inventory stands in a workbook: a row, and the columns of its fields. */
export interface Origin {
  readonly path: string;
  readonly sheet: string;
  readonly row: number;
  /** The column of each field, from 0; "" is the one that names the record. */
  readonly columns: ReadonlyMap<string, number>;
}

/** Which rows of a workbook the records of an inventory were made from. */
export class Origins {
  readonly #rows = new Map<object, readonly Origin[]>();

  add(record: object, origin: Origin | null): void {
    if (origin === null) return;
    const known = this.#rows.get(record);
    this.#rows.set(record, known === undefined ? [origin] : [...known, origin]);
  }

  /**
   * The cell of the value at `path` in `root`. When there is no such cell, that of the name of the record which would
   * hold the value; null when no row tells of it.
   */
  locate(root: unknown, path: Path): CellLocation | null {
    let found: CellLocation | null = null;
    let value = root;
    for (let depth = 0; depth <= path.length; depth++) {
      const rows = typeof value === "object" && value !== null ? this.#rows.get(value) : undefined;
      if (rows !== undefined) {
        const field = path[depth];
        const row = rows.find(({ columns }) => typeof field === "string" && columns.has(field));
        const origin = row ?? rows[0];
        const column = row?.columns.get(String(field)) ?? origin?.columns.get("");
        if (origin !== undefined && column !== undefined) found = cellAt(origin, column);
      }
      const step = path[depth];
      if (step === undefined || typeof value !== "object" || value === null || !Object.hasOwn(value, step)) break;
      value = (value as Readonly<Record<string | number, unknown>>)[step];
    }
    return found;
  }
}

function cellAt({ path, sheet, row }: Origin, column: number): CellLocation {
  return { path, sheet, cell: `${columnName(column)}${row}` };
}
