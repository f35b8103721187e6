import { type Columns, columnsOf } from "./columns.ts";
import { text } from "./cells.ts";
import { KNOWN_COLUMNS } from "./known-columns.ts";
import type { Origin } from "./origins.ts";
import { OwnTexts } from "./own-text.ts";
import type { CellValue, SheetRow } from "./sheet-xml.ts";
import type { Tab, Table } from "./tables.ts";

/** A field of a record: the columns that may hold it (the first that the tab has), and how a cell is read. */
export interface FieldColumn {
  readonly columns: readonly string[];
  readonly read: (cell: CellValue) => unknown;
}

/** The fields that a tab gives, by their keys in the inventory. */
export type FieldColumns = Readonly<Record<string, FieldColumn>>;

export function field(read: FieldColumn["read"], ...columns: readonly string[]): FieldColumn {
  return { columns, read };
}

/** A row of a tab. */
export interface TabRow {
  /** The value of a column, blank where the tab does not have it. */
  cell(column: string): CellValue;
  hasColumn(column: string): boolean;
  /** The fields that are known, and nothing of the others. */
  fields(columns: FieldColumns): Record<string, unknown>;
  /** Where it stands, with the columns of those fields; null when that is not shown. */
  origin(key: string, columns: FieldColumns): Origin | null;
}

/** What was read of a tab. */
export interface TabSummary {
  readonly tab: Tab;
  readonly path: string;
  readonly sheet: string | null;
  readonly rows: number;
  /** Rows without the name that makes them rows: totals that somebody added. */
  readonly skipped: number;
  readonly unknownColumns: readonly string[];
  readonly isDatabaseDialect: boolean;
  /** Whether the tab has a column. */
  has(column: string): boolean;
}

/** Hands every row of a tab that has something in its key column to `each`. */
export async function readTab(table: Table, key: string, each: (row: TabRow) => void): Promise<TabSummary> {
  let columns: Columns | null = null;
  let rows = 0;
  let skipped = 0;
  const texts = new OwnTexts();
  for await (const batch of table.rows()) {
    for (const { number, cells } of batch) {
      if (columns === null) {
        columns = columnsOf(table.tab, cells, KNOWN_COLUMNS);
        continue;
      }
      const keyColumn = columns.indexOf(key);
      if (keyColumn === -1 || text(cells[keyColumn]) === undefined) {
        skipped += 1;
        continue;
      }
      rows += 1;
      each(rowOf(table, columns, { number, cells }, texts));
    }
  }
  const header = columns ?? columnsOf(table.tab, [], KNOWN_COLUMNS);
  return {
    tab: table.tab,
    path: table.path,
    sheet: table.sheet,
    rows,
    skipped,
    unknownColumns: header.unknown,
    isDatabaseDialect: header.isDatabaseDialect,
    has: (column) => header.indexOf(column) !== -1,
  };
}

function rowOf({ path, sheet }: Table, columns: Columns, { number, cells }: SheetRow, texts: OwnTexts): TabRow {
  const cellAt = (index: number): CellValue => {
    const value = cells[index];
    return typeof value === "string" ? texts.of(value) : value;
  };
  return {
    cell: (column) => cellAt(columns.indexOf(column)),
    hasColumn: (column) => columns.indexOf(column) !== -1,
    fields(wanted) {
      const record: Record<string, unknown> = {};
      for (const [name, at] of positions(columns, "", wanted)) {
        const value = wanted[name]?.read(cellAt(at));
        if (value !== undefined) record[name] = value;
      }
      return record;
    },
    origin: (key, wanted) =>
      sheet === null ? null : { path, sheet, row: number, columns: positions(columns, key, wanted) },
  };
}

/** Worked out once for each header and table of fields: an export has hundreds of thousands of rows. */
const memo = new WeakMap<Columns, Map<FieldColumns, Map<string, ReadonlyMap<string, number>>>>();

function positions(columns: Columns, key: string, wanted: FieldColumns): ReadonlyMap<string, number> {
  const byFields = memo.get(columns) ?? new Map<FieldColumns, Map<string, ReadonlyMap<string, number>>>();
  memo.set(columns, byFields);
  const byKey = byFields.get(wanted) ?? new Map<string, ReadonlyMap<string, number>>();
  byFields.set(wanted, byKey);
  let found = byKey.get(key);
  if (found === undefined) {
    const all = Object.entries(wanted).flatMap(([name, { columns: names }]) => {
      const at = names.map((column) => columns.indexOf(column)).find((index) => index !== -1);
      return at === undefined ? [] : [[name, at] as const];
    });
    const named = key === "" ? -1 : columns.indexOf(key);
    found = new Map(named === -1 ? all : [...all, ["", named], ["name", named]]);
    byKey.set(key, found);
  }
  return found;
}
