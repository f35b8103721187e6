import { createHash } from "node:crypto";
import { escapeForMessage } from "../../values/text/quoted.ts";
import { text, whyUnreadable } from "./cells.ts";
import { type Columns, columnsOf, keyOf } from "../content/columns.ts";
import { isKnownColumn } from "../content/known-columns.ts";
import { cellText, type Origin, packRanges } from "./origins.ts";
import { OwnTexts } from "../spreadsheet/own-text.ts";
import type { CellValue, SheetRow } from "../spreadsheet/sheet-xml.ts";
import { MOST_TITLE_ROWS } from "../spreadsheet/csv.ts";
import type { Tab, Table } from "../content/tables.ts";

/**
 * The meaning of a blank cell, if it has one: a source without data for a value also leaves its cell blank, as does
 * deleting the value. Without this, a blank is unknown.
 */
export interface BlankMeaning {
  readonly means: unknown;
  /** A column that must be filled in the same row, as proof that the source read the data. */
  readonly beside: string;
  /** Whether the value of that cell allows this meaning; by default any filled cell does. */
  readonly when?: (cell: CellValue) => boolean;
  /** Columns that are filled only if the blank one would be, too. */
  readonly contradictedBy?: readonly string[];
}

/** A field of a record: its possible columns (the first that the tab has), and the parser of its cell. */
export interface FieldColumn {
  readonly columns: readonly string[];
  readonly read: (cell: CellValue) => unknown;
  readonly blank?: BlankMeaning;
}

/** The fields from a tab, by their keys in the inventory. */
export type FieldColumns = Readonly<Record<string, FieldColumn>>;

export function field(read: FieldColumn["read"], ...columns: readonly string[]): FieldColumn {
  return { columns, read };
}

/** A field column whose blank cells have a meaning. */
export function blankable(read: FieldColumn["read"], column: string, blank: BlankMeaning): FieldColumn {
  return { columns: [column], read, blank };
}

/** A row of a tab. */
export interface TabRow {
  /** Its name; undefined in a row that is identified only by an id. */
  readonly name: string | undefined;
  /** The object and server of the row: equal for rows of one object. Null without an object id. */
  readonly object: string | null;
  /** The value of a column; blank if the tab does not have it. */
  cell(column: string): CellValue;
  hasColumn(column: string): boolean;
  /** Only the known fields. */
  fields(columns: FieldColumns, notes?: FieldNotes): Record<string, unknown>;
  /** Its source location, with the columns of those fields. */
  origin(columns: FieldColumns): Origin;
}

/** Receives notes on the fields of a row. */
interface FieldNotes {
  /** Why a filled cell has no usable value. */
  missing(field: string, reason: string): void;
  /** A blank cell implies a value because of the cell beside it, from which the fields `beside` are read. */
  implied(field: string, beside: readonly string[]): void;
}

/** Cells of a column that could not be read. */
interface UnreadableCells {
  readonly column: string;
  /** `vHost!K2`, or file and line. */
  readonly cell: string;
  readonly sample: string;
  readonly why: string;
  count: number;
}

/** The result of reading a tab. */
export interface TabSummary {
  readonly tab: Tab;
  readonly path: string;
  readonly sheet: string | null;
  readonly rows: number;
  /** Rows without a name that are totals. */
  readonly skipped: number;
  /** Rows without a name that are objects. */
  readonly unnamed: number;
  /** Why it cannot be read: `the vInfo tab has no column VM`; null if it can. */
  readonly problem: string | null;
  readonly titles: readonly string[];
  readonly unknownColumns: readonly string[];
  readonly unreadable: readonly UnreadableCells[];
  readonly isDatabaseDialect: boolean;
  /** Whether the tab has a column. */
  has(column: string): boolean;
}

export interface TabKey {
  /** The column that names a row. */
  readonly key: string;
  /** Columns that identify a row without a name. */
  readonly ids?: readonly string[];
}

/** Passes every identifiable row of a tab to `each`, and those without a name to `unnamed`. */
export async function readTab(
  table: Table,
  { key, ids = [] }: TabKey,
  each: (row: TabRow) => void,
  unnamed: (row: TabRow) => void = () => undefined,
): Promise<TabSummary> {
  let header: Header | null = null;
  const counts = { rows: 0, skipped: 0, unnamed: 0 };
  const unreadable = new Map<string, UnreadableCells>();
  const texts = new OwnTexts();
  let objectOf: (cells: readonly CellValue[]) => RowObject = () => NO_OBJECT;
  for await (const batch of table.rows()) {
    let rows = batch;
    if (header === null) {
      header = headerOf(table.tab, key, ids, batch);
      rows = batch.slice(header.rows);
      objectOf = objectsOf(header.columns);
    }
    const { columns, keyIndex, idIndexes } = header;
    if (header.problem !== null) {
      counts.unnamed += rows.length;
      continue;
    }
    for (const sheetRow of rows) {
      const { cells } = sheetRow;
      const { object, isRepetition } = objectOf(cells);
      const row = () => ({ ...rowOf(table, columns, keyIndex, sheetRow, texts, unreadable), object });
      const isNamed = text(cells[keyIndex]) !== undefined || idIndexes.some((at) => text(cells[at]) !== undefined);
      if (isHeaderAgain(cells, columns)) continue;
      if (isRepetition) counts.skipped += 1;
      else if (isNamed) {
        counts.rows += 1;
        each(row());
      } else if (isTotal(cells)) counts.skipped += 1;
      else {
        counts.unnamed += 1;
        unnamed(row());
      }
    }
  }
  const { columns, problem } = header ?? headerOf(table.tab, key, ids, []);
  return {
    ...counts,
    tab: table.tab,
    path: table.path,
    sheet: table.sheet,
    problem,
    titles: columns.titles,
    unknownColumns: problem === null ? columns.unknown : [],
    unreadable: [...unreadable.values()],
    isDatabaseDialect: columns.isDatabaseDialect,
    has: (column) => columns.indexOf(column) !== -1,
  };
}

interface Header {
  readonly columns: Columns;
  readonly keyIndex: number;
  readonly idIndexes: readonly number[];
  /** Number of rows up to the header, including the titles above it. */
  readonly rows: number;
  readonly problem: string | null;
}

/** The first row with the key column and other RVTools columns; people put titles above it. */
function headerOf(tab: Tab, key: string, ids: readonly string[], rows: readonly SheetRow[]): Header {
  const candidates = rows.slice(0, MOST_TITLE_ROWS).map(({ cells }, index) => {
    const columns = columnsOf(tab, cells, isKnownColumn);
    const filled = columns.titles.filter((title) => title !== "");
    const known = filled.length - columns.unknown.length;
    const name = keyOf(tab, key, columns);
    const isHeader = columns.isDatabaseDialect || known >= Math.min(2, filled.length);
    return { columns, index, known, name, isHeader };
  });
  const named = candidates.filter(({ name, isHeader }) => name !== null && isHeader);
  const found = named.find(({ name }) => name === key) ?? named[0];
  const idsOf = (columns: Columns) => ids.map((id) => columns.indexOf(id)).filter((at) => at !== -1);
  if (found?.name !== null && found !== undefined) {
    const { columns, index, name } = found;
    return {
      columns,
      keyIndex: columns.indexOf(name),
      idIndexes: idsOf(columns),
      rows: index + 1,
      problem: null,
    };
  }
  const best = candidates.reduce<(typeof candidates)[number] | null>(
    (most, candidate) => (candidate.known > (most?.known ?? 0) ? candidate : most),
    null,
  );
  const columns = best?.columns ?? columnsOf(tab, [], isKnownColumn);
  const idIndexes = idsOf(columns);
  const rowsOfHeader = best === null ? 0 : best.index + 1;
  if (idIndexes.length > 0) return { columns, keyIndex: -1, idIndexes, rows: rowsOfHeader, problem: null };
  const what = best === null ? "no header" : `no column ${key}`;
  return { columns, keyIndex: -1, idIndexes, rows: rowsOfHeader, problem: `the ${tab} tab has ${what}` };
}

/** The object of a row, if it has an object and a server. */
interface RowObject {
  /** Equal for rows of one object; null if the row does not identify it. */
  readonly object: string | null;
  /** Whether an identical row, cell for cell, was already read. */
  readonly isRepetition: boolean;
}

const NO_OBJECT: RowObject = { object: null, isRepetition: false };

/**
 * Identifies rows of one object of one server: two exports of one vCenter that were pasted together. Rows without an
 * object and a server are never considered the same.
 */
function objectsOf(columns: Columns): (cells: readonly CellValue[]) => RowObject {
  const server = columns.indexOf("VI SDK UUID");
  const object = columns.indexOf("Object ID") === -1 ? columns.indexOf("VM ID") : columns.indexOf("Object ID");
  const seen = new Set<string>();
  if (server === -1 || object === -1) return () => NO_OBJECT;
  return (cells) => {
    const [on, id] = [text(cells[server]), text(cells[object])];
    if (on === undefined || id === undefined) return NO_OBJECT;
    const digest = createHash("sha1").update(JSON.stringify(cells)).digest("base64");
    const isRepetition = seen.has(digest);
    seen.add(digest);
    return { object: `${on} ${id}`, isRepetition };
  };
}

/** Merged exports repeat the header at the start of each export. */
function isHeaderAgain(cells: readonly CellValue[], { titles }: Columns): boolean {
  return cells[0] === titles[0] && titles.every((title, index) => (text(cells[index]) ?? "") === title);
}

/** Whether a row without a name is a total: it contains only numbers, or is labeled as such. */
function isTotal(cells: readonly CellValue[]): boolean {
  const texts = cells.flatMap((cell) => (typeof cell === "number" ? [] : (text(cell) ?? [])));
  const words = texts.filter((value) => !/^[-\d.,'\s%]+$/.test(value));
  return (
    words.length === 0 || words.some((word) => /^(?:grand )?(?:totals?|sums?|summe|gesamt|total général)\b/i.test(word))
  );
}

function rowOf(
  { path, sheet, tab }: Table,
  columns: Columns,
  keyIndex: number,
  { number, cells, line, rangeOf }: SheetRow,
  texts: OwnTexts,
  unreadable: Map<string, UnreadableCells>,
): Omit<TabRow, "object"> {
  const cellAt = (index: number): CellValue => {
    const value = cells[index];
    return typeof value === "string" ? texts.of(value) : value;
  };
  const isFilled = (column: string) => text(cells[columns.indexOf(column)]) !== undefined;
  const allowsBlank = ({ beside, when, contradictedBy = [] }: BlankMeaning) =>
    isFilled(beside) && (when?.(cellAt(columns.indexOf(beside))) ?? true) && !contradictedBy.some(isFilled);
  const at = { path, sheet, row: number, line: line ?? number };
  return {
    name: text(cellAt(keyIndex)),
    cell: (column) => cellAt(columns.indexOf(column)),
    hasColumn: (column) => columns.indexOf(column) !== -1,
    fields(wanted, notes) {
      const record: Record<string, unknown> = {};
      for (const [name, index] of positions(columns, -1, wanted)) {
        const column = wanted[name];
        const cell = cellAt(index);
        const value = column?.read(cell);
        if (value !== undefined) record[name] = value;
        else if (column === undefined) continue;
        else if (text(cell) === undefined) {
          const { blank } = column;
          if (blank === undefined || !allowsBlank(blank)) continue;
          record[name] = blank.means;
          notes?.implied(name, fieldsOf(wanted, blank.beside));
        } else if (Number(cell) !== 0) {
          const title = columns.titles[index] ?? "";
          const sample = escapeForMessage(text(cell) ?? "").slice(0, 40);
          const place = cellText(at, index, rangeOf?.(index) ?? null);
          const why = whyUnreadable(column.read);
          const known = unreadable.get(title);
          if (known === undefined) unreadable.set(title, { column: title, cell: place, sample, why, count: 1 });
          else known.count += 1;
          notes?.missing(name, `${place} (${tab}, ${title}) contains "${sample}", ${why}`);
        }
      }
      return record;
    },
    origin(wanted) {
      const found = positions(columns, keyIndex, wanted);
      if (rangeOf === undefined) return { ...at, columns: found };
      return { ...at, columns: found, ranges: packRanges(at.line, found, rangeOf) };
    },
  };
}

/** The fields read from a column. */
function fieldsOf(wanted: FieldColumns, column: string): readonly string[] {
  return Object.entries(wanted).flatMap(([name, { columns }]) => (columns.includes(column) ? [name] : []));
}

/** Computed once for each header and table of fields: an export has hundreds of thousands of rows. */
const memo = new WeakMap<Columns, Map<FieldColumns, Map<number, ReadonlyMap<string, number>>>>();

function positions(columns: Columns, keyIndex: number, wanted: FieldColumns): ReadonlyMap<string, number> {
  const byFields = memo.get(columns) ?? new Map<FieldColumns, Map<number, ReadonlyMap<string, number>>>();
  memo.set(columns, byFields);
  const byKey = byFields.get(wanted) ?? new Map<number, ReadonlyMap<string, number>>();
  byFields.set(wanted, byKey);
  let found = byKey.get(keyIndex);
  if (found === undefined) {
    const all = Object.entries(wanted).flatMap(([name, { columns: names }]) => {
      const at = names.map((column) => columns.indexOf(column)).find((index) => index !== -1);
      return at === undefined ? [] : [[name, at] as const];
    });
    found = new Map(keyIndex === -1 ? all : [...all, ["", keyIndex], ["name", keyIndex]]);
    byKey.set(keyIndex, found);
  }
  return found;
}
